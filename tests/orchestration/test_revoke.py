"""A waiver ends by an audited act; rules between rows and of the whole can be waived as others."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.city import City
from orchestration.flows.plea import Plea
from orchestration.flows.refused import count_refused
from orchestration.flows.revoke import revoke
from orchestration.flows.waive import every_waiver, waive
from registry import audit
from registry.error import RegistryError
from tests.orchestration.loop import holds, only, states
from tests.orchestration.readings import LOG, ROWS, lay_log
from tests.orchestration.test_waive import OFFICER, PLEA
from tests.orchestration.town import LATER, lay, parks, take_in, town

LAST = LATER + dt.timedelta(hours=2)
SAID = {"officer": OFFICER, "reason": "面积已核", "now": LAST}


@pytest.fixture
def city(tmp_path: Path) -> City:
    built = town(tmp_path)
    lay(built, "park", "park_202601.csv", "P1,520102,5", "P2,520102,-2", "P4,520102,4")
    take_in(built)
    return built


def test_rows_that_a_revoked_waiver_let_in_wait_again(city) -> None:
    waiver, _ = waive(city, PLEA, now=LATER)
    assert revoke(city, "park", waiver.id, **SAID)[1:] == (1, ())
    assert parks(city) == {"P1": 5, "P4": 4}
    assert states(city) == {2: "open"}
    acts = [one.event.action for one in audit.events(city.registry, subject="raw.park")]
    assert acts == ["quarantine.waived", "quarantine.waiver_revoked"]
    assert [one["state"] for one in every_waiver(city)] == ["revoked 2026-03-01"]
    assert revoke(city, "park", waiver.id, **SAID)[1:] == (0, ()), "the same act again"
    assert holds(city)


def test_what_was_judged_while_it_stood_stays_and_is_named(city) -> None:
    waiver, _ = waive(city, PLEA, now=LATER)
    lay(city, "park", "park_202602.csv", "P6,520102,-6", "P7,520102,7")
    take_in(city, now=LATER + dt.timedelta(minutes=1))
    _, rows, kept = revoke(city, "park", waiver.id, **SAID)
    assert (rows, kept) == (1, ("park_202602.csv",))
    assert parks(city)["P6"] == -6
    lay(city, "park", "park_202602.correction1.csv", "P6,520102,-6", "P7,520102,8")
    assert only(take_in(city, now=LAST + dt.timedelta(hours=1))).account.quarantined == 1
    assert "P6" not in parks(city)
    assert holds(city)


def test_a_revoked_waiver_is_not_given_again_for_the_same_reason(city) -> None:
    waiver, _ = waive(city, PLEA, now=LATER)
    revoke(city, "park", waiver.id, **SAID)
    with pytest.raises(RegistryError, match="was revoked on 2026-03-01"):
        waive(city, PLEA, now=LAST)
    _, done = waive(city, replace(PLEA, reason="面积复核无误"), now=LAST)
    assert [one.account.accepted for one in done] == [1]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"officer": "路人"}, "is not the chief data officer"),
        ({"reason": " "}, "needs a reason"),
        ({"waiver_id": "x"}, "has no waiver x: it has"),
    ],
)
def test_what_may_not_be_revoked_stands(changes, said, city) -> None:
    waiver, _ = waive(city, PLEA, now=LATER)
    words = {"waiver_id": waiver.id, **SAID, **changes}
    with pytest.raises(RegistryError, match=said):
        revoke(city, "park", **words)
    assert [one["state"] for one in every_waiver(city)] == ["in_force"]
    assert parks(city)["P2"] == -2


def plea(rule: str) -> Plea:
    return replace(PLEA, rule=rule)


WAIVABLE = [
    ("reading_goes_back:reading", "M1,2026-01-04,9,,S2,B,"),
    ("usage_not_difference:usage", "M1,2026-01-02,20,9,S2,B,"),
    ("overlapping:place+day+until", "M1,2026-01-02,20,10,S2,A,"),
]


@pytest.mark.parametrize(("rule", "row"), WAIVABLE, ids=("monotonic", "difference", "no_overlap"))
def test_a_rule_between_rows_can_be_waived(rule, row, tmp_path: Path) -> None:
    city = town(tmp_path, LOG)
    lay_log(city, "park_202601.csv", ROWS[0], row, *ROWS[2:])
    refused = only(take_in(city)).account.quarantined
    assert refused
    _, done = waive(city, plea(rule), now=LATER)
    assert sum(one.account.accepted for one in done) == refused
    assert set(states(city).values()) == {"waived"}
    assert holds(city)


def test_a_rule_of_the_whole_is_waived_for_a_period_alone(tmp_path: Path) -> None:
    city = town(tmp_path, LOG)
    lay_log(city, "park_202601.csv", *ROWS)
    lay_log(city, "park_202602.csv", "M1,2026-02-02,60,,S7,A,", "M2,2026-02-02,60,,S8,B,")
    assert [one.outcome for one in take_in(city)] == ["accepted", "refused"]
    (delivery, *_) = {str(row["delivery"]) for row in count_refused(city)}
    one = Plea("park", "row_count", OFFICER, "小批", delivery=delivery)
    with pytest.raises(RegistryError, match="speaks of deliveries as wholes"):
        waive(city, one, now=LATER)
    for rule in ("row_count", "rows_unusual", "figure_unusual:reading+mean"):
        waive(city, plea(rule), now=LATER)
    lay_log(
        city,
        "park_202602.correction1.csv",
        "M1,2026-02-02,60,,S7,A,",
        "M2,2026-02-02,60,,S9,B,",
    )
    assert only(take_in(city, now=LAST)).outcome == "accepted"
    assert holds(city)


def test_a_key_is_never_waived_by_another_name(tmp_path: Path) -> None:
    named = LOG.replace("{items: [sheet]}", "{items: [day, meter], as: twice}")
    with pytest.raises(RegistryError, match="cannot be waived"):
        waive(town(tmp_path, named), plea("twice:day+meter"), now=LATER)
