"""One more period flows back as itself, and what districts have is what a full return gives."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from lake.model import FEW_ROWS
from lake.slices import At, stored
from orchestration.flows import crossing
from orchestration.flows.backflow import backflow
from orchestration.flows.crossing import recipient_table
from orchestration.flows.verify import verify_lake
from registry import audit
from sharing.package import read_package
from tests.orchestration.spots import SPOT, Spots, date, due, one_day
from tests.orchestration.town import LATER, again, moved, town

pytestmark = pytest.mark.xdist_group("reflow")


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Spots:
    """Return a table of ten days that flowed back once."""
    dice = random.Random(0)
    found = Spots(town(tmp_path_factory.mktemp("spots"), SPOT))
    found.release({day: one_day(dice) for day in range(10)})
    return found


@pytest.fixture
def spots(returned: Spots, tmp_path: Path) -> Spots:
    """Return a copy of it, to be changed."""
    return Spots(moved(returned.city, tmp_path / "home"), dict(returned.days), returned.step)


def test_one_more_day_crosses_alone(spots: Spots) -> None:
    done = spots.release({10: [(1, "520102", 5), (2, "520100", 6)]})
    assert (done.outcome, done.balanced) == ("returned", True)
    assert done.message.endswith("(day: 1 anew)")
    folder = spots.city.settings.outbox / "520102" / "spot" / "2"
    manifest = read_package(folder).manifest
    assert manifest.data is not None
    assert manifest.data.rows == 1
    assert manifest.periods is not None
    assert (manifest.periods.values, manifest.periods.since) == (("2026-01-11",), 1)
    assert spots.has("520102") == due(spots, "520102")
    assert verify_lake(spots.city).ok


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 9))]
)
def test_any_changes_of_days_leave_what_a_full_return_leaves(spots: Spots, seed: int) -> None:
    dice, parts = random.Random(seed), 0
    for _ in range(4):
        days = dice.sample(range(14), dice.randrange(1, 4))
        changed = {day: one_day(dice) if dice.random() < 0.8 else [] for day in days}
        done = spots.release(changed)
        parts += "anew" in done.message
        assert done.balanced
        assert done.released == spots.rows().height
        for district in ("520102", "520103", "520111"):
            assert spots.has(district) == due(spots, district)
    assert parts >= 2
    for district in ("520102", "520103"):
        assert len(spots.packages(district)) == len(due(spots, district))
    assert verify_lake(spots.city).ok
    assert audit.verify(spots.city.registry).ok


def test_a_day_that_moves_to_another_district_leaves_the_first(spots: Spots) -> None:
    spots.release({10: [(1, "520102", 5)]})
    spots.release({10: [(1, "520103", 5)]})
    assert not [row for row in spots.has("520102") if row[0] == date(10)]
    assert [row for row in spots.has("520103") if row[0] == date(10)] == [
        (date(10), 1, "520103", 5)
    ]


def test_rows_withheld_in_a_day_that_changed_are_counted_anew(spots: Spots) -> None:
    before = spots.release({10: [(1, "520100", 5), (2, None, 5)]}).withheld
    after = spots.release({10: [(1, "520102", 5)]}).withheld
    assert before["above_district"] == after["above_district"] + 1
    assert before["no_division"] == after["no_division"] + 1


def test_a_run_that_was_killed_ends_as_if_it_had_not_been(
    spots: Spots, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter(range(3))

    def record(*words: object, **more: object) -> None:
        if next(times, None) is None:
            raise KeyboardInterrupt
        crossing.record(*words, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("orchestration.flows.backflow.record", record)
        with pytest.raises(KeyboardInterrupt):
            spots.release({10: [(1, "520113", 5), (2, "520102", 6)]})
    done = backflow(again(spots.city), "spot", now=LATER)
    assert (done.balanced, done.message.endswith("(day: 1 anew)")) == (True, True)
    for district in ("520102", "520103", "520113"):
        assert spots.has(district) == due(spots, district)
    assert verify_lake(spots.city).ok


def test_a_table_that_someone_wrote_to_is_returned_whole(spots: Spots) -> None:
    table = recipient_table("spot", "520102")
    newest = spots.city.lake.version("backflow", table)
    schema = spots.city.lake.scan("backflow", table).collect_schema()
    spots.city.lake.commit(
        "backflow", table, [], schema=dict(schema), action="x", metadata={}, mode="overwrite"
    )
    assert spots.city.lake.version("backflow", table) != newest
    done = spots.release({10: [(1, "520102", 5)]})
    assert "anew" not in done.message
    assert spots.has("520102") == due(spots, "520102")


def test_large_files_of_other_days_stay_where_they_are(
    spots: Spots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.flows.reflow.FEW_ROWS", 0)
    assert FEW_ROWS > 0
    lake, table = spots.city.lake, recipient_table("spot", "520102")

    def paths() -> set[str]:
        at = At("backflow", table, lake.version("backflow", table) or 0)
        return {file.path for file in stored(lake, at, "day")}

    before = paths()
    spots.release({10: [(1, "520102", 5)]})
    assert before < paths()
    assert spots.has("520102") == due(spots, "520102")
