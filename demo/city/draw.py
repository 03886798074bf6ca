"""Random draws by seed and purpose: each purpose has a stream of its own.

So a table that is added or grows leaves every other table as it was.
Keep out: what the draws mean.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import polars as pl

from demo.city.identifiers import Ints


def stream(seed: int, *purpose: object) -> np.random.Generator:
    """Return the generator of a purpose, the same for the same seed."""
    name = zlib.crc32("/".join(map(str, purpose)).encode())
    return np.random.Generator(np.random.PCG64([seed, name]))


def pick(rng: np.random.Generator, values: Sequence[str], count: int) -> pl.Series:
    """Return as many of the values as asked, each as likely."""
    return pl.Series(values).gather(rng.integers(0, len(values), count))


def weigh(rng: np.random.Generator, weights: dict[str, float], count: int) -> pl.Series:
    """Return as many of the values as asked, by weight."""
    shares = np.array(list(weights.values()))
    chosen = rng.choice(len(shares), size=count, p=shares / shares.sum())
    return pl.Series(list(weights)).gather(chosen)


def spread(rng: np.random.Generator, groups: int, count: int) -> Ints:
    """Return a group for each of `count`: at first by turns, so that none stays empty."""
    by_turn = np.arange(count, dtype=np.int64) % groups
    by_chance = rng.integers(0, groups, count)
    first = groups * 20
    return np.where(np.arange(count) < first, by_turn, by_chance)


def by_turns(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return the rows with one of each group after another, so that each comes early."""
    turn = pl.int_range(pl.len()).over(column).alias("turn")
    return frame.with_columns(turn).sort("turn", column, maintain_order=True).drop("turn")


def days_between(rng: np.random.Generator, span: tuple[str, str], count: int) -> pl.Series:
    """Return days of a span, both ends included."""
    first, last = (np.datetime64(day, "D").astype(np.int64) for day in span)
    return pl.Series(rng.integers(first, last + 1, count)).cast(pl.Int32).cast(pl.Date)


def hundredths(numbers: Ints) -> pl.Series:
    """Return whole hundredths as exact decimals: 1234 is 12.34."""
    exact = pl.Series(numbers).cast(pl.Decimal(18, 2)) * pl.Series(["0.01"]).cast(pl.Decimal(4, 2))
    return exact.cast(pl.Decimal(18, 2))
