"""Rules between rows of a table, and between tables: uniqueness, references.

Keep out: order in time (series.py).
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from catalog.rules.rule import RuleBase


class AsOf(BaseModel):
    """When a row of the other table counts: from `since` to `until`, both of that table."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    item: str  # day or month of the referring row
    since: str
    until: str | None = None


class Reference(RuleBase):
    """Every non-null value stands in another table: `to` is an entry, `at` its items."""

    defect = "unknown_reference"
    scope = "tables"
    kind: Literal["reference"]
    items: tuple[str, ...] = Field(min_length=1)
    to: str
    at: tuple[str, ...] = Field(min_length=1)
    as_of: AsOf | None = None

    def columns(self) -> tuple[str, ...]:
        """Return the referring items, and the day that they are judged by."""
        return self.items if self.as_of is None else (*self.items, self.as_of.item)

    def tables(self) -> tuple[str, ...]:
        """Return the table that is referred to."""
        return (self.to,)


class Unique(RuleBase):
    """No two rows share the values of these items (nulls pass)."""

    defect = "duplicate_key"
    scope = "rows"
    kind: Literal["unique"]
    items: tuple[str, ...] = Field(min_length=1)

    def columns(self) -> tuple[str, ...]:
        """Return the items that are unique together."""
        return self.items


class NoOverlap(RuleBase):
    """Periods of one key do not overlap; they may meet on a day, an absent end is open."""

    defect = "overlapping"
    scope = "rows"
    kind: Literal["no_overlap"]
    by: tuple[str, ...] = Field(min_length=1)
    since: str
    until: str

    def columns(self) -> tuple[str, ...]:
        """Return the key and the two ends of its periods."""
        return (*self.by, self.since, self.until)
