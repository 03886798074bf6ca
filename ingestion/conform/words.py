"""Texts, codes, JSON and booleans. A JSON value is a text: it stays as it was written.

Keep out: code lists, lengths and patterns (quality).
"""

from __future__ import annotations

import polars as pl

from catalog.entry import Item
from ingestion.conform.reader import Reader, again
from ingestion.conform.signs import BLANKS, half_width, half_width_words

TRUTH = {
    "是": True, "true": True, "1": True, "y": True,
    "否": False, "false": False, "0": False, "n": False,
}  # fmt: skip


def texts() -> Reader:
    """Return the ways to read a text: without the spaces around it."""
    return Reader(_stripped, lambda text: again(text, _stripped))


def codes(item: Item) -> Reader:
    """Return the ways to read a code: full-width digits and letters are ASCII.

    Where the declared values are themselves Chinese words, every cell would be an odd one.
    """
    if not all(value.isascii() for value in item.values):
        return texts()

    def quick(text: pl.Expr) -> pl.Expr:
        code = _stripped(text)
        return pl.when(code.str.len_bytes() == code.str.len_chars()).then(code)

    return Reader(quick, lambda text: again(half_width_words(text), _stripped))


def documents() -> Reader:
    """Return the ways to read a JSON value: as the text that it is, when it is one."""

    def quick(text: pl.Expr) -> pl.Expr:
        value = _stripped(text)
        found = value.str.json_path_match("$")  # null of what is no JSON, and of null itself
        return pl.when(found.is_not_null() | (value == "null")).then(value)

    return Reader(quick, lambda text: again(text, quick))


def booleans() -> Reader:
    """Return the ways to read a truth value: 是/否, true/false, 1/0, Y/N."""

    def quick(text: pl.Expr) -> pl.Expr:
        return text.replace_strict(TRUTH, default=None, return_dtype=pl.Boolean)

    return Reader(quick, lambda text: again(half_width(text).str.to_lowercase(), quick))


def _stripped(text: pl.Expr) -> pl.Expr:
    stripped = text.str.strip_chars(BLANKS)
    return pl.when(stripped.str.len_bytes() > 0).then(stripped)
