"""A handful of raw rows in which every branch of the models occurs once.

Keep out: running dbt (conftest.py) and what is expected (the tests).
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.dbt.raw_economy import (
    FACTORY,
    SHOP,
    enterprises,
    indicators,
    insurance,
    penalties,
    permits,
    publications,
    taxes,
)
from tests.dbt.raw_people import events, residents, supported

Rows = list[dict[str, Any]]
MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07")
STALL_KEEPER = "52010219900101123X"
NAMES = {"520000": "贵州省", "520100": "贵阳市", "520102": "南明区"}
SOUTH_STREET, FLOWER_STREET, RIVER_STREET = "520102016", "520111004", "520111005"


def divisions() -> Rows:
    """Return districts standing, merged, merged twice, abolished, renamed and in a circle."""
    old, late = dt.date(1955, 1, 1), dt.date(2012, 11, 14)
    rows = [
        ("520000", "province", old, None, None),
        ("520100", "city", old, None, None),
        ("520102", "district", old, None, None),
        ("520111", "district", old, None, None),
        ("520114", "district", old, late, "520111"),
        ("520116", "district", old, dt.date(2000, 1, 1), "520114"),
        ("520117", "district", old, dt.date(2005, 1, 1), None),
        ("520118", "district", old, late, "520118"),
        ("520118", "district", late + dt.timedelta(days=1), None, None),
        ("520119", "district", old, late, "520120"),
        ("520120", "district", old, late, "520119"),
        (SOUTH_STREET, "street", old, None, None),
    ]
    return [
        {
            "code": code,
            "name": NAMES.get(code, code),
            "level": level,
            "parent": {"city": "520000", "district": "520100"}.get(level),
            "valid_from": begun,
            "valid_to": ended,
            "successor": successor,
        }
        for code, level, begun, ended, successor in rows
    ]


def addresses() -> Rows:
    """Return addresses in a standing, a twice merged and an abolished district."""
    south = ("long", "two", "one", "shared", "gap", "used", "plant")
    places = [
        *((name, "520102", SOUTH_STREET) for name in south),
        ("off", "520111", FLOWER_STREET),
        ("merged", "520116", RIVER_STREET),
        ("lost", "520117", SOUTH_STREET),
        ("local", "520191", SOUTH_STREET),
    ]
    rows = [
        {
            "address_code": code,
            "division": division,
            "street": street,
            "road": "示例路",
            "house_number": f"{number}号",
            "status": "in_use",
        }
        for number, (code, division, street) in enumerate(places, start=1)
    ]
    return [*rows, rows[0] | {"address_code": "twin", "division": "520111"}]


TEXTS = {
    "long": "南明区示例路1号",
    "two": "南明示例路２号",
    "shared": "示列路四號",
    "gap": "示例路1号",
    "used": "南明无名路9号",
    "merged": "南明区示例路3号",
}
"""What the water company writes for some of its addresses."""


def dwellings() -> Rows:
    """Return a dwelling for each address, two that share one, and one of no known address."""
    names = ["long", "two", "one", "shared", "gap", "used", "off", "merged", "lost"]
    at = [(name, name) for name in names] + [("shared2", "shared"), ("nowhere", "unlisted")]
    return [
        {
            "dwelling_id": dwelling,
            "address_code": address,
            "use": "residential",
            "owner_kind": "private",
            "registered_on": dt.date(2020, 1, 1),
        }
        for dwelling, address in at
    ]


def accounts(utility: str) -> Rows:
    """Return the accounts of a utility: not every dwelling has gas, one has power alone."""
    homes = ("long", "two", "one", "shared", "gap", "used", "off", "merged", "lost")
    without = {"water": ("one",), "power": (), "gas": ("one", "two", "off")}[utility]
    holders = {"two": "wife"}
    rows = [(name, "residential", holders.get(name), name) for name in homes if name not in without]
    if utility == "power":
        rows += [
            ("factory", "industrial", FACTORY, "plant"),
            ("workshop", "industrial", FACTORY, None),
            ("stall", "commercial", STALL_KEEPER, None),
            ("kiosk", "commercial", None, "one"),
            ("hostel", "residential", SHOP, "used"),
        ]
    return [
        {
            "account_number": number,
            "holder_name": "示例",
            "holder_id_or_uscc": holder,
            "kind": kind,
            "meter_id": number,
            "address": TEXTS.get(number) if utility == "water" else None,
            "address_code": address,
            "opened_on": dt.date(2020, 1, 1),
        }
        for number, kind, holder, address in rows
    ]


def bills(utility: str) -> Rows:
    """Return a bill for each account and month: little use but where someone is at home."""
    used = {"used": Decimal(30), "factory": Decimal(900), "workshop": Decimal(100)}
    billed = [(row["account_number"], month) for row in accounts(utility) for month in MONTHS]
    missing = [("gap", "2026-04"), *(("factory", month) for month in MONTHS[1:])]
    rows = [*(bill for bill in billed if bill not in missing), ("closed", "2026-01")]
    return [
        {
            "account_number": number,
            "month": month,
            "amount": Decimal(1),
            "usage_kwh" if utility == "power" else "usage_m3": used.get(number, Decimal("0.5")),
        }
        for number, month in rows
    ]


def outages() -> Rows:
    """Return outages of a street over and at five days, of a district, and without an end."""
    day = dt.datetime(2026, 3, 9, 16, tzinfo=dt.UTC)
    rows = [
        ("over", FLOWER_STREET, day, day + dt.timedelta(days=5, minutes=1)),
        ("at", SOUTH_STREET, day, day + dt.timedelta(days=5)),
        ("district", "520111", day - dt.timedelta(days=40), day - dt.timedelta(days=39)),
        ("lasting", RIVER_STREET, dt.datetime(2026, 6, 9, 16, tzinfo=dt.UTC), None),
    ]
    return [
        {"outage_number": number, "division": division, "started_at": start, "ended_at": end}
        for number, division, start, end in rows
    ]


def buildings() -> Rows:
    """Return a building at a known address and one at an unknown."""
    return [
        {"building_code": code, "address_code": code, "use": "residential"}
        for code in ("long", "nowhere")
    ]


def raw_city() -> dict[str, Rows]:
    """Return the rows of every resource that this city has; the others were never delivered."""
    day = dt.date(2026, 1, 2)
    later = day + dt.timedelta(days=3)
    metered = {
        f"{utility}_{kind}": rows(utility)
        for utility in ("water", "power", "gas")
        for kind, rows in (("account", accounts), ("bill", bills))
    }
    return metered | {
        "division": divisions(),
        "standard_address": addresses(),
        "dwelling": dwellings(),
        "building": buildings(),
        "water_outage": outages(),
        "resident": residents(),
        "low_income_household": supported(),
        "birth_record": events(("b1", "newborn", day), ("b2", None, day), ("b3", "wife", day)),
        "death_record": events(
            ("d1", "husband", later), ("d2", "husband", day), ("d3", "visitor", day)
        ),
        "enterprise_registration": enterprises(),
        "enterprise_publication": publications(),
        "permit": permits(),
        "administrative_penalty": penalties(),
        "macro_indicator": indicators(),
        "social_insurance_payment": insurance(),
        "tax_payment": taxes(),
    }
