"""Rows in the order of time beside their predecessors: a table of series instead of a sort.

Compiled, without the GIL. Imported inside functions only: numba costs 0.6 s.
Keep out: judging (settle.py), and what a series is (series.py).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from quality.gx_polars.keys import MIX
from quality.gx_polars.plan import Booleans, Floats, Hashes, Integers
from quality.gx_polars.texts import compiled

Numbers = np.ndarray[Any, np.dtype[np.int32]]
SHARES = 2  # threads: each walks the series of its share
FEW = 10_000  # rows that are walked before a thread has started
BITS = 12  # of a share's first index
NEVER = np.iinfo(np.int64).min
SPREAD = np.uint64(MIX)
# What is known of a series: its moment and last good value then, and those of the moment before.
MOMENT, VALUE, BEFORE, LAST, WORDS = range(5)


class Walked(NamedTuple):
    """Rows in the order of time, and beside each the last good row of an earlier moment."""

    series: Hashes
    order: Integers
    value: Floats
    good: Booleans  # may be a predecessor
    before: Floats  # NaN where there is none
    gap: Integers  # to it in the order, 0 where there is none


def walk(series: Hashes, order: Integers, value: Floats, good: Booleans) -> Walked:
    """Find the predecessors of rows that come in the order of time."""
    size = len(series)
    walked = Walked(series, order, value, good, np.empty(size), np.empty(size, np.int64))
    numbers = np.empty(size, np.int32)
    if size < FEW:
        for share in range(SHARES):
            _share(walked, numbers, share)
        return walked
    with ThreadPoolExecutor(SHARES) as pool:
        shares = [pool.submit(_share, walked, numbers, share) for share in range(SHARES)]
        for done in shares:
            done.result()
    return walked


def _share(walked: Walked, numbers: Numbers, share: int) -> None:
    _meet(walked, numbers, _number(walked.series, share, numbers), share)


@compiled
def _number(series: Hashes, share: int, numbers: Numbers) -> int:
    """Number the series of a share as they appear; return how many there are."""
    index, known, count, at = np.zeros(1 << BITS, np.int32), np.zeros(1 << BITS, np.uint64), 0, 0
    for row in range(len(series)):
        name = series[row]
        if name >> np.uint64(63) != np.uint64(share):
            continue
        # Most files list the same series at each moment in the same order.
        at = at + 1 if at + 1 < count else 0
        if count == 0 or known[at] != name:
            place = _place(index, known, name)
            at = index[place] - 1
            if at < 0:
                at, count = count, count + 1
                index[place], known[at] = count, name
                if 2 * count == len(index):
                    known = np.concatenate((known, np.zeros(len(known), np.uint64)))
                    index = _index(known, count)
        numbers[row] = at
    return count


@compiled
def _place(index: Numbers, known: Hashes, name: np.uint64) -> np.uint64:
    """Return where the index has a series, or where it is to be put."""
    last = np.uint64(len(index) - 1)
    at = (name * SPREAD) >> np.uint64(20) & last
    while index[at] > 0 and known[index[at] - 1] != name:
        at = (at + np.uint64(1)) & last
    return at


@compiled
def _index(known: Hashes, count: int) -> Numbers:
    """Return an index with as many places as there is room for series."""
    index = np.zeros(len(known), np.int32)
    for at in range(count):
        index[_place(index, known, known[at])] = at + 1
    return index


@compiled
def _meet(rows: Walked, numbers: Numbers, count: int, share: int) -> None:
    """Tell each row of a share its predecessor."""
    known = np.zeros((count, WORDS), np.int64)
    values = known.view(np.float64)
    known[:, MOMENT] = NEVER
    values[:, VALUE], values[:, LAST] = np.nan, np.nan
    for row in range(len(rows.series)):
        if rows.series[row] >> np.uint64(63) != np.uint64(share):
            continue
        at, order = numbers[row], rows.order[row]
        if order > known[at, MOMENT]:
            if not np.isnan(values[at, VALUE]):
                known[at, BEFORE], known[at, LAST] = known[at, MOMENT], known[at, VALUE]
            known[at, MOMENT], values[at, VALUE] = order, np.nan
        before = values[at, LAST]
        rows.before[row] = before
        rows.gap[row] = 0 if np.isnan(before) else order - known[at, BEFORE]
        if rows.good[row]:
            values[at, VALUE] = rows.value[row]
