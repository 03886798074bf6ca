"""Rules between rows of one series in time: counters and what they counted.

Keep out: finding what stands before a row (quality).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from catalog.rules.rule import RuleBase


class Monotonic(RuleBase):
    """A counter never runs backward within a series, but for its rollover."""

    defect = "reading_goes_back"
    scope = "rows"
    kind: Literal["monotonic"]
    item: str
    by: tuple[str, ...] = Field(min_length=1)
    order: str
    rollover: Decimal | None = None

    def columns(self) -> tuple[str, ...]:
        """Return the counter, its series and its order."""
        return (self.item, *self.by, self.order)


class Difference(RuleBase):
    """A usage equals the difference of successive readings of its series."""

    defect = "usage_not_difference"
    scope = "rows"
    kind: Literal["difference"]
    item: str
    of: str
    by: tuple[str, ...] = Field(min_length=1)
    order: str
    rollover: Decimal | None = None
    tolerance: Decimal = Decimal("0.01")

    def columns(self) -> tuple[str, ...]:
        """Return the usage, the reading, its series and its order."""
        return (self.item, self.of, *self.by, self.order)
