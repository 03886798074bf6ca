"""How a type is read: quickly as it mostly comes, leniently in every accepted way.

Keep out: the types.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from ingestion.conform.signs import BLANKS

Lenient = Callable[[pl.Series], pl.Series]


@dataclass(frozen=True)
class Reader:
    """Two ways to read text; the lenient one is given stripped text, blank or odd.

    `quick` leaves null what it does not accept, and blank text too.
    """

    quick: Callable[[pl.Expr], pl.Expr]
    lenient: Lenient


def again(text: pl.Series, quick: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    """Read a series in the quick way."""
    return text.to_frame("text").select(quick(pl.col("text"))).to_series()


def mended(value: pl.Series, text: pl.Series, lenient: Lenient) -> tuple[pl.Series, pl.Series]:
    """Read again the cells that have no value; where there are none this costs two counters."""
    if value.null_count() == text.null_count():
        return value, text
    doubtful = (value.is_null() & text.is_not_null()).arg_true()
    stripped = text.gather(doubtful).str.strip_chars(BLANKS)
    value = value.scatter(doubtful, lenient(stripped))
    return value, text.scatter(doubtful.filter(stripped == ""), None)
