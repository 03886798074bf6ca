"""Texts, codes, booleans and JSON documents.

Keep out: code lists, lengths and patterns (quality).
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from ingestion.conform.signs import half_width, half_width_words

Read = Callable[[pl.Series], pl.Series]
TRUTH = {
    "是": True, "true": True, "1": True, "y": True,
    "否": False, "false": False, "0": False, "n": False,
}  # fmt: skip


def texts() -> tuple[Read, Read]:
    """Return the ways to read a text: without the spaces around it."""
    return _stripped, _nothing


def codes() -> tuple[Read, Read]:
    """Return the ways to read a code: a text whose full-width digits and letters are ASCII."""

    def quick(text: pl.Series) -> pl.Series:
        value = _stripped(text)
        if (value.str.len_bytes() == value.str.len_chars()).all():
            return value
        few = value.unique()  # codes repeat: looking at each once costs a third
        return value if (half_width_words(few) == few).all() else half_width_words(value)

    return quick, _nothing


def booleans() -> tuple[Read, Read]:
    """Return the ways to read a truth value: 是/否, true/false, 1/0, Y/N."""

    def quick(text: pl.Series) -> pl.Series:
        return text.replace_strict(TRUTH, default=None, return_dtype=pl.Boolean)

    def lenient(text: pl.Series) -> pl.Series:
        return quick(half_width(text).str.to_lowercase())

    return quick, lenient


def documents() -> tuple[Read, Read]:
    """Return the ways to read a JSON document, which stays as it was written."""
    return _stripped, _nothing


def _stripped(text: pl.Series) -> pl.Series:
    value = text.str.strip_chars()
    blank = value.str.len_bytes() == 0
    return value.set(blank, None) if blank.any() else value


def _nothing(text: pl.Series) -> pl.Series:
    """Return nulls: what the quick way left is blank."""
    return pl.Series([None], dtype=pl.String).new_from_index(0, len(text))
