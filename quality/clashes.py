"""Clashes: rows of a part judged beside those of the whole that stand already.

What stands is never taken back: where both cannot be, the row that comes now is refused.
Keep out: what the rows say among themselves, and each by itself (judge.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.schema import ROW
from quality.check import Check
from quality.gx_polars.frame import GateFrame
from quality.judge import judge
from quality.verdict import RuleResult

NONE = {"row": pl.Int64(), "rule": pl.String()}


@dataclass(frozen=True)
class Clashes:
    """Rows that cannot stand beside others, each with its rule; or why that is not known."""

    rows: pl.DataFrame
    results: tuple[RuleResult, ...] = ()

    @property
    def whole(self) -> bool:
        """Tell whether every rule could be judged."""
        return all(result.error is None for result in self.results)


def clashes(
    batch: GateFrame,
    entry: Entry,
    wanted: Sequence[Check],
    standing: pl.LazyFrame,
    *,
    staging: Path,
) -> Clashes:
    """Return the good rows of a judged batch that clash with rows that stand."""
    asked = [check for check in wanted if check.among and check.severity != "warn"]
    rows = _good(batch)
    stand = _near(rows, standing, asked)
    if rows.is_empty() or stand.is_empty():
        return Clashes(pl.DataFrame(schema=NONE))
    folder = staging / "beside"
    folder.mkdir(exist_ok=True)
    both = pl.concat([rows, stand.with_columns(_below_zero())], how="diagonal_relaxed")
    together = GateFrame(both.lazy(), batch.tables)
    said = judge(together, entry, asked, staging=folder, repeats=False)
    if together.outcome is None or not said.whole:
        return Clashes(pl.DataFrame(schema=NONE), said.results)
    late = together.outcome.late
    blamed = [_before(both, check, late) for check in asked if "order" in check.arguments]
    found = pl.concat([late.filter(pl.col("row") >= 0), *blamed])
    return Clashes(found.unique(maintain_order=True), said.results)


def _good(batch: GateFrame) -> pl.DataFrame:
    assert batch.gate is not None
    assert batch.outcome is not None
    late = batch.outcome.late["row"].implode()
    rows = batch.gate.rows(batch.gate.accepted).filter(~pl.col(ROW).is_in(late))
    return rows.with_columns(pl.col(ROW).cast(pl.Int64)).collect(engine="streaming")


def _near(rows: pl.DataFrame, standing: pl.LazyFrame, asked: Sequence[Check]) -> pl.DataFrame:
    """Return the standing rows that share with these what a rule judges rows by."""
    has = [name for name in rows.columns if name in standing.collect_schema()]
    stand = standing.select(has)
    shared = [
        stand.join(rows.lazy().select(names).unique(), on=list(names), how="semi").select(ROW)
        for names in {check.among: None for check in asked}
    ]
    if not shared:
        return pl.DataFrame(schema=rows.schema)
    numbers = pl.concat(shared).collect(engine="streaming")[ROW].unique()
    return stand.filter(pl.col(ROW).is_in(numbers.implode())).collect(engine="streaming")


def _below_zero() -> pl.Expr:
    return (-1 - pl.col(ROW).cast(pl.Int64)).alias(ROW)  # to tell them from the rows of the part


def _before(both: pl.DataFrame, check: Check, late: pl.DataFrame) -> pl.DataFrame:
    """Return the rows right after which a standing one breaks a rule about its series."""
    refused = late.filter(pl.col("rule") == check.label)["row"].implode()
    fails = pl.col(ROW).is_in(refused)
    last = pl.when(~fails).then(pl.col(ROW)).shift(1).forward_fill().over(check.among)
    ordered = both.sort(*check.among, check.arguments["order"])
    broken = ordered.with_columns(last.alias("row")).filter(fails & (pl.col(ROW) < 0))
    blamed = broken.filter(pl.col("row") >= 0).select("row").unique()
    return blamed.with_columns(rule=pl.lit(check.label))
