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
from ingestion.conform.reader import Lenient, Reader, mended
from ingestion.conform.signs import BLANKS
from ingestion.conform.words import booleans, codes, documents, texts


def conform(
    frame: pl.LazyFrame,
    entry: Entry,
    *,
    serials: bool = False,
    plain: Collection[str] = (),
) -> pl.LazyFrame:
    """Return `_row`, each item typed as declared, and each item's cell.

    `serials`: bare numbers in date items are Excel's days (workbooks only). `plain`: items whose
    values were read with the text.
    """
    names, nulls = [item.name for item in entry.items], entry.origin.null_values
    odd = {i.name: (i, reader_of(i, serials=serials)) for i in entry.items if i.name not in plain}
    text = {name: _without(pl.col(name), nulls) for name in names}
    read = frame.select(
        ROW,
        *(
            (odd[n][1].quick(text[n]) if n in odd else _unless_null(text[n], n, nulls)).alias(n)
            for n in names
        ),
        *(text[name].alias(cell(name)) for name in names),
    )
    if not odd:
        return read
    both = read.with_columns(_mended(item, reader) for item, reader in odd.values())
    return both.select(
        ROW,
        *(pl.col(n).struct.field(n) if n in odd else n for n in names),
        *(pl.col(n).struct.field(cell(n)) if n in odd else cell(n) for n in names),
    )


def reader_of(item: Item, *, serials: bool = False) -> Reader:
    """Return how the item's type is read."""
    builders: dict[str, Callable[[], Reader]] = {
        "integer": lambda: integers(item),
        "decimal": lambda: decimals(item),
        "date": lambda: dates(item, serials=serials),
        "datetime": lambda: datetimes(item, serials=serials),
        "month": lambda: months(serials=serials),
        "boolean": booleans,
        "code": lambda: codes(item),
        "json": documents,
        "string": texts,
    }
    return builders[item.type]()


def _without(text: pl.Expr, nulls: tuple[str, ...]) -> pl.Expr:
    """Return the text without the entry's words for null."""
    if not nulls:
        return text
    return pl.when(~text.str.strip_chars(BLANKS).is_in(nulls)).then(text)


def _unless_null(text: pl.Expr, name: str, nulls: tuple[str, ...]) -> pl.Expr:
    """Return a value that was read already, null where its text is a word for null."""
    value = pl.col(PLAIN + name)
    return pl.when(text.is_not_null()).then(value) if nulls else value


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


def _mend(both: pl.Series, *, lenient: Lenient) -> pl.Series:
    value, text = both.struct.unnest().get_columns()
    return pl.DataFrame(mended(value, text, lenient)).to_struct(both.name)
