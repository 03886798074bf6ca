"""One column of fields becomes a typed column and a column of text, without a copy in between.

Cells that are not plain are read again at once, while they are at hand: asked of each column in
the pass, that cost a tenth of it. Keep out: where fields lie (delimited).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from catalog.entry import Item
from ingestion.conform.cells import reader_of
from ingestion.conform.plain import Column, Flags, Words, filled, neat, plain_texts, trim, views
from ingestion.conform.plain_values import DIGITS, dates, numbers
from ingestion.conform.reader import mended

Read = tuple[pl.Series, pl.Series]  # values, and cells


def reader_of_bytes(item: Item) -> Callable[[Column], Read] | None:
    """Return how an item's cells are read from bytes; None where they are read from text."""
    plain = _plain(item)
    if plain is None:
        return None
    lenient = reader_of(item).lenient
    return lambda column: mended(*plain(column), lenient)


def _plain(item: Item) -> Callable[[Column], Read] | None:
    """Return how an item's plain cells are read; what is not plain is left null."""
    if item.type == "string":
        return partial(_texts, only_ascii=False)
    if item.type == "code":
        return partial(_texts, only_ascii=all(value.isascii() for value in item.values))
    if item.type == "date" and item.format is None:
        return _dates
    if item.type == "integer":
        return _integers
    digits, scale = item.precision or (DIGITS + 1, 0)
    if item.type == "decimal" and digits <= DIGITS:
        return partial(_decimals, digits=digits, scale=scale)
    return None


def cells(column: Column, plain: Flags | None = None) -> pl.Series:
    """Return the text of all fields as delivered, null where blank; what is plain is not blank."""
    present = plain
    if present is None or not present.all():
        present = np.empty(len(column.starts), np.bool_)
        filled(column, present)
    return _views(column, present)


def _texts(column: Column, *, only_ascii: bool) -> Read:
    found: Words = np.empty((len(column.starts), 2), np.uint64)
    present = np.empty(len(column.starts), np.bool_)
    if neat(column, only_ascii, found, present):  # one look instead of three, at most texts
        cell = _series(pa.string_view(), found, present, column.data)
        return cell, cell
    return _trimmed(column, only_ascii=only_ascii)


def _trimmed(column: Column, *, only_ascii: bool) -> Read:
    within = Column(column.data, np.empty_like(column.starts), np.empty_like(column.ends))
    present, plain = np.empty(len(column.starts), np.bool_), np.empty(len(column.starts), np.bool_)
    trimmed = trim(column, within, present)
    odd = plain_texts(within, only_ascii, plain)
    cell = _views(column, present)
    if not trimmed and not odd:
        return cell, cell
    return _views(within, plain), cell


def _dates(column: Column) -> Read:
    found, plain = np.empty(len(column.starts), np.int32), np.empty(len(column.starts), np.bool_)
    dates(column, found, plain)
    return _series(pa.date32(), found, plain), cells(column, plain)


def _integers(column: Column) -> Read:
    found, plain = _numbers(column, (DIGITS, 0))
    return _series(pa.int64(), np.ascontiguousarray(found[:, 0]), plain), cells(column, plain)


def _decimals(column: Column, *, digits: int, scale: int) -> Read:
    found, plain = _numbers(column, (digits - scale, scale))
    return _series(pa.decimal128(digits, scale), found, plain), cells(column, plain)


def _numbers(column: Column, shape: tuple[int, int]) -> tuple[NDArray[np.int64], Flags]:
    found = np.empty((len(column.starts), 2), np.int64)
    plain = np.empty(len(column.starts), np.bool_)
    numbers(column, shape, found, plain)
    return found, plain


def _views(column: Column, present: Flags) -> pl.Series:
    found: Words = np.empty((len(column.starts), 2), np.uint64)
    views(column, column.data.view(np.uint64), found)
    return _series(pa.string_view(), found, present, column.data)


def _series(kind: pa.DataType, values: np.ndarray, present: Flags, *more: np.ndarray) -> pl.Series:
    """Take arrays over as a series; the text is known to be UTF-8, since the scanner looked."""
    nulls = None
    if not present.all():
        nulls = pa.py_buffer(np.packbits(present, bitorder="little"))
    buffers = [nulls, *(pa.py_buffer(array) for array in (values, *more))]
    array = pa.Array.from_buffers(kind, len(present), buffers)
    series = pl.from_arrow(array)
    assert isinstance(series, pl.Series)
    return series
