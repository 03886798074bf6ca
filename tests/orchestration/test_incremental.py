"""Models read and replace only the periods that changed, and are what a full rebuild gives."""

from __future__ import annotations

import random

import pytest
from deltalake import DeltaTable
from polars.testing import assert_frame_equal

from orchestration.city import City
from orchestration.flows.part import Whole, made_of, part_of
from orchestration.flows.upkeep import compact_tables
from orchestration.graph import read_models
from registry import releases, verdicts
from tests.orchestration.meters import (
    BILLED,
    BODIES,
    BY_BODY,
    DAILY,
    MONTHLY,
    anew,
    bill,
    build_chain,
    happen,
    meter_town,
    read,
    released,
    settle,
)
from tests.orchestration.town import NOW

# dbt is parsed once a process, which takes seconds: one worker for all of these.
pytestmark = pytest.mark.xdist_group("dbt")
TEN_DAYS = [(meter, day, 5) for meter in range(1, 4) for day in range(10)]


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> City:
    """Return a city with ten days built; each test adds days of its own."""
    city = meter_town(tmp_path_factory.mktemp("meters"))
    read(city, "20260101", *TEN_DAYS)
    assert [one.outcome for one in build_chain(city)] == ["released", "released"]
    return city


def version(city: City, name: str = "daily_usage") -> int:
    found = releases.released(city.registry, city.entry(name).zone, name)
    assert found is not None
    return found.release.version


def files(city: City, at: int) -> set[str]:
    return set(DeltaTable(city.lake.uri("base", "daily_usage"), version=at).file_uris())


def test_one_more_day_adds_its_file_and_leaves_the_others_alone(city) -> None:
    before, rows = version(city), released(city, "daily_usage").height
    read(city, "20260201", (1, 31, 7), (2, 31, 7))
    built = build_chain(city)
    assert [one.outcome for one in built] == ["released", "released"]
    assert built[0].rows == rows + 2
    assert "read_on: 1 built anew" in built[0].message
    old, new = files(city, before), files(city, version(city))
    assert (old < new, len(new - old)) == (True, 1)


def test_the_verdict_on_a_part_says_what_was_judged(city) -> None:
    before, rows = version(city), released(city, "daily_usage").height
    read(city, "20260202", (1, 32, 7))
    build_chain(city)
    kept = verdicts.latest(city.registry, "base.daily_usage")
    assert kept is not None
    assert (kept.verdict.passed, kept.verdict.rows) == (True, rows + 1)
    assert kept.verdict.document["scope"] == {
        "period": "read_on",
        "judged": ["2026-02-02"],
        "rows": 1,
        "others": f"as judged up to version {before}",
    }


def test_upkeep_leaves_the_files_of_periods_as_they_are(city) -> None:
    before = files(city, version(city))
    compact_tables(city, (), now=NOW)
    assert files(city, city.lake.version("base", "daily_usage")) == before


def test_a_delivery_taken_back_before_a_build_changes_no_version(city) -> None:
    read(city, "20260203", (1, 33, 7))
    read(city, "20260203")
    assert {one.outcome for one in build_chain(city)} == {"unchanged"}


def test_a_day_whose_readings_are_all_withdrawn_is_gone(city) -> None:
    before = released(city, "daily_usage")
    read(city, "20260204", (1, 34, 7))
    build_chain(city)
    read(city, "20260204")
    build_chain(city)
    assert_frame_equal(released(city, "daily_usage"), before)


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 3, 4))])
def test_any_order_of_late_corrected_and_withdrawn_gives_what_a_rebuild_gives(
    tmp_path, seed
) -> None:
    city, dice, standing = meter_town(tmp_path), random.Random(seed), {}
    read(city, "20260101", *TEN_DAYS)
    build_chain(city, DAILY)
    said, parts = [], 0
    for step in range(4):
        said += [happen(city, dice, standing, 2 * step + n) for n in range(2)]
        built = build_chain(city, DAILY)
        assert {one.outcome for one in built} <= {"released", "unchanged"}, said
        parts += "built anew" in built[0].message
    assert parts > 2, said
    for name in DAILY:
        assert_frame_equal(released(city, name), anew(city, name))


def test_months_of_bills_are_what_a_rebuild_gives(city) -> None:
    for number, month in enumerate(("2026-01", "2026-02", "2026-03")):
        bill(city, f"20260{number + 1}", *[(who, month, who) for who in range(1, 4)])
    build_chain(city, MONTHLY)
    bill(city, "202602.correction1", (1, "2026-02", 50), (4, "2026-02", 7))
    bill(city, "202601_late", (2, "2026-01", 99), (5, "2026-01", 1))
    bill(city, "202604", (1, "2026-04", 9))
    bill(city, "202601_late")
    built = build_chain(city, MONTHLY)
    followers = [one for one in built if one.name in BILLED]
    assert ["month: 2 built anew" in one.message for one in followers] == [True] * 2, built
    for name in MONTHLY:
        assert_frame_equal(released(city, name), anew(city, name))


def test_months_of_bodies_are_what_a_rebuild_gives(tmp_path) -> None:
    city = meter_town(tmp_path)
    codes = settle(city, a1=0, a2=0, a3=1, a4=None)
    for number, month in enumerate(("2026-01", "2026-02", "2026-03")):
        bill(city, f"20260{number + 1}", *[(who, month, who) for who in range(1, 6)])
    first = build_chain(city, (*BODIES, *BY_BODY))
    assert {one.outcome for one in first} == {"released"}, [one.line for one in first]
    bill(city, "202602.correction1", (1, "2026-02", 50), (4, "2026-02", 7))
    bill(city, "202601_late", (2, "2026-01", 99), (3, "2026-01", 1))
    bill(city, "202604", (3, "2026-04", 9))
    bill(city, "202601_late")
    lines = [one.line for one in build_chain(city, BY_BODY)]
    assert ["month: 2 built anew" in line for line in lines] == [True] * 2, lines
    found = released(city, BY_BODY[-1])
    assert_frame_equal(found, anew(city, BY_BODY[-1]))
    used = dict(found.filter(month="2026-02").select("enterprise", "water_m3").iter_rows())
    assert used == {codes[0]: 50, "unresolved": 7}, used
    assert set(found.filter(month="2026-04")["enterprise"]) == {codes[1]}


def test_what_cannot_be_done_in_part_is_done_whole_and_says_why(tmp_path) -> None:
    city = meter_town(tmp_path)
    model = read_models(city.catalog)["daily_usage"]

    def why() -> str:
        part = part_of(city, model, made_of(city, model))
        return part.why if isinstance(part, Whole) else "in part"

    assert why() == "it was never released"
    read(city, "20260101", *TEN_DAYS)
    build_chain(city)
    read(city, "20260102", *[(1, day, 9) for day in range(9)])
    assert why() == "9 periods changed, which is more than half of it"
    read(city, "20260102")
    read(city, "20260111", (1, 10, 7))
    assert why() == "in part"
    anew(city, "daily_usage")
    assert why() == "another version lies on the released one (0)"
