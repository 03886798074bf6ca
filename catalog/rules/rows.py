"""Rules that one row answers by itself: arithmetic, order, conditions.

Keep out: identifiers (identifiers.py), other rows and other tables (tables.py, series.py).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from catalog.rules.rule import RuleBase


class Sum(RuleBase):
    """An amount equals the sum of its parts (nulls count as zero)."""

    defect = "not_sum"
    kind: Literal["sum"]
    item: str
    of: tuple[str, ...] = Field(min_length=2)
    tolerance: Decimal = Decimal("0.01")

    def columns(self) -> tuple[str, ...]:
        """Return the total and its parts."""
        return (self.item, *self.of)


class Ordered(RuleBase):
    """One item does not come after another: `items: [earlier, later]`, nulls pass."""

    defect = "out_of_order"
    kind: Literal["ordered"]
    items: tuple[str, str]

    def columns(self) -> tuple[str, ...]:
        """Return the earlier and the later item."""
        return self.items


class When(RuleBase):
    """If an item has one of the values, then the required items are not null."""

    defect = "condition_broken"
    kind: Literal["when"]
    item: str
    values: tuple[str, ...] = Field(min_length=1)
    required: tuple[str, ...] = Field(min_length=1)

    def columns(self) -> tuple[str, ...]:
        """Return the deciding item and the ones that it requires."""
        return (self.item, *self.required)
