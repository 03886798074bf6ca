"""How a type is read: quickly as it mostly comes, leniently in every accepted way.

Keep out: the types.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Reader:
    """Two ways to read text; the lenient one is given stripped text, blank or odd.

    `quick` leaves null what it does not accept, and blank text too.
    """

    quick: Callable[[pl.Expr], pl.Expr]
    lenient: Callable[[pl.Series], pl.Series]


def again(text: pl.Series, quick: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    """Read a series in the quick way."""
    return text.to_frame("text").select(quick(pl.col("text"))).to_series()
