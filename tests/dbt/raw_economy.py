"""Raw rows of enterprises and what bodies know of them: one of every branch.

Keep out: places, people and utilities (raw_city.py).
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

Rows = list[dict[str, Any]]
FACTORY, SHOP = "91520102MA6H000015", "92520102MA6H000024"
STRANGER = "91520102MA6H000033"


def enterprises() -> Rows:
    """Return a factory of a merged district and a shop of an abolished one."""
    return [
        {
            "uscc": uscc,
            "name": name,
            "type": "limited",
            "status": "active",
            "industry": "C13",
            "established_on": dt.date(2010, 1, 1),
            "registered_capital": Decimal("100.5"),
            "division": division,
        }
        for uscc, name, division in [(FACTORY, "示例厂", "520116"), (SHOP, "示例店", "520117")]
    ]


def permits() -> Rows:
    """Return a permit of the factory and one of a body that no register knows."""
    return [
        {
            "permit_number": number,
            "type": "transport",
            "holder_uscc": uscc,
            "issued_on": dt.date(2026, 1, 2),
            "status": "valid",
            "authority": "示例局",
        }
        for number, uscc in (("known", FACTORY), ("stranger", STRANGER))
    ]


def penalties() -> Rows:
    """Return a penalty of the factory and one of a body that no register knows."""
    return [
        {
            "decision_number": number,
            "uscc": uscc,
            "name": "决定书所载",
            "penalty": "warning",
            "decided_on": dt.date(2026, 1, 2),
            "authority": "示例局",
        }
        for number, uscc in (("known", FACTORY), ("stranger", STRANGER))
    ]


def indicators() -> Rows:
    """Return a value that is published for the whole city."""
    whole = {"indicator": "gdp", "division": "520100", "period": "2026-01", "unit": "亿元"}
    return [whole | {"value": Decimal(5)}]


def insurance() -> Rows:
    """Return what the factory and a body that no register knows paid for their insured."""
    return [
        {"uscc": uscc, "month": "2026-01", "insured_count": 30, "amount": Decimal(9000)}
        for uscc in (FACTORY, STRANGER)
    ]


def taxes() -> Rows:
    """Return a quarter of the shop's tax, of two kinds."""
    quarter = {"uscc": SHOP, "period": "2025Q4"}
    return [quarter | {"tax_kind": kind, "amount": Decimal(50)} for kind in ("vat", "stamp")]
