"""What a metric answers before anything runs: expressions that the engine evaluates together.

Keep out: Great Expectations, and evaluation (passes.py, grouped.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import polars as pl

from quality.gx_polars.frame import RuleKey

Floats = np.ndarray[Any, np.dtype[np.float64]]
Integers = np.ndarray[Any, np.dtype[np.int64]]
Hashes = np.ndarray[Any, np.dtype[np.uint64]]
Booleans = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Aggregate:
    """One value of the whole batch, or of its rows that no rule refuses."""

    expression: pl.Expr
    finish: Callable[[Any], Any] | None = None
    of_good: bool = False


@dataclass(frozen=True)
class Periods:
    """When rows of a table count, and the days of a row that is looked up."""

    since: str  # columns of the table
    until: str | None
    first: pl.Expr  # days of the row: one and the same, or those of a month
    last: pl.Expr


@dataclass(frozen=True)
class Lookup:
    """A table that rows are looked up in; `found` is true where the row's values stand there."""

    found: str
    columns: tuple[str, ...]
    table: pl.LazyFrame
    at: tuple[str, ...]
    periods: Periods | None = None


@dataclass(frozen=True)
class RowRule:
    """A rule that one row answers: `bad` is true on an unexpected row and never null."""

    key: RuleKey
    bad: pl.Expr
    kept: pl.Expr | None  # rows that the rule speaks of; None: all
    shown: pl.Expr
    lookup: Lookup | None = None


@dataclass(frozen=True)
class UniqueRule:
    """No two rows share the values of these columns."""

    key: RuleKey
    columns: tuple[str, ...]
    nulls_equal: bool
    kept: pl.Expr | None
    scope: pl.Expr | None  # the row condition alone
    shown: pl.Expr


@dataclass(frozen=True)
class Steps:
    """Rows of all series beside their direct predecessors, as arrays; NaN is null."""

    value: Floats
    before: Floats
    gap: Integers  # how far back the predecessor lies, in the unit of the order
    extra: Mapping[str, Floats]

    def only(self, places: Integers) -> Steps:
        """Return some of the rows."""
        extra = {name: column[places] for name, column in self.extra.items()}
        return Steps(self.value[places], self.before[places], self.gap[places], extra)


@dataclass(frozen=True)
class SeriesRule:
    """A rule between a row and the last good row before it in its series."""

    key: RuleKey
    by: tuple[str, ...]
    order: str
    value: str
    judge: Callable[[Steps], Booleans]  # true where the row breaks the rule
    kept: pl.Expr | None
    scope: pl.Expr | None  # the row condition alone
    shown: pl.Expr
    extra: tuple[str, ...] = ()
    history: str | None = None  # table of the rows before this batch


@dataclass(frozen=True)
class IntervalRule:
    """Periods of one key do not overlap, nor those of rows that stand in another table."""

    key: RuleKey
    by: tuple[str, ...]
    since: str
    until: str
    kept: pl.Expr | None
    scope: pl.Expr | None  # the row condition alone
    shown: pl.Expr
    history: str | None = None  # table of the rows before this batch
    own: tuple[str, ...] = ()  # a later row with the same values here takes an earlier one's place
    turn: str | None = None  # column of that table that says which one is later


GroupRule = UniqueRule | SeriesRule | IntervalRule
Rule = RowRule | GroupRule


@dataclass(frozen=True)
class Ask:
    """A question about a rule: how many rows break it, which values and positions, of how many."""

    rule: Rule
    what: Literal["count", "values", "index", "kept"]
    limit: int = 0
    finish: Callable[[Any], Any] | None = field(default=None)


Question = Aggregate | Ask
