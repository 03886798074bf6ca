"""Every column of text: the typed values, and the cells as delivered (null where blank).

The quick way is one expression over the whole column; only the cells that it left null take the
lenient way, so that cost grows with the odd cells. Keep out: what each type accepts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

import polars as pl

from catalog.entry import Entry, Item
from catalog.schema import ROW, cell, polars_type
from ingestion.candidate import PLAIN
from ingestion.conform.moments import dates, datetimes, months
from ingestion.conform.numbers import decimals, integers
from ingestion.conform.reader import Reader
from ingestion.conform.words import booleans, codes, texts


def conform(
    frame: pl.LazyFrame,
    entry: Entry,
    *,
    serials: bool = False,
    plain: Collection[str] = (),
) -> pl.LazyFrame:
    """Return `_row`, each item typed as declared, and each item's cell.

    `serials`: bare numbers in date items are Excel's days (workbooks only). `plain`: items whose
    plain values were read with the text.
    """
    readers = {item.name: reader_of(item, serials=serials) for item in entry.items}
    nulls = entry.origin.null_values
    text = {name: _without(pl.col(name), nulls) for name in readers}
    quick = {
        name: _unless_null(text[name], PLAIN + name, nulls)
        if name in plain
        else reader.quick(text[name])
        for name, reader in readers.items()
    }
    read = frame.select(
        ROW,
        *(value.alias(name) for name, value in quick.items()),
        *(text[name].alias(cell(name)) for name in readers),
    )
    mended = read.select(ROW, *(_mended(item, readers[item.name]) for item in entry.items))
    return mended.select(
        ROW,
        *(pl.col(name).struct.field(name) for name in readers),
        *(pl.col(name).struct.field(cell(name)) for name in readers),
    )


def reader_of(item: Item, *, serials: bool = False) -> Reader:
    """Return how the item's type is read."""
    builders: dict[str, Callable[[], Reader]] = {
        "integer": lambda: integers(item),
        "decimal": lambda: decimals(item),
        "date": lambda: dates(item, serials=serials),
        "datetime": lambda: datetimes(item, serials=serials),
        "month": months,
        "boolean": booleans,
        "code": lambda: codes(item),
        "json": texts,
        "string": texts,
    }
    return builders[item.type]()


def _without(text: pl.Expr, nulls: tuple[str, ...]) -> pl.Expr:
    """Return the text without the entry's words for null."""
    if not nulls:
        return text
    return pl.when(~text.str.strip_chars().is_in(nulls)).then(text)


def _unless_null(text: pl.Expr, value: str, nulls: tuple[str, ...]) -> pl.Expr:
    """Return a value that was read already, null where its text is a word for null."""
    return pl.when(text.is_not_null()).then(pl.col(value)) if nulls else pl.col(value)


def _mended(item: Item, reader: Reader) -> pl.Expr:
    """Return the struct of an item's value and cell, odd cells read leniently."""
    shape = pl.Struct({item.name: polars_type(item), cell(item.name): pl.String()})
    return (
        pl.struct(item.name, cell(item.name))
        .map_batches(
            partial(_mend, lenient=reader.lenient), return_dtype=shape, is_elementwise=True
        )
        .alias(item.name)
    )


def _mend(both: pl.Series, *, lenient: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Read again the cells that have no value; where there are none this costs two counters."""
    value, text = both.struct.unnest().get_columns()
    if value.null_count() == text.null_count():
        return both
    doubtful = (value.is_null() & text.is_not_null()).arg_true()
    stripped = text.gather(doubtful).str.strip_chars()
    value = value.scatter(doubtful, lenient(stripped))
    text = text.scatter(doubtful.filter(stripped == ""), None)
    return pl.DataFrame([value, text]).to_struct(both.name)
