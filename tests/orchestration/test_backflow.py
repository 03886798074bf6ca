"""Each district gets its own rows once; what goes to nobody is counted under its reason."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from orchestration.city import City
from orchestration.flows.backflow import backflow, undelivered
from orchestration.flows.crossing import recipient_table
from orchestration.flows.release import release_raw
from orchestration.flows.trace import trace_row
from orchestration.flows.verify import verify_lake
from registry import audit, crossings
from sharing.package import verify_package
from tests.orchestration.town import LATER, NOW, PARK, VISIT, again, lay, take_in, town

CLASSIFIED = (
    PARK.replace("level: 1", "level: core")
    .replace("sharing: {type: unconditional}", "sharing: {type: none, legal_basis: 示例}")
    .replace("opening: {type: unconditional}", "opening: {type: none, legal_basis: 示例}")
)
ROWS = ("P1,520102,100", "P2,520103,200", "P3,520102016,300")


def delivered(city: City, *rows: str, name: str = "park_202601.csv") -> City:
    lay(city, "park", name, *rows)
    take_in(city)
    release_raw(city, "park", now=NOW)
    return city


def received(city: City, district: str) -> list[str]:
    """Return the parks in a district's table."""
    rows = city.lake.scan("backflow", recipient_table("park", district))
    return sorted(rows.select("park_id").collect()["park_id"])


@pytest.fixture
def city(tmp_path: Path) -> City:
    return town(tmp_path)


def test_each_district_receives_its_own_rows_and_a_package_of_them(city) -> None:
    returned = backflow(delivered(city, *ROWS), "park", now=NOW)
    assert returned.outcome == "returned"
    assert returned.balanced
    assert len(returned.recipients) == 14
    assert (received(city, "520102"), received(city, "520103")) == (["P1", "P3"], ["P2"])
    assert received(city, "520111") == []
    (folder,) = (city.settings.outbox / "520102" / "park").iterdir()
    assert verify_package(folder).ok
    assert pl.read_csv(folder / "park.csv", infer_schema=False).height == 2
    assert verify_lake(city).ok


@pytest.mark.parametrize(
    ("code", "reason"),
    [("520100", "above_district"), ("520000", "above_district"), ("", "no_division")],
)
def test_rows_of_no_district_are_withheld_under_their_reason(code, reason, city) -> None:
    returned = backflow(delivered(city, *ROWS, f"P4,{code},1"), "park", now=NOW)
    assert returned.withheld == {reason: 1}
    assert (returned.released, sum(returned.recipients.values())) == (4, 3)
    assert verify_lake(city).ok


def test_rows_of_an_abolished_district_go_to_its_successor(city) -> None:
    returned = backflow(delivered(city, "P1,520114,100"), "park", now=NOW)
    assert returned.recipients["520111"] == 1
    assert received(city, "520111") == ["P1"]
    own = city.lake.scan("backflow", recipient_table("park", "520111")).collect()
    assert own["division"].to_list() == ["520114"], "rows cross as they are"


def test_rows_that_were_said_anew_cross_in_their_last_form_only(city) -> None:
    delivered(city, *ROWS)
    delivered(city, "P1,520103,100", name="park_202602.csv")
    returned = backflow(city, "park", now=NOW)
    assert (returned.released, returned.withheld) == (4, {"superseded": 1})
    assert (received(city, "520102"), received(city, "520103")) == (["P3"], ["P1", "P2"])


def test_a_second_time_nothing_crosses(city) -> None:
    first = backflow(delivered(city, *ROWS), "park", now=NOW)
    versions = {table: city.lake.version(*table) for table in city.lake.tables()}
    events = audit.events(city.registry)
    files = sorted(city.settings.outbox.rglob("*"))
    second = backflow(again(city), "park", now=LATER)
    assert (second.outcome, second.recipients) == ("unchanged", first.recipients)
    assert undelivered(city, now=NOW) == ()
    assert {table: city.lake.version(*table) for table in city.lake.tables()} == versions
    assert audit.events(city.registry) == events
    assert sorted(city.settings.outbox.rglob("*")) == files


def test_each_crossing_leaves_one_event_with_its_decision(city) -> None:
    backflow(delivered(city, *ROWS), "park", now=NOW)
    events = [sealed.event for sealed in audit.events(city.registry, subject="raw.park")]
    assert [event.action for event in events].count("backflow.delivered") == 14
    assert [event.action for event in events].count("backflow.closed") == 1
    (one,) = [event for event in events if event.detail.get("recipient") == "520102"]
    assert (one.detail["rows"], one.detail["reason"], one.at) == (2, "backflow", NOW)
    assert one.detail["basis"]
    assert audit.verify(city.registry).ok


def test_a_refused_decision_moves_nothing_and_is_recorded_with_its_reason(tmp_path) -> None:
    city = town(tmp_path, CLASSIFIED)
    returned = backflow(delivered(city, *ROWS), "park", now=NOW)
    assert (returned.outcome, returned.balanced) == ("refused", True)
    assert returned.recipients == {}
    assert returned.withheld == {"classified": 3}
    assert returned.is_trouble
    assert not city.settings.outbox.exists()
    assert [zone for zone, _ in city.lake.tables() if zone == "backflow"] == []
    found = crossings.for_table(city.registry, "raw", "park")
    assert {each.status.value for each in found if each.crossing.recipient != "-"} >= {"refused"}
    events = [sealed.event for sealed in audit.events(city.registry, subject="raw.park")]
    refused = [event for event in events if event.action == "backflow.refused"]
    assert len(refused) == 14
    assert {event.detail["reason"] for event in refused} == {"classified"}
    assert backflow(city, "park", now=LATER).outcome == "unchanged"


def test_a_withdrawal_takes_the_rows_back_from_the_districts_too(city) -> None:
    backflow(delivered(city, *ROWS), "park", now=NOW)
    lay(city, "park", "park_202601.withdrawal")
    take_in(city, now=LATER)
    release_raw(city, "park", now=LATER)
    assert undelivered(city, now=NOW) == ("park",)
    returned = backflow(city, "park", now=LATER)
    assert (returned.released, sum(returned.recipients.values())) == (0, 0)
    assert received(city, "520102") == []
    assert verify_lake(city).ok


def test_nothing_flows_back_before_a_release(tmp_path) -> None:
    city = town(tmp_path, PARK, VISIT)
    assert backflow(city, "park", now=NOW).outcome == "waiting"
    assert undelivered(city, now=NOW) == ()


def test_a_withdrawn_row_is_gone_everywhere_and_its_trace_still_tells(city) -> None:
    backflow(delivered(city, *ROWS), "park", now=NOW)
    delivered(city, "P9,520103,9", name="park_202602.csv")
    backflow(city, "park", now=LATER)
    (city.settings.inbox / "park" / "park_202601.withdrawal").touch()
    at = LATER + (LATER - NOW)
    take_in(city, now=at)
    release_raw(city, "park", now=at)
    backflow(city, "park", now=at)
    assert (received(city, "520102"), received(city, "520103")) == ([], ["P9"])
    found = trace_row(city, "raw.park", {"park_id": "P1"})
    (back,) = found.back
    assert (back["file"], back["record"], back["in_force"]) == ("park_202601.csv", 1, False)
    assert back["ended"] == f"withdrawn {at.isoformat(timespec='seconds')}"
    (had,) = [one for one in found.forward if one.get("recipient")]
    assert (had["recipient"], had["until"]) == ("520102", at.isoformat(timespec="seconds"))
    (has,) = trace_row(city, "raw.park", {"park_id": "P9"}).forward
    assert (has["recipient"], has["until"]) == ("520103", None)
    assert verify_lake(city).ok
