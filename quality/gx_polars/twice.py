"""Hashes that occur more than once: shared out by their first bits, then met in a small table.

A quarter of the time of a sort, on two threads. Compiled, without the GIL. Imported inside
functions only: numba costs 0.6 s. Keep out: what rows with one hash mean (duplicates.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import polars as pl

from quality.gx_polars.plan import Hashes, Integers
from quality.gx_polars.texts import compiled

SHARES = 2  # threads
BITS = 9  # of the first index: 16 million hashes fall into parts whose tables fit a core's cache
LEAST = 16  # places of a table
TOP = np.uint64(64 - BITS)
NONE = np.uint64(0)  # an empty place; the hash 0 is counted beside


def twice(hashes: pl.Series) -> pl.Series:
    """Return each hash that occurs more than once; UInt64 without nulls, in any chunks."""
    shares = list(_shares(hashes))
    with ThreadPoolExecutor(SHARES) as pool:
        counts = np.stack(list(pool.map(_counted, shares)))
        ends = np.cumsum(counts.sum(axis=0))
        starts = ends - counts.sum(axis=0)
        placed = np.empty(len(hashes), np.uint64)
        own = starts + np.cumsum(counts, axis=0) - counts
        list(pool.map(lambda share, places: _place(share, places, placed), shares, own))
        parts = np.stack([starts, ends], axis=1)
        half = np.searchsorted(ends, len(hashes) // SHARES)
        found = list(pool.map(partial(_met, placed), (parts[:half], parts[half:])))
    return pl.Series(np.concatenate(found)).unique()


def _shares(hashes: pl.Series) -> Iterator[list[Hashes]]:
    """Yield a share of every chunk."""
    chunks = [chunk.to_numpy(allow_copy=False) for chunk in hashes.get_chunks()]
    for share in range(SHARES):
        yield [
            chunk[len(chunk) * share // SHARES : len(chunk) * (share + 1) // SHARES]
            for chunk in chunks
        ]


def _counted(share: Sequence[Hashes]) -> Integers:
    counts = np.zeros(1 << BITS, np.int64)
    for hashes in share:
        _count(hashes, counts)
    return counts


def _place(share: Sequence[Hashes], places: Integers, placed: Hashes) -> None:
    for hashes in share:
        _put(hashes, places, placed)


def _met(placed: Hashes, parts: Integers) -> Hashes:
    """Return the hashes of these parts that were met before, as often as they were."""
    sizes = parts[:, 1] - parts[:, 0]
    found = np.empty(int(sizes.sum()), np.uint64)
    table = np.empty(_places(int(sizes.max(initial=0))), np.uint64)
    return found[: _meet(placed, parts, table, found)].copy()


@compiled
def _places(most: int) -> int:
    """Return how many places a table for so many hashes has: a power of two, half of it empty."""
    places = LEAST
    while places < 2 * most:
        places *= 2
    return places


@compiled
def _count(hashes: Hashes, counts: Integers) -> None:
    """Count the hashes of each part."""
    for at in range(len(hashes)):
        counts[hashes[at] >> TOP] += 1


@compiled
def _put(hashes: Hashes, places: Integers, placed: Hashes) -> None:
    """Put each hash into its part; `places` tells where the next one of a part goes."""
    for at in range(len(hashes)):
        part = hashes[at] >> TOP
        placed[places[part]] = hashes[at]
        places[part] += 1


@compiled
def _meet(placed: Hashes, parts: Integers, table: Hashes, found: Hashes) -> int:
    """Fill `found` with the hashes that were met before in their part; return how many."""
    count, one = 0, np.uint64(1)
    for part in range(len(parts)):
        start, end = parts[part, 0], parts[part, 1]
        size = _places(end - start)
        mask, nothing = np.uint64(size - 1), False
        table[:size] = NONE
        for at in range(start, end):
            sought = placed[at]
            if sought == NONE:
                if nothing:
                    found[count] = sought
                    count += 1
                nothing = True
                continue
            place = sought & mask
            while table[place] != NONE and table[place] != sought:
                place = (place + one) & mask
            if table[place] == sought:
                found[count] = sought
                count += 1
            table[place] = sought
    return count
