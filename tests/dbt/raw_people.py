"""Raw rows of people and what registers know of them: one of every branch.

Keep out: places and utilities (raw_city.py), enterprises (raw_economy.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

Rows = list[dict[str, Any]]


def residents() -> Rows:
    """Return a couple of whom one died, a lodger elsewhere, and two who are off the register."""
    rows = [
        ("wife", "H1", "long", "registered", None),
        ("husband", "H1", "long", "registered", None),
        ("lodger", "H1", "used", "registered", None),
        ("moved", "H2", "unlisted", "cancelled", dt.date(2026, 1, 5)),
        ("alone", None, None, "temporary", None),
    ]
    return [
        {
            "citizen_id": who,
            "name": who,
            "sex": "1",
            "birth_date": dt.date(1980, 1, 1),
            "household_number": household,
            "domicile_division": "520102",
            "address_code": address,
            "residence_status": status,
            "registered_on": dt.date(2001, 1, 1),
            "cancelled_on": cancelled,
        }
        for who, household, address, status, cancelled in rows
    ]


def events(*who: tuple[str, str | None, dt.date]) -> Rows:
    """Return birth or death records: record number, citizen and day."""
    return [
        {
            "record_number": number,
            "citizen_id": citizen,
            "name": f"name of {citizen}",
            "sex": "2",
            "event_date": day,
            "division": "520102",
        }
        for number, citizen, day in who
    ]


def supported() -> Rows:
    """Return a supported household that says another number than the register of residents."""
    return [
        {
            "household_number": "H9",
            "applicant_id": "wife",
            "members": 2,
            "valid_from": dt.date(2026, 1, 1),
        }
    ]
