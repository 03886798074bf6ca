"""Rules that need several rows: uniqueness, exact repeats, periods, series in time.

They read numbers that the pass wrote beside the rows, in parts that fit into memory.
Keep out: Great Expectations, and the scan itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import polars as pl

from quality.gx_polars.duplicates import (
    candidates,
    exact_repeats,
    repeat_name,
    sharing,
    unique_name,
)
from quality.gx_polars.frame import Gate, RuleKey, Table
from quality.gx_polars.intervals import key_name, overlapping, own_name
from quality.gx_polars.keys import hashed, ordinal
from quality.gx_polars.plan import Ask, GroupRule, IntervalRule, Question, UniqueRule
from quality.gx_polars.series import judge_series, series_groups, series_name

if TYPE_CHECKING:
    from quality.gx_polars.passes import Pass


@dataclass(frozen=True)
class Grouped:
    """Row numbers that break each grouped rule, and exact repeats."""

    failing: Mapping[RuleKey, pl.Series]
    repeats: pl.Series

    @classmethod
    def none(cls) -> Grouped:
        """Return the judgement of a batch without grouped rules."""
        return cls({}, pl.Series("row", [], pl.Int64))

    def late(self, labels: Mapping[RuleKey, str]) -> pl.DataFrame:
        """Return refused rows and the label of each rule, for the rules that refuse."""
        parts = [
            self.failing[key].to_frame("row").with_columns(rule=pl.lit(label))
            for key, label in labels.items()
            if key in self.failing
        ]
        empty = pl.DataFrame(schema={"row": pl.Int64, "rule": pl.String})
        return pl.concat([empty, *parts])

    def answer(self, ask: Question, prepared: Pass) -> Any:  # noqa: ANN401 - of any metric
        """Answer a question about a grouped rule; examples cost a look at the rows again."""
        assert isinstance(ask, Ask)
        rows = self.failing[ask.rule.key]
        if ask.what == "count":
            return len(rows)
        if ask.what == "index":
            return rows.sort().head(ask.limit).to_list()
        frame = prepared.given.frame
        frame = frame.with_row_index(prepared.row) if prepared.given.gate is None else frame
        wanted = pl.col(prepared.row).is_in(rows.sort().head(ask.limit).implode())
        found = frame.filter(wanted).select(ask.rule.shown.alias("shown"))
        return found.collect(engine="streaming")["shown"].to_list()


def side_columns(
    rules: Iterable[GroupRule], gate: Gate | None, schema: pl.Schema
) -> dict[str, pl.Expr]:
    """Return the numbers that grouped rules read, by column name; rules share what they can."""
    columns: dict[str, pl.Expr] = {}
    if gate is not None and gate.repeats:
        columns[repeat_name(gate)] = hashed(gate.key or gate.same, nulls_equal=not gate.key)
    for rule in rules:
        if isinstance(rule, UniqueRule):
            number = hashed(rule.columns, nulls_equal=rule.nulls_equal)
            columns[unique_name(rule)] = _within(number, rule.scope)
        elif isinstance(rule, IntervalRule):
            columns[key_name(rule)] = _within(hashed(rule.by), rule.scope)
            if rule.own:
                columns[own_name(rule)] = hashed(rule.own)
            for name in (rule.since, rule.until):
                columns[f"order_{name}"] = ordinal(name, schema[name])
        else:
            columns[series_name(rule)] = _within(hashed(rule.by), rule.scope)
            columns[f"order_{rule.order}"] = ordinal(rule.order, schema[rule.order])
            for name in (rule.value, *rule.extra):
                columns[f"value_{name}"] = pl.col(name).cast(pl.Float64)
    return columns


def _within(number: pl.Expr, scope: pl.Expr | None) -> pl.Expr:
    return number if scope is None else pl.when(scope).then(number)


def judge_groups(prepared: Pass, side: pl.LazyFrame, *, rows: int) -> Grouped:
    """Judge uniqueness first, then series over the rows that are still good."""
    gate = prepared.given.gate
    # The key of exact repeats is mostly the key of a rule too: a hash is looked through once.
    shared = cache(partial(candidates, side, rows=rows))
    repeats = pl.Series("row", [], pl.Int64)
    if gate is not None and gate.repeats and prepared.splits:
        repeats = exact_repeats(gate, shared(repeat_name(gate)))
    failing: dict[RuleKey, pl.Series] = {}
    for rule in prepared.grouped:
        if isinstance(rule, UniqueRule):
            failing[rule.key] = sharing(prepared, rule, shared(unique_name(rule)), repeats)
    refused = [rows for key, rows in failing.items() if prepared.refuses(key)]
    out = pl.concat([repeats, *refused]).unique()
    table = Table(prepared.given, side, rows)
    for rule in prepared.grouped:
        if isinstance(rule, IntervalRule):
            failing[rule.key] = overlapping(table, rule, out, refuses=prepared.refuses(rule.key))
    for series in series_groups(prepared.grouped):
        refusing = [prepared.refuses(rule.key) for rule in series]
        failing |= judge_series(table, series, refusing, out)
    return Grouped(failing, repeats)
