"""Integers and decimals: full-width digits, thousands separators, a trailing unit. Never rounded.

Keep out: ranges (quality).
"""

from __future__ import annotations

import re
import unicodedata

import polars as pl

from catalog.entry import Item
from ingestion.conform.reader import Reader, again
from ingestion.conform.signs import half_width

THOUSANDS = r"^[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?$"  # 0,125 is no 125


def integers(item: Item) -> Reader:
    """Return the ways to read an integer; `12.0` is twelve, `12.5` is none."""

    def quick(text: pl.Expr) -> pl.Expr:
        return text.cast(pl.Int64, strict=False)

    def lenient(text: pl.Series) -> pl.Series:
        return again(plain(text, item.unit).str.replace(r"^([+-]?[0-9]+)\.0*$", "${1}"), quick)

    return Reader(quick, lenient)


def decimals(item: Item) -> Reader:
    """Return the ways to read a decimal; more decimals than declared are not cut off but null."""
    digits, scale = item.precision or (38, 0)
    shape = rf"^[+-]?[0-9]*(\.[0-9]{{0,{scale}}}0*)?$"

    def quick(text: pl.Expr) -> pl.Expr:  # the cast alone cuts 1.505 to 1.50 and reads 1e3
        shaped = text.str.contains(shape)
        return pl.when(shaped).then(text.cast(pl.Decimal(digits, scale), strict=False))

    return Reader(quick, lambda text: again(plain(text, item.unit), quick))


def plain(text: pl.Series, unit: str | None) -> pl.Series:
    """Return numbers in ASCII without their unit and thousands separators."""
    text = half_width(text).str.strip_chars()
    if unit:
        names = "|".join(re.escape(name) for name in sorted(spellings(unit)))
        text = text.str.replace(rf"(?i)\s*(\(\s*(?:{names})\s*\)|(?:{names}))$", "")
    grouped = text.str.contains(THOUSANDS)
    return text.zip_with(
        ~grouped.fill_null(value=False), text.str.replace_all(",", "", literal=True)
    )


def spellings(unit: str) -> set[str]:
    """Return how a unit may be written: as declared, with its signs on the line (m3), as yuan."""
    written = {unit, unicodedata.normalize("NFKC", unit)}
    if unit.endswith("元"):  # the business register writes 万元人民币 and 万人民币 for 万元
        written |= {
            f"{unit}人民币",
            f"人民币{unit}",
            f"{unit.removesuffix('元')}人民币",
            f"{unit.removesuffix('元')}人民币元",
        }
    return written
