"""What units deliver is scored over time, and what waits to be mended has an age."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from orchestration.flows.ask import ask
from orchestration.flows.status import read_status
from orchestration.flows.supervise import supervise
from orchestration.run import run
from tests.orchestration.loop import answer, only
from tests.orchestration.town import LATER, NOW, lay, take_in, town

SCORES = "select resource, month, score, quarantined, mended from supervision.quality_score"
AGES = "select rule, rows, days from supervision.quarantine_age order by rule"


def test_both_tables_follow_what_happened_and_are_read_by_a_query(tmp_path: Path) -> None:
    city = town(tmp_path)
    assert ask(city, SCORES).rows == []
    lay(city, "park", "park_202601.csv", "P1,520102,5", "X2,520102,7", "P3,520102,8")
    take_in(city)
    supervise(city, now=NOW)
    before = ask(city, SCORES).rows
    assert [(row["resource"], row["month"]) for row in before] == [
        ("park", "2026-01"),
        (None, "2026-01"),
    ]
    assert ask(city, AGES).rows == [{"rule": "pattern:park_id", "rows": 1, "days": 0}]
    supervise(city, now=NOW + dt.timedelta(minutes=1))
    assert city.lake.version("supervision", "quality_score") == 0, "nothing new is not written"
    supervise(city, now=NOW + dt.timedelta(days=2))
    assert ask(city, AGES).rows == [{"rule": "pattern:park_id", "rows": 1, "days": 2}]
    answer(city, {"2": {"公园编号": "P2"}})
    assert only(take_in(city, now=LATER)).account.accepted == 1
    supervise(city, now=LATER)
    after = ask(city, SCORES).rows
    assert after[0]["score"] > before[0]["score"]
    assert (after[0]["quarantined"], after[0]["mended"]) == (1, 1)
    assert ask(city, AGES).rows == []


def test_status_says_what_is_to_be_mended_and_since_when(tmp_path: Path) -> None:
    city = town(tmp_path)
    lay(city, "park", "park_202601.csv", "P1,520102,5", "X2,520102,-7", "P3,520102,8")
    take_in(city)
    (park,) = read_status(city, now=NOW + dt.timedelta(days=3)).resources
    assert (park["to_mend"], park["oldest_days"]) == (1, 3)
    assert 0 < park["score"] < 100


def test_nothing_is_read_again_while_nothing_is_new(tmp_path: Path) -> None:
    city = town(tmp_path)
    lay(city, "park", "park_202601.csv", "P1,520102,5", "X2,520102,7")
    take_in(city)
    supervise(city, now=NOW)
    quarantine = city.settings.home / "lake" / "quarantine" / "park"
    away = quarantine.rename(quarantine.with_name("away"))
    supervise(city, now=LATER)
    away.rename(quarantine)
    assert ask(city, AGES).rows == [{"rule": "pattern:park_id", "rows": 1, "days": 0}]


def test_a_run_writes_what_one_that_was_killed_left_out(tmp_path: Path) -> None:
    city = town(tmp_path)
    lay(city, "park", "park_202601.csv", "P1,520102,5", "X2,520102,7", "P3,520102,8")
    take_in(city)
    assert run(city, (), report=lambda _: None).is_empty
    assert ask(city, AGES).rows
    version = city.lake.version("supervision", "quarantine_age")
    assert run(city, (), report=lambda _: None).is_empty
    assert city.lake.version("supervision", "quarantine_age") == version
