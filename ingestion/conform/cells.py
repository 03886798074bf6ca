"""One column of text: the typed values, and the cells as delivered (null where blank).

The quick way takes the whole column; only the cells that it could not read take the lenient way,
so that cost grows with the odd cells. Keep out: what each type accepts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import polars as pl

from catalog.entry import Entry, Item
from catalog.schema import ROW, cell, polars_type
from ingestion.conform.moments import dates, datetimes, months
from ingestion.conform.numbers import decimals, integers
from ingestion.conform.words import booleans, codes, documents, texts

VALUE, CELL = "value", "cell"


@dataclass(frozen=True)
class Reader:
    """How a type is read: quickly as it mostly comes, leniently in every accepted way.

    The lenient way is given stripped text. `quick` must leave null what it does not accept.
    """

    quick: Callable[[pl.Series], pl.Series]
    lenient: Callable[[pl.Series], pl.Series]


def conform(frame: pl.LazyFrame, entry: Entry, *, serials: bool = False) -> pl.LazyFrame:
    """Return `_row`, each item typed as declared, and each item's cell.

    `serials`: bare numbers in date items are Excel's days (workbooks only).
    """
    both = [_both(item, entry.origin.null_values, serials=serials) for item in entry.items]
    return frame.select(ROW, *both).select(
        ROW,
        *(pl.col(item.name).struct.field(VALUE).alias(item.name) for item in entry.items),
        *(pl.col(item.name).struct.field(CELL).alias(cell(item.name)) for item in entry.items),
    )


def _both(item: Item, nulls: tuple[str, ...], *, serials: bool) -> pl.Expr:
    """Return the expression of an item's value and cell together."""
    reader = reader_of(item, serials=serials)
    return pl.col(item.name).map_batches(
        partial(read_cells, reader=reader, nulls=nulls),
        return_dtype=pl.Struct({VALUE: polars_type(item), CELL: pl.String()}),
        is_elementwise=True,
    )


def reader_of(item: Item, *, serials: bool = False) -> Reader:
    """Return how the item's type is read."""
    builders: dict[str, Callable[[], tuple[Callable[..., pl.Series], Callable[..., pl.Series]]]] = {
        "integer": lambda: integers(item),
        "decimal": lambda: decimals(item),
        "date": lambda: dates(item, serials=serials),
        "datetime": lambda: datetimes(item, serials=serials),
        "month": months,
        "boolean": booleans,
        "code": codes,
        "json": documents,
        "string": texts,
    }
    return Reader(*builders[item.type]())


def read_cells(text: pl.Series, *, reader: Reader, nulls: tuple[str, ...]) -> pl.Series:
    """Return a struct of value and cell for every text of the column."""
    value = reader.quick(text)
    doubtful = (value.is_null() & text.is_not_null()).arg_true()
    if len(doubtful):
        value, text = _patched(value, text, doubtful, reader)
    if nulls:
        value, text = _without(value, text, nulls)
    return pl.DataFrame([value.alias(VALUE), text.alias(CELL)]).to_struct(text.name)


def _patched(
    value: pl.Series, text: pl.Series, doubtful: pl.Series, reader: Reader
) -> tuple[pl.Series, pl.Series]:
    """Read the doubtful cells leniently; blank ones become null cells."""
    odd = text.gather(doubtful)
    stripped = odd.str.strip_chars()
    blank = stripped == ""
    value = value.scatter(doubtful, reader.lenient(stripped))
    if blank.any():
        text = text.scatter(doubtful.filter(blank), None)
    return value, text


def _without(
    value: pl.Series, text: pl.Series, nulls: tuple[str, ...]
) -> tuple[pl.Series, pl.Series]:
    """Take the entry's words for null out of values and cells."""
    absent = text.str.strip_chars().is_in(nulls).arg_true()
    if not len(absent):
        return value, text
    return value.scatter(absent, None), text.scatter(absent, None)
