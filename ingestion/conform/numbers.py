"""Integers and decimals: full-width digits, thousands separators, a trailing unit. Never rounded.

Keep out: ranges (quality).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import polars as pl

from catalog.entry import Item
from ingestion.conform.signs import half_width

Read = Callable[[pl.Series], pl.Series]
THOUSANDS = r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?$"


def integers(item: Item) -> tuple[Read, Read]:
    """Return the ways to read an integer; `12.0` is twelve, `12.5` is none."""

    def quick(text: pl.Series) -> pl.Series:
        return text.cast(pl.Int64, strict=False)

    def lenient(text: pl.Series) -> pl.Series:
        return quick(plain(text, item.unit).str.replace(r"^([+-]?[0-9]+)\.0*$", "${1}"))

    return quick, lenient


def decimals(item: Item) -> tuple[Read, Read]:
    """Return the ways to read a decimal; more decimals than declared are not cut off but null."""
    digits, scale = item.precision or (38, 0)
    shape = rf"^[+-]?[0-9]*(\.[0-9]{{0,{scale}}}0*)?$"
    dtype = pl.Decimal(digits, scale)

    def quick(text: pl.Series) -> pl.Series:
        value = text.cast(dtype, strict=False)
        shaped = text.str.contains(shape)  # the cast cuts 1.505 to 1.50 and reads 1e3
        if shaped.all():
            return value
        return value.zip_with(shaped.fill_null(value=False), pl.Series([None], dtype=dtype))

    def lenient(text: pl.Series) -> pl.Series:
        return quick(plain(text, item.unit))

    return quick, lenient


def plain(text: pl.Series, unit: str | None) -> pl.Series:
    """Return numbers in ASCII without their unit and thousands separators."""
    text = half_width(text).str.strip_chars()
    if unit:
        names = "|".join(re.escape(name) for name in sorted(spellings(unit)))
        text = text.str.replace(rf"(?i)\s*(\((?:{names})\)|(?:{names}))$", "")
    grouped = text.str.contains(THOUSANDS)
    return text.zip_with(
        ~grouped.fill_null(value=False), text.str.replace_all(",", "", literal=True)
    )


def spellings(unit: str) -> set[str]:
    """Return how a unit may be written: as declared, and with its signs on the line (m3)."""
    return {unit, unicodedata.normalize("NFKC", unit)}
