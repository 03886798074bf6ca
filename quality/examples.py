"""Examples of what a rule refused: record numbers, and cells only where no person is spoken of.

A verdict is kept for ever, so a value is shown only of an item without sensitivity in an entry
of level 1 or 2. Keep out: refused rows themselves, which stay in the quarantine table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from catalog.entry import Entry
from catalog.schema import ROW, RULES
from quality.blame import items_of
from quality.verdict import RuleResult, Split

FEW, LONGEST = 3, 40  # examples of a rule; characters of a cell


def with_examples(
    entry: Entry, results: Sequence[RuleResult], split: Split
) -> tuple[RuleResult, ...]:
    """Return the results of rules, each with a few of the records that it refused."""
    if not split.quarantined or not any(result.failed for result in results):
        return tuple(results)
    items = [item.name for item in entry.items]
    first = (
        pl.scan_parquet(list(split.quarantined))
        .select(ROW, *items, pl.col(RULES).alias("rule"))
        .explode("rule", empty_as_null=True)
        .filter(pl.col("rule").is_in([result.rule for result in results]))
        .group_by("rule")
        .agg(pl.all().sort_by(ROW).head(FEW))
        .explode(ROW, *items, empty_as_null=True)
        .collect(engine="streaming")
    )
    by_rule = first.partition_by("rule", as_dict=True)
    return tuple(
        replace(r, examples=_said(entry, r.rule, by_rule[(r.rule,)])) if (r.rule,) in by_rule else r
        for r in results
    )


def may_be_shown(entry: Entry, name: str) -> bool:
    """Tell whether an item's values may stand in what everybody may read."""
    return entry.classification.level in (1, 2) and entry.item(name).sensitivity == "none"


def _said(entry: Entry, rule: str, rows: pl.DataFrame) -> tuple[str, ...]:
    names = items_of(rule, rows.columns)
    shown = [name for name in names if may_be_shown(entry, name)]
    return tuple(
        f"记录 {row[ROW]}"
        + "".join(f"，{entry.item(n).title} {str(row[n])[:LONGEST]}" for n in shown if row[n])
        for row in rows.sort(ROW).iter_rows(named=True)
    )
