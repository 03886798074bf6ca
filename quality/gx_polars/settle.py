"""Judge ordered series: each row against the last good row before it.

A row that breaks a rule is no predecessor, so the rows after a false one are not blamed for it.
Keep out: reading rows (series.py), and what a rule asks of two readings (readings.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from quality.gx_polars.plan import Booleans, Floats, Hashes, Integers, SeriesRule, Steps

ROUNDS = 64  # a series with more false rows than this is settled row by row


@dataclass(frozen=True)
class Readings:
    """Rows in the order of series and time; rows of history are good and never judged."""

    series: Hashes
    order: Integers
    value: Floats
    extra: Mapping[str, Floats]
    good: Booleans  # may be a predecessor
    judged: Booleans

    def only(self, kept: Booleans | Integers) -> Readings:
        """Return some of the rows."""
        return Readings(
            self.series[kept],
            self.order[kept],
            self.value[kept],
            {name: column[kept] for name, column in self.extra.items()},
            self.good[kept],
            self.judged[kept],
        )


def readings(rows: pl.DataFrame) -> Readings:
    """Take rows as arrays: null is NaN, and a row without a value precedes none."""
    value = _floats(rows["value"])
    bad = rows["bad"].fill_null(value=False).to_numpy()
    return Readings(
        rows["series"].to_numpy(),
        rows["order"].to_numpy(),
        value,
        {n.removeprefix("extra_"): _floats(rows[n]) for n in rows.columns if n[:6] == "extra_"},
        ~bad & ~np.isnan(value),
        rows["row"].is_not_null().to_numpy(),
    )


def _floats(column: pl.Series) -> Floats:
    return column.fill_null(np.nan).to_numpy()


def _changes(column: np.ndarray) -> Booleans:
    return np.concatenate([np.ones(min(1, len(column)), np.bool_), column[1:] != column[:-1]])


def settle(rows: Readings, rules: Sequence[SeriesRule], refusing: Sequence[bool]) -> list[Booleans]:
    """Return for each rule which rows break it, judged against rows that break none.

    The first false row of a series is certain, since all before it are good; the rest of the
    series is judged again without it.
    """
    bad = [np.zeros(len(rows.series), np.bool_) for _ in rules]
    places = np.arange(len(rows.series))
    for _ in range(ROUNDS):
        found = _judge(rows, rules)
        for kept, now in zip(bad, found, strict=True):
            kept[places] = now
        false = np.flatnonzero(refused(found, refusing) & rows.good)
        if not len(false):
            return bad
        first = false[_changes(rows.series[false])]
        good = rows.good.copy()
        good[first] = False
        again = _among(rows.series, rows.series[first])
        rows, places = replace(rows, good=good).only(again), places[again]
    for kept, now in zip(bad, _row_by_row(rows, rules, refusing), strict=True):
        kept[places] = now
    return bad


def _among(series: Hashes, wanted: Hashes) -> Booleans:
    """Tell which of sorted rows belong to these series."""
    edges = np.zeros(len(series) + 1, np.int64)
    np.add.at(edges, np.searchsorted(series, wanted, "left"), 1)
    np.add.at(edges, np.searchsorted(series, wanted, "right"), -1)
    return np.cumsum(edges[:-1]) > 0


def as_they_come(rows: Readings, rules: Sequence[SeriesRule]) -> list[Booleans]:
    """Judge rows in the order of time, of all series together, against the last good row before.

    None of them counts as false for another, so rows after a false one are not settled.
    """
    from quality.gx_polars.walk import walk  # numba costs 0.6 s

    walked = walk(rows.series, rows.order, rows.value, rows.good)
    steps = Steps(rows.value, walked.before, walked.gap, rows.extra)
    judged = ~np.isnan(walked.before) & rows.judged & ~np.isnan(rows.value)
    return [rule.judge(steps) & judged for rule in rules]


def refused(found: Sequence[Booleans], refusing: Sequence[bool]) -> Booleans:
    """Return the rows that a rule which refuses rows finds false."""
    some = np.zeros(len(found[0]), np.bool_)
    for now, refuses in zip(found, refusing, strict=True):
        if refuses:
            some |= now
    return some


def _judge(rows: Readings, rules: Sequence[SeriesRule]) -> list[Booleans]:
    """Judge every row against the last good row of an earlier order in its series."""
    here = np.arange(len(rows.series))
    last = np.maximum.accumulate(np.where(rows.good, here, -1))
    moments = _changes(rows.series) | _changes(rows.order)
    start = np.maximum.accumulate(np.where(moments, here, 0))
    before = np.where(start > 0, last[start - 1], -1)
    known = (before >= 0) & (rows.series[before] == rows.series)
    steps = Steps(
        rows.value,
        np.where(known, rows.value[before], np.nan),
        np.where(known, rows.order - rows.order[before], 0),
        rows.extra,
    )
    judged = known & rows.judged & ~np.isnan(rows.value)
    return [rule.judge(steps) & judged for rule in rules]


def _row_by_row(
    rows: Readings, rules: Sequence[SeriesRule], refusing: Sequence[bool]
) -> list[Booleans]:
    """Settle one moment after another: linear, for series that are false nearly throughout."""
    bad = [np.zeros(len(rows.series), np.bool_) for _ in rules]
    good = rows.good.copy()
    moments = _changes(rows.series) | _changes(rows.order)
    starts = np.flatnonzero(moments)
    previous = -1  # the last good row
    for start, end in zip(starts, np.append(starts[1:], len(good)), strict=True):
        if previous >= 0 and rows.series[previous] == rows.series[start]:
            pair = np.r_[previous, start:end]
            found = _judge(replace(rows, good=good).only(pair), rules)
            for kept, now in zip(bad, found, strict=True):
                kept[start:end] = now[1:]
            good[start:end] &= ~refused(found, refusing)[1:]
        standing = np.flatnonzero(good[start:end])
        if len(standing):
            previous = start + standing[-1]
    return bad
