"""Hashes that occur more than once, against a sort."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from quality.gx_polars.twice import twice


def in_chunks(values: np.ndarray, chunks: int) -> pl.Series:
    parts = [pl.Series("hash", part, dtype=pl.UInt64) for part in np.array_split(values, chunks)]
    return pl.concat(parts, rechunk=False)


def by_sorting(hashes: pl.Series) -> list[int]:
    ordered = hashes.sort()
    return ordered.filter(ordered == ordered.shift(1)).unique().sort().to_list()


@pytest.mark.parametrize("size", [0, 1, 2, 7, 1_000, 300_000])
@pytest.mark.parametrize("kinds", [1, 2, 100, 100_000, 2**63])
@pytest.mark.parametrize("spread", [1, 0x9E3779B97F4A7C15])
def test_those_that_occur_again_are_found(size, kinds, spread):
    drawn = np.random.default_rng(size + kinds).integers(0, kinds, size, dtype=np.uint64)
    hashes = in_chunks(drawn * np.uint64(spread), 3)
    assert twice(hashes).sort().to_list() == by_sorting(hashes)


def test_nothing_is_found_where_each_occurs_once():
    hashes = pl.int_range(1_000_000, eager=True).hash()
    assert twice(hashes).to_list() == []


def test_the_hash_that_marks_an_empty_place_is_found_too():
    assert twice(pl.Series([0, 5, 0, 6, 5], dtype=pl.UInt64)).sort().to_list() == [0, 5]
    assert twice(pl.Series([0, 5, 6], dtype=pl.UInt64)).to_list() == []
