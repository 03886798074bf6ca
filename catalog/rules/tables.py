"""Rules between rows of a table, and between tables: uniqueness, references.

Keep out: order in time (series.py).
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from catalog.rules.rule import RuleBase


class Reference(RuleBase):
    """Every non-null value stands in another table: `to` is an entry, `at` its items."""

    defect = "unknown_reference"
    kind: Literal["reference"]
    items: tuple[str, ...] = Field(min_length=1)
    to: str
    at: tuple[str, ...] = Field(min_length=1)

    def columns(self) -> tuple[str, ...]:
        """Return the referring items."""
        return self.items


class Unique(RuleBase):
    """No two rows share the values of these items (nulls pass)."""

    defect = "duplicate_key"
    kind: Literal["unique"]
    items: tuple[str, ...] = Field(min_length=1)

    def columns(self) -> tuple[str, ...]:
        """Return the items that are unique together."""
        return self.items
