"""How large a demo city is, and which days it lives through.

Keep out: generating anything.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

FIRST_DAY = dt.date(2026, 3, 1)
"""First day of readings and daily events; snapshots are of this month and the one before."""


@dataclass(frozen=True)
class Size:
    """Counts of what there is one of; everything else follows from them."""

    name: str
    people: int
    dwellings: int
    enterprises: int
    days: int


SIZES = {
    "tiny": Size("tiny", people=620, dwellings=250, enterprises=120, days=14),
    "small": Size("small", people=8_000, dwellings=3_200, enterprises=900, days=14),
    "city": Size("city", people=1_000_000, dwellings=420_000, enterprises=80_000, days=7),
}
