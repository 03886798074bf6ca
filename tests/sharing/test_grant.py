import datetime as dt

import pytest

from sharing.error import SharingError
from sharing.grant import Application, Grant, years_after

TERMS = {
    "kind": "share",
    "recipient": "guiyang_tax",
    "zone": "base",
    "name": "household",
    "items": ("members",),
    "purpose": "核查",
    "basis": "《示例条例》",
    "valid_from": dt.date(2026, 1, 1),
    "valid_to": dt.date(2026, 12, 31),
}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"items": ()}, "name the items and the purpose"),
        ({"purpose": "  "}, "name the items and the purpose"),
        ({"valid_to": dt.date(2025, 12, 31)}, "ends before it begins"),
    ],
)
def test_an_application_that_contradicts_itself_is_refused(changes, said):
    with pytest.raises(SharingError, match=said):
        Application(**{**TERMS, **changes})


@pytest.mark.parametrize(
    ("day", "active"),
    [
        (dt.date(2025, 12, 31), False),
        (dt.date(2026, 1, 1), True),
        (dt.date(2026, 12, 31), True),
        (dt.date(2027, 1, 1), False),
    ],
)
def test_a_grant_holds_from_its_first_to_its_last_day(day, active):
    assert Grant(1, Application(**TERMS), "officer").active(day) is active


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (dt.date(2026, 3, 1), dt.date(2029, 3, 1)),
        (dt.date(2024, 2, 29), dt.date(2027, 3, 1)),
    ],
)
def test_three_years_after_a_leap_day_is_the_first_of_march(day, later):
    assert years_after(day, 3) == later
