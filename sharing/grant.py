"""Applications and grants (申请、授权): who may have which items, for what purpose, how long.

Keep out: deciding on a crossing (decision.py) and keeping the rows (registry/grants.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sharing.crossing import Kind
from sharing.error import SharingError


@dataclass(frozen=True)
class Application:
    """What a recipient asks for: items of one table, for one purpose, from day to day."""

    kind: Kind
    recipient: str
    zone: str
    name: str
    items: tuple[str, ...]
    purpose: str
    basis: str  # law or duty that the recipient cites
    valid_from: dt.date
    valid_to: dt.date  # last day

    def __post_init__(self) -> None:
        if not (self.items and self.purpose.strip()):
            raise SharingError(f"application of {self.recipient}: name the items and the purpose")
        if self.valid_to < self.valid_from:
            raise SharingError(f"application of {self.recipient}: it ends before it begins")


@dataclass(frozen=True)
class Grant:
    """An approved application, until it ends or is revoked."""

    id: int
    application: Application
    granted_by: str
    revoked_at: dt.datetime | None = None

    def active(self, day: dt.date) -> bool:
        """Tell whether the grant holds on a day; a revoked one never does."""
        terms = self.application
        return self.revoked_at is None and terms.valid_from <= day <= terms.valid_to


def years_after(day: dt.date, years: int) -> dt.date:
    """Return the same day some years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)
