"""A named officer answers for a rule: rows that break it alone are accepted, with evidence."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from lake.errors import LakeError
from orchestration.city import City
from orchestration.flows.mending import ages, standings
from orchestration.flows.plea import Plea
from orchestration.flows.refused import show_refused
from orchestration.flows.waive import waive
from registry import audit
from registry.error import RegistryError
from tests.orchestration.loop import holds, states
from tests.orchestration.town import LATER, NOW, lay, parks, take_in, town

OFFICER = "示例首席数据官04"
PLEA = Plea(
    resource="park",
    rule="out_of_range:area_m2",
    officer=OFFICER,
    reason="面积待核",
    valid_from=dt.date(2026, 1, 1),
    valid_until=dt.date(2026, 2, 28),
)
ROWS = ("P1,520102,5", "P2,520102,-2", "X3,520102,-3", "P4,520102,4", "P5,520102,5")


@pytest.fixture
def city(tmp_path: Path) -> City:
    built = town(tmp_path)
    lay(built, "park", "park_202601.csv", *ROWS)
    take_in(built)
    return built


def test_rows_that_broke_the_rule_alone_are_accepted_now(city) -> None:
    waiver, done = waive(city, PLEA, now=LATER)
    assert [one.account.accepted for one in done] == [1]
    assert parks(city) == {"P1": 5, "P2": -2, "P4": 4, "P5": 5}
    assert states(city) == {2: "waived", 3: "open"}
    (shown,) = show_refused(city, "park", limit=9, state="waived")
    assert shown["officer"] == OFFICER
    (sealed,) = audit.events(city.registry, subject="raw.park")
    assert (sealed.event.actor, sealed.event.action) == (OFFICER, "quarantine.waived")
    assert sealed.event.detail["reason"] == waiver.reason
    assert holds(city)


def test_deliveries_of_the_period_are_judged_without_the_rule_and_others_with_it(city) -> None:
    waive(city, PLEA, now=LATER)
    lay(city, "park", "park_202602.csv", "P6,520102,-6", "P7,520102,7")
    lay(city, "park", "park_202603.csv", "P8,520102,-8", "P9,520102,9")
    done = take_in(city, now=LATER + dt.timedelta(hours=1))
    assert [one.account.accepted for one in done] == [2, 1]
    (warned,) = [r for r in done[0].verdict.rules if r.failed]
    assert (warned.rule, warned.severity) == (PLEA.rule, "warn")
    assert holds(city)


def test_a_waiver_of_one_delivery_speaks_of_no_other(city) -> None:
    (first,) = {row["delivery"] for row in show_refused(city, "park", limit=1)}
    lay(city, "park", "park_202602.csv", "P6,520102,-6", "P7,520102,7")
    take_in(city)
    scope = replace(PLEA, valid_from=None, valid_until=None, delivery=first)
    _, done = waive(city, scope, now=LATER)
    assert [one.account.accepted for one in done] == [1]
    assert "P6" not in parks(city)


def test_the_same_act_again_changes_nothing(city) -> None:
    waive(city, PLEA, now=LATER)
    _, done = waive(city, PLEA, now=LATER + dt.timedelta(hours=1))
    assert done == ()
    assert len(audit.events(city.registry, subject="raw.park")) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"officer": "路人"}, "is not the chief data officer of guiyang_housing"),
        ({"officer": "示例首席数据官05"}, "is not the chief data officer"),
        ({"rule": "null_key:park_id"}, "cannot be waived"),
        ({"rule": "duplicate_key:park_id"}, "cannot be waived"),
        ({"rule": "wrong_type:area_m2"}, "cannot be waived"),
        ({"rule": "ragged"}, "cannot be waived"),
        ({"rule": "out_of_range:area"}, "did you mean"),
        ({"reason": " "}, "needs a reason"),
        ({"valid_until": None}, "give both --from and --until"),
        ({"valid_until": dt.date(2025, 1, 1)}, "is before --from"),
        ({"valid_from": None, "valid_until": None}, "name either one delivery, or a period"),
        ({"resource": "prak"}, "no such resource"),
        ({"valid_from": None, "valid_until": None, "delivery": "x"}, "has no delivery x"),
    ],
)
def test_what_may_not_be_waived_is_refused_in_one_line(changes, said, city) -> None:
    try:
        with pytest.raises((RegistryError, LakeError), match=said):
            waive(city, replace(PLEA, **changes), now=LATER)
    finally:
        assert audit.events(city.registry, subject="raw.park") == ()
    assert set(states(city).values()) == {"open"}


def test_open_records_have_an_age_by_rule(city) -> None:
    found = {one.rule: one for one in ages(city, now=NOW + dt.timedelta(days=3))}
    assert {rule: one.rows for rule, one in found.items()} == {
        "out_of_range:area_m2": 2,
        "pattern:park_id": 1,
    }
    one = found["pattern:park_id"]
    assert (one.unit, one.resource, one.days) == ("guiyang_housing", "park", 3)


def test_nothing_is_refused_of_a_resource_that_never_came(tmp_path: Path) -> None:
    empty = town(tmp_path)
    assert standings(empty, "park") is None
    assert list(ages(empty, now=NOW)) == []
