"""Rules about a delivery or a version as a whole: none of its rows is to blame.

What they compare with is history or another table. Keep out: rules that refuse rows.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from catalog.frozen import Ratio
from catalog.rules.rule import RuleBase

Gravity = Literal["block", "quarantine", "warn"]


class Rows(RuleBase):
    """The table holds at least `min` and at most `max` rows."""

    defect = "row_count"
    scope = "whole"
    kind: Literal["rows"]
    min: int | None = Field(default=None, ge=0)
    max: int | None = Field(default=None, ge=0)
    severity: Gravity = "block"


class RowsNear(RuleBase):
    """As many rows as the last deliveries had, give or take a share of their median."""

    defect = "rows_unusual"
    scope = "whole"
    kind: Literal["rows_near"]
    ratio: Ratio = 0.5
    last: int = Field(default=5, ge=1, le=30)
    least: int = Field(default=3, ge=1, le=30)
    severity: Gravity = "block"


class Share(RuleBase):
    """The share of rows where an item is null, or has one of the values, lies between bounds."""

    defect = "share_unusual"
    scope = "whole"
    kind: Literal["share"]
    item: str
    values: tuple[str, ...] = ()
    min: Ratio | None = None
    max: Ratio | None = None
    severity: Gravity = "warn"

    def columns(self) -> tuple[str, ...]:
        """Return the item."""
        return (self.item,)


class Steady(RuleBase):
    """A figure of a number is as it was in the last deliveries, give or take a share."""

    defect = "figure_unusual"
    scope = "whole"
    kind: Literal["steady"]
    item: str
    of: Literal["mean", "median", "stdev", "sum"] | None = None
    quantile: Ratio | None = None
    ratio: Ratio = 0.5
    last: int = Field(default=5, ge=1, le=30)
    least: int = Field(default=3, ge=1, le=30)
    severity: Gravity = "warn"

    def columns(self) -> tuple[str, ...]:
        """Return the item."""
        return (self.item,)


class Through(BaseModel):
    """What a value stands for in another table: `item` there, or its first characters."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    to: str
    at: str
    item: str
    first: int | None = Field(default=None, ge=1)


class Silence(RuleBase):
    """Every group that spoke in all of the last deliveries speaks again."""

    defect = "group_silent"
    scope = "whole"
    kind: Literal["silence"]
    by: str
    through: Through | None = None
    ratio: Ratio = 0.0
    last: int = Field(default=5, ge=1, le=30)
    least: int = Field(default=3, ge=1, le=30)
    severity: Gravity = "warn"

    def columns(self) -> tuple[str, ...]:
        """Return the item that tells the group."""
        return (self.by,)

    def tables(self) -> tuple[str, ...]:
        """Return the table that tells the group."""
        return () if self.through is None else (self.through.to,)


class Fresh(RuleBase):
    """The newest day or instant is at most so many days old when the gate judges."""

    defect = "stale"
    scope = "whole"
    kind: Literal["fresh"]
    item: str
    days: int = Field(ge=0)
    severity: Gravity = "warn"

    def columns(self) -> tuple[str, ...]:
        """Return the item."""
        return (self.item,)


class Complete(RuleBase):
    """Every expected value is there: listed, of a code list, a district, a day, of a table."""

    defect = "incomplete"
    scope = "whole"
    kind: Literal["complete"]
    item: str
    values: tuple[str, ...] = ()
    codes: str | None = None
    districts: bool = False
    days: bool = False
    to: str | None = None
    at: str | None = None
    since: str | None = None
    until: str | None = None
    max_missing: Ratio = 0.0
    severity: Gravity = "warn"

    @model_validator(mode="after")
    def _one_expectation(self) -> Complete:
        given = (self.values, self.codes, self.districts, self.days, self.to)
        if sum(map(bool, given)) != 1:
            raise ValueError("say what is expected: one of values, codes, districts, days, to")
        if (self.to is None) != (self.at is None):
            raise ValueError("`to` and `at` go together")
        if self.to is None and (self.since or self.until):
            raise ValueError("`since` and `until` are items of the table `to`")
        return self

    def columns(self) -> tuple[str, ...]:
        """Return the item."""
        return (self.item,)

    def tables(self) -> tuple[str, ...]:
        """Return the table whose values are expected."""
        return () if self.to is None else (self.to,)
