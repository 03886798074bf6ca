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
    tolerance: Decimal = Field(default=Decimal("0.01"), ge=0)

    def columns(self) -> tuple[str, ...]:
        """Return the total and its parts."""
        return (self.item, *self.of)


class Product(RuleBase):
    """An amount equals the product of its factors; where one is missing nothing is asked."""

    defect = "not_product"
    kind: Literal["product"]
    item: str
    of: tuple[str, ...] = Field(min_length=2)
    tolerance: Decimal = Field(default=Decimal("0.01"), ge=0)

    def columns(self) -> tuple[str, ...]:
        """Return the product and its factors."""
        return (self.item, *self.of)


class Tariff(RuleBase):
    """A bill equals quantities times the rates in force: `tariff` is one of the vocabulary."""

    defect = "not_by_tariff"
    kind: Literal["tariff"]
    item: str
    of: tuple[str, ...] = Field(min_length=1)
    tariff: str
    day: str
    tolerance: Decimal = Field(default=Decimal("0.01"), ge=0)

    def columns(self) -> tuple[str, ...]:
        """Return the bill, its quantities and the day or month of the rates."""
        return (self.item, *self.of, self.day)


class Ordered(RuleBase):
    """One item does not come after another: `items: [earlier, later]`, nulls pass."""

    defect = "out_of_order"
    kind: Literal["ordered"]
    items: tuple[str, str]

    def columns(self) -> tuple[str, ...]:
        """Return the earlier and the later item."""
        return self.items
