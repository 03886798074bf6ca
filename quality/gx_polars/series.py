"""Series in time: rows of the batch and of history, read in parts and put in order.

Keep out: judging them (settle.py), and what a rule asks of two readings (readings.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from quality.gx_polars.frame import RuleKey, Table
from quality.gx_polars.history import before
from quality.gx_polars.plan import SeriesRule
from quality.gx_polars.settle import as_they_come, readings, refused, settle

PART = 4_000_000  # rows judged at once


def series_name(rule: SeriesRule) -> str:
    """Return the side column with the hash of a row's series."""
    return f"series_{'+'.join(rule.by)}{'' if rule.scope is None else rule.key[1]}"


def series_groups(rules: Iterable[object]) -> list[list[SeriesRule]]:
    """Group rules about the same counter: what one refuses is no predecessor for the other."""
    groups: dict[tuple[str, ...], list[SeriesRule]] = {}
    for rule in rules:
        if isinstance(rule, SeriesRule):
            groups.setdefault((series_name(rule), rule.order, rule.value), []).append(rule)
    return list(groups.values())


def judge_series(
    table: Table, rules: Sequence[SeriesRule], refusing: Sequence[bool], out: pl.Series
) -> dict[RuleKey, pl.Series]:
    """Return the rows that break each rule; rows in `out` are neither judged nor predecessors."""
    failing = {rule.key: [pl.Series("row", [], pl.Int64)] for rule in rules}
    parts = max(1, -(-table.rows // PART))
    for part in range(parts):
        rows = _read(table, rules, part=part, parts=parts)
        if out.len():
            rows = rows.join(out.to_frame("row"), on="row", how="anti", maintain_order="left")
        if rows.height == 0:
            continue
        history = before(table.given, rules[0], rows).sort("order")
        rows = pl.concat([history, rows], how="diagonal")
        for rule, found in zip(rules, judged(rows, rules, refusing), strict=True):
            failing[rule.key].append(found)
    return {key: pl.concat(found) for key, found in failing.items()}


def judged(
    rows: pl.DataFrame, rules: Sequence[SeriesRule], refusing: Sequence[bool]
) -> list[pl.Series]:
    """Return the rows that break each rule; only series with a false row need be put in order.

    A false row is no predecessor, so what came after it in its series is judged anew.
    """
    if not (rows["order"].is_sorted() and rows["row"].is_sorted()):
        return settled(rows, rules, refusing)
    found, false = _first_look(rows, rules, refusing)
    doubtful = rows["series"].filter(false).unique()
    if doubtful.is_empty():
        return [rows["row"].filter(bad) for bad in found]
    again = rows["series"].is_in(doubtful.implode())
    anew = settled(rows.filter(again), rules, refusing)
    certain = [rows["row"].filter(bad & ~again) for bad in found]
    return [pl.concat(both) for both in zip(certain, anew, strict=True)]


def _first_look(
    rows: pl.DataFrame, rules: Sequence[SeriesRule], refusing: Sequence[bool]
) -> tuple[list[pl.Series], pl.Series]:
    """Judge rows as if none were false; return what breaks each rule, and which are false."""
    given = readings(rows)
    found = as_they_come(given, rules)
    return [pl.Series(bad) for bad in found], pl.Series(refused(found, refusing) & given.good)


def settled(
    rows: pl.DataFrame, rules: Sequence[SeriesRule], refusing: Sequence[bool]
) -> list[pl.Series]:
    """Return the same of rows in any order: put in order, and each false one passed over."""
    rows = _in_time(rows)
    return [rows["row"].filter(pl.Series(bad)) for bad in settle(readings(rows), rules, refusing)]


def _in_time(rows: pl.DataFrame) -> pl.DataFrame:
    """Sort by series and order; days that come one after another need half of the work."""
    if rows["order"].is_sorted():
        ordered = rows.sort("series", maintain_order=True)
        same = [ordered[name] == ordered[name].shift(1) for name in ("series", "order")]
        if not (same[0] & same[1]).any():
            return ordered
    return rows.sort("series", "order", "row")


def _read(table: Table, rules: Sequence[SeriesRule], *, part: int, parts: int) -> pl.DataFrame:
    first, extra = rules[0], {name for rule in rules for name in rule.extra}
    rows = table.side.select(
        "row",
        "bad",
        pl.col(series_name(first)).alias("series"),
        pl.col(f"order_{first.order}").alias("order"),
        pl.col(f"value_{first.value}").alias("value"),
        *(pl.col(f"value_{name}").alias(f"extra_{name}") for name in sorted(extra)),
    )
    if parts > 1:
        rows = rows.filter(pl.col("series") % parts == part)
    return rows.drop_nulls(["series", "order"]).collect(engine="streaming")
