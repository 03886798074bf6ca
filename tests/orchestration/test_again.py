"""What was judged by a delivery that came late, or was taken back, is judged again: only that."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ingestion.delivery import Account, Status
from orchestration.city import City
from orchestration.flows.again import ACTION
from orchestration.flows.collect import collect, waiting
from orchestration.flows.collected import Collected
from orchestration.flows.pins import rows_in_force
from orchestration.flows.rebuild import Wish, rebuild
from orchestration.flows.release import release_raw, unreleased
from orchestration.flows.verify import verify_lake
from registry import audit, deliveries, judgements, verdicts
from registry.deliveries import Record
from tests.orchestration.flows import AS_OF, COMPARED, DATED, FLOW, lay
from tests.orchestration.loop import answer
from tests.orchestration.town import NOW, PARK, VISIT, stored, take_in, town
from tests.orchestration.town import lay as lay_town

OPEN = ",520102,2026-01-01,,1"


def come(city: City, day: int, *rows: str, after: int = 0) -> list[Collected]:
    """Let the readings of a day come, so many minutes after the others."""
    lay(
        city,
        "flow",
        f"flow_202603{day:02}.csv",
        *(f"{r[:2]},2026-03-{day:02}{r[2:]}" for r in rows),
    )
    return list(collect(city, "flow", now=NOW + dt.timedelta(minutes=after)))


def record(city: City, name: str, resource: str = "flow") -> Record:
    """Return the delivery of that file name."""
    found = deliveries.all_of(city.registry, resource)
    return next(r for r in found if r.delivery.file_name == name)


def account(city: City, name: str, resource: str = "flow") -> Account:
    """Return the account of the delivery of that file name."""
    outcome = record(city, name, resource).outcome
    assert outcome is not None
    return outcome.account


def judged(city: City, resource: str = "flow") -> dict[str, int]:
    """Count the verdicts on each delivery, by file name."""
    told = [one.delivery for one in verdicts.for_subject(city.registry, f"raw.{resource}")]
    every = deliveries.all_of(city.registry, resource)
    return {r.delivery.file_name: told.count(r.delivery.id) for r in every}


def whole(city: City) -> None:
    """Hold accounts against bytes and tables, and tables against the archive judged anew."""
    found = verify_lake(city)
    assert found.ok, found.problems
    assert judgements.stirred(city.registry) == ()
    again = rebuild(city, (), Wish(check=True), now=NOW)
    assert [one.differences for one in again if one.fate != "identical"] == []


@pytest.fixture
def city(tmp_path: Path) -> City:
    """Return a town with two parks whose meters were read on the first day and from the third."""
    built = town(tmp_path, AS_OF, FLOW)
    lay(built, "park", "park_2020.csv", f"P1{OPEN}", f"P2{OPEN}")
    take_in(built)
    for day in (1, 3, 4, 5):
        done = come(built, day, f"P1,{10 * day},", f"P2,{10 * day},", after=day)
        assert [one.outcome for one in done] == ["accepted"]
    return built


def test_a_late_reading_is_judged_by_the_day_before_and_judges_the_day_after(city: City):
    late, again = come(city, 2, "P1,35,", "P2,20,", after=60)
    assert (late.outcome, late.account) == ("accepted", Account(2, 2, 0, 0))
    assert (again.outcome, again.file_name) == ("judged_again", "flow_20260303.csv")
    assert again.message == (
        "accepted: accepted 2 → 1, quarantined 0 → 1, since other deliveries count than before"
    )
    assert account(city, "flow_20260303.csv") == Account(2, 1, 1, 0)
    whole(city)


def test_only_what_follows_a_late_reading_is_judged_again(city: City):
    come(city, 2, "P1,20,", "P2,20,", after=60)
    assert set(judged(city).values()) == {1}, "the next day says the same of itself"
    come(city, 6, "P1,60,", "P2,60,", after=61)
    lay(city, "flow", "flow_20260302.correction1.csv", "P1,2026-03-02,45,", "P2,2026-03-02,20,")
    done = list(collect(city, "flow", now=NOW + dt.timedelta(minutes=62)))
    assert [one.file_name for one in done if one.outcome == "judged_again"] == [
        "flow_20260303.csv",
        "flow_20260304.csv",
    ]
    (city.settings.inbox / "flow" / "flow_20260302.withdrawal").touch()
    back = list(collect(city, "flow", now=NOW + dt.timedelta(minutes=63)))
    assert [one.file_name for one in back] == [
        "flow_20260302.withdrawal",
        "flow_20260303.csv",
        "flow_20260304.csv",
    ]
    assert account(city, "flow_20260304.csv") == Account(2, 2, 0, 0)
    assert judged(city)["flow_20260305.csv"] == 1
    whole(city)


def test_deliveries_taken_in_their_order_are_judged_once(city: City):
    for day in (6, 7, 8):
        lay(city, "flow", f"flow_2026030{day}.csv", f"P1,2026-03-0{day},{10 * day},")
    assert len(list(collect(city, "flow", now=NOW + dt.timedelta(minutes=60)))) == 3
    assert set(judged(city).values()) == {1}
    assert judgements.stirred(city.registry) == ()


def test_what_was_said_before_is_kept_with_what_it_was_judged_again_for(city: City):
    late, _ = come(city, 2, "P1,35,", "P2,20,", after=60)
    after = record(city, "flow_20260303.csv")
    ((told,),) = judgements.history(city.registry).values()
    assert (told.delivery, told.causes) == (after.delivery.id, (late.delivery,))
    assert (told.before.status, told.before.account) == (Status.ACCEPTED, Account(2, 2, 0, 0))
    (event,) = [s.event for s in audit.events(city.registry) if s.event.action == ACTION]
    assert event.detail["before"]["accepted"] == 2
    assert event.detail["after"]["accepted"] == 1
    assert event.detail["causes"] == [late.delivery]


def test_the_release_follows_and_a_kill_before_it_is_seen(city: City):
    release_raw(city, "flow", now=NOW)
    come(city, 2, "P1,35,", "P2,20,", after=60)
    assert unreleased(city) == ("park",)
    after = record(city, "flow_20260303.csv").delivery.id
    rows = rows_in_force(city, "flow")
    assert rows is not None
    assert rows.collect()["_delivery"].to_list().count(after) == 1


def test_rows_without_their_reference_are_accepted_once_it_comes(tmp_path: Path):
    city = town(tmp_path, PARK, VISIT.replace("quality:\n", "quality:\n  max_quarantine: 60%\n"))
    lay_town(city, "park", "park_202601.csv", "P1,520102,1")
    take_in(city)
    lay_town(city, "visit", "visit_20260301.csv", "V1,P1", "V2,P2", "V3,P9")
    lay_town(city, "visit", "visit_20260302.csv", "V4,P2", "V5,P2", "V6,P1")
    lay_town(city, "visit", "visit_20260303.csv", "V7,P1", "V8,P9")
    outcomes = [one.outcome for one in take_in(city, "visit")]
    assert outcomes == ["refused", "refused", "accepted"]
    lay_town(city, "park", "park_202602.csv", "P2,520102,1")
    told = take_in(city, now=NOW + dt.timedelta(hours=2))
    assert [(one.resource, one.file_name) for one in told[1:]] == [
        ("visit", "visit_20260301.csv"),
        ("visit", "visit_20260302.csv"),
    ]
    assert account(city, "visit_20260301.csv", "visit") == Account(3, 2, 1, 0)
    assert account(city, "visit_20260302.csv", "visit") == Account(3, 3, 0, 0)
    assert stored(city, "quarantine", "visit") == 2
    whole(city)
    (city.settings.inbox / "park" / "park_202602.withdrawal").touch()
    take_in(city, now=NOW + dt.timedelta(hours=3))
    assert account(city, "visit_20260302.csv", "visit") == Account(3, 0, 3, 0)
    assert record(city, "visit_20260302.csv", "visit").status is Status.REFUSED
    whole(city)


def test_a_period_that_turns_out_to_have_ended_refuses_rows_after_it(tmp_path: Path):
    city = town(tmp_path, AS_OF, DATED)
    lay(city, "park", "park_202601.csv", f"P1{OPEN}", f"P2{OPEN}")
    take_in(city)
    for day in (1, 2, 3):
        come(city, day, f"P1,{day},", f"P2,{day},", after=day)
    lay(city, "park", "park_202602.csv", "P1,520102,2026-01-01,2026-03-02,1")
    told = take_in(city, now=NOW + dt.timedelta(hours=2))
    assert [one.file_name for one in told] == ["park_202602.csv", "flow_20260303.csv"]
    assert account(city, "flow_20260303.csv") == Account(2, 1, 1, 0)
    whole(city)


def test_a_delivery_unlike_a_late_one_is_refused_as_if_it_had_been_known(tmp_path: Path):
    city = town(tmp_path, AS_OF, COMPARED)
    lay(city, "park", "park_202601.csv", *(f"P{n}{OPEN}" for n in range(1, 6)))
    take_in(city)
    for day, parks in ((1, 5), (3, 3)):
        come(city, day, *(f"P{n},{day}," for n in range(1, parks + 1)), after=day)
    assert account(city, "flow_20260303.csv").accepted == 3
    lay(city, "flow", "flow_20260301.correction1.csv", *(f"P{n},2026-03-01,1," for n in (1, 2)))
    told = list(collect(city, "flow", now=NOW + dt.timedelta(hours=2)))
    assert [(one.file_name, one.outcome) for one in told] == [
        ("flow_20260301.correction1.csv", "accepted"),
        ("flow_20260303.csv", "judged_again"),
    ]
    assert record(city, "flow_20260303.csv").status is Status.REFUSED
    whole(city)


def test_what_a_correction_corrects_takes_no_place_in_its_past(tmp_path: Path):
    city = town(tmp_path, AS_OF, COMPARED)
    parks = ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "Q1", "Q2", "Q3", "Q4"]
    lay(city, "park", "park_202601.csv", *(f"{park}{OPEN}" for park in parks))
    take_in(city)
    for day, metered in ((1, parks[-4:]), (2, parks[:5]), (3, parks[:5])):
        come(city, day, *(f"{park},{day}," for park in metered), after=day)
    again = "flow_20260303.correction1.csv"
    lay(city, "flow", again, *(f"{park},2026-03-03,3," for park in parks[:7]))
    list(collect(city, "flow", now=NOW + dt.timedelta(hours=1)))
    assert record(city, again).status is Status.REFUSED  # 7 rows after 4 and 5
    (city.settings.inbox / "flow" / "flow_20260301.withdrawal").touch()
    list(collect(city, "flow", now=NOW + dt.timedelta(hours=2)))
    assert account(city, again).accepted == 7  # after 5
    assert not record(city, "flow_20260303.csv").in_force
    whole(city)


def test_a_record_that_its_unit_corrected_stays_as_corrected(tmp_path: Path):
    city = town(tmp_path, PARK, VISIT.replace("quality:\n", "quality:\n  max_quarantine: 90%\n"))
    lay_town(city, "park", "park_202601.csv", "P1,520102,1")
    take_in(city)
    lay_town(city, "visit", "visit_20260301.csv", "V1,P1", "V2,P2", "V3,P2")
    take_in(city, "visit")
    answer(city, {"2": {"公园编号": "P1"}}, resource="visit")
    take_in(city, "visit", now=NOW + dt.timedelta(hours=1))
    lay_town(city, "park", "park_202602.csv", "P2,520102,1")
    take_in(city, now=NOW + dt.timedelta(hours=2))
    assert account(city, "visit_20260301.csv", "visit") == Account(3, 2, 1, 0)
    rows = rows_in_force(city, "visit")
    assert rows is not None
    shown = dict(rows.select("visit_id", "park_id").collect().iter_rows())
    assert shown == {"V1": "P1", "V2": "P1", "V3": "P2"}
    whole(city)


def test_what_a_killed_run_had_not_followed_up_is_done_by_the_next(city: City):
    lay(city, "flow", "flow_20260302.csv", "P1,2026-03-02,35,")
    killed = collect(city, "flow", now=NOW + dt.timedelta(minutes=60))
    assert next(killed).outcome == "accepted"
    killed.close()
    assert waiting(city) == ("flow",)
    (again,) = collect(city, "flow", now=NOW + dt.timedelta(minutes=61))
    assert (again.file_name, again.outcome) == ("flow_20260303.csv", "judged_again")
    assert waiting(city) == ()
    whole(city)
