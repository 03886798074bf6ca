"""Families of item types, and what a word of an entry is as a value of such a type.

Keep out: items themselves (entry.py).
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

NUMBERS = frozenset({"integer", "decimal"})
TIMES = frozenset({"date", "datetime", "month"})
TEXTS = frozenset({"string", "code"})


def bound(kind: str, value: Decimal | str) -> Decimal | None:
    """Return a bound as a number that compares: of days for dates, datetimes and months."""
    try:
        if kind in NUMBERS:
            return Decimal(value)
        if kind not in TIMES:
            return None
        day = f"{value}-01" if kind == "month" else str(value)[:10]
        return Decimal(dt.date.fromisoformat(day).toordinal())
    except (ValueError, InvalidOperation):
        return None
