"""A table with a purpose flows back to districts that hold a grant for it, and to no other."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from orchestration.city import City, day_of
from orchestration.flows.backflow import backflow, undelivered
from orchestration.flows.verify import verify_lake
from registry import audit, grants
from sharing.grant import Application
from tests.orchestration.test_backflow import ROWS, delivered, received
from tests.orchestration.town import LATER, NOW, PARK, town

PURPOSE = "走访帮扶"
TOMORROW, YEAR_AGO = (day_of(NOW) + dt.timedelta(days=days) for days in (1, -365))
CARE = PARK.replace(
    "sharing: {type: unconditional}", "sharing: {type: conditional, condition: 示例}"
)
CARE = CARE.replace("{by: division}", f"{{by: division, purpose: {PURPOSE}}}")


@pytest.fixture
def city(tmp_path: Path) -> City:
    return delivered(town(tmp_path, CARE), *ROWS)


def grant(city: City, district: str, **changes: object) -> int:
    """Let a district apply and another officer approve; return the grant's number."""
    day = day_of(NOW)
    values = {
        "kind": "backflow",
        "recipient": district,
        "zone": "raw",
        "name": "park",
        "items": ("park_id", "division", "area_m2"),
        "purpose": PURPOSE,
        "basis": "《社会救助暂行办法》",
        "valid_from": day,
        "valid_to": day + dt.timedelta(days=365),
    }
    asked = Application(**{**values, **changes})
    number = grants.apply(city.registry, asked, by="district", at=NOW)
    return grants.approve(city.registry, number, by="bureau", at=NOW).id


def test_without_a_grant_nobody_receives_anything(city) -> None:
    returned = backflow(city, "park", now=NOW)
    assert (returned.outcome, returned.balanced, returned.is_trouble) == ("waiting", True, False)
    assert PURPOSE in returned.message
    assert (returned.recipients, returned.withheld) == ({}, {"no_grant": 3})
    assert not city.settings.outbox.exists()
    assert [zone for zone, _ in city.lake.tables() if zone == "backflow"] == []
    assert undelivered(city, now=NOW) == ()


def test_the_district_with_a_grant_receives_its_own_rows_alone(city) -> None:
    grant(city, "520102")
    returned = backflow(city, "park", now=NOW)
    assert (returned.outcome, returned.recipients) == ("returned", {"520102": 2})
    assert (received(city, "520102"), returned.withheld) == (["P1", "P3"], {"no_grant": 1})
    assert [path.name for path in city.settings.outbox.iterdir()] == ["520102"]
    assert verify_lake(city).ok


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"purpose": "催缴"}, id="another purpose"),
        pytest.param({"items": ("park_id",)}, id="not all items"),
        pytest.param({"valid_from": TOMORROW}, id="not yet in force"),
        pytest.param({"valid_from": YEAR_AGO, "valid_to": YEAR_AGO}, id="ended"),
        pytest.param({"kind": "share"}, id="another kind of crossing"),
        pytest.param({"name": "visit"}, id="another table"),
    ],
)
def test_a_grant_that_does_not_cover_it_is_none(city, changes) -> None:
    grant(city, "520102", **changes)
    assert backflow(city, "park", now=NOW).recipients == {}


def test_a_grant_that_comes_later_brings_the_rows_that_stand(city) -> None:
    grant(city, "520103")
    first = backflow(city, "park", now=NOW)
    assert first.recipients == {"520103": 1}
    grant(city, "520102")
    assert undelivered(city, now=LATER) == ("park",)
    assert backflow(city, "park", now=LATER).recipients == {"520102": 2, "520103": 1}
    assert undelivered(city, now=LATER) == ()
    assert backflow(city, "park", now=LATER).outcome == "unchanged"
    assert verify_lake(city).ok
    assert audit.verify(city.registry).ok


def test_a_revoked_grant_ends_it_with_the_next_release(city) -> None:
    number = grant(city, "520103")
    backflow(city, "park", now=NOW)
    grants.revoke(city.registry, number, by="bureau", reason="用途已了", at=LATER)
    delivered(city, "P9,520103,9", name="park_202602.csv")
    assert backflow(city, "park", now=LATER).withheld == {"no_grant": 4}
    assert received(city, "520103") == ["P2"]
