import datetime as dt
from dataclasses import replace

import pytest

from sharing.audit import GENESIS, AuditEvent, canonical, seal
from sharing.error import SharingError

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
EVENT = AuditEvent("k", NOON, "citylake", "backflow", "base.person", {"rows": 1, "区县": "南明"})


def test_canonical_text_does_not_depend_on_the_order_of_keys():
    assert canonical({"b": 1, "a": [True, None]}) == '{"a":[true,null],"b":1}'
    assert canonical({"a": [True, None], "b": 1}) == canonical({"b": 1, "a": [True, None]})


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, NOON])
def test_a_detail_that_is_not_plain_json_is_refused(value):
    with pytest.raises(SharingError, match="not plain JSON"):
        seal(GENESIS, replace(EVENT, detail={"x": value}))


def test_an_event_without_a_zone_is_refused():
    with pytest.raises(SharingError, match="no zone"):
        seal(GENESIS, replace(EVENT, at=NOON.replace(tzinfo=None)))


def test_the_same_instant_in_another_zone_has_the_same_seal():
    assert seal(GENESIS, replace(EVENT, at=NOON.astimezone(dt.UTC))) == seal(GENESIS, EVENT)


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "l"},
        {"at": NOON + dt.timedelta(microseconds=1)},
        {"actor": "x"},
        {"action": "x"},
        {"subject": "x"},
        {"detail": {"rows": 2, "区县": "南明"}},
        {"detail": {}},
    ],
)
def test_any_change_of_an_event_changes_its_seal(changes):
    assert seal(GENESIS, replace(EVENT, **changes)) != seal(GENESIS, EVENT)


def test_a_seal_covers_the_one_before():
    assert seal("1" * 64, EVENT) != seal(GENESIS, EVENT)


def test_the_seal_of_an_event_never_changes_between_releases():
    assert seal(GENESIS, EVENT) == (
        "3c3416c6e85f128ac960963fbed95f9f5dc0f18cccd86d7ba074568334380469"
    )
