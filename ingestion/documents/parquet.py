"""Reading a Parquet delivery: columns by name, values as text unless their type is the declared.

Keep out: types of items beyond what Parquet itself says.
"""

from __future__ import annotations

import polars as pl

from catalog.entry import Entry, Item
from catalog.schema import CITY_ZONE, ROW
from ingestion.candidate import Cells, no_malformed
from ingestion.delivery import DeliveryRefused
from ingestion.drift import item_of
from ingestion.header import match, unknown_columns
from ingestion.mapped import empty
from ingestion.source import Source


def read_parquet(entry: Entry, source: Source) -> Cells:
    """Return the cells of a Parquet delivery; DeliveryRefused when it cannot be read."""
    if source.path.stat().st_size == 0:
        raise empty(source.name)
    scan = pl.scan_parquet(source.path, glob=False, row_index_name=ROW, row_index_offset=1)
    try:
        schema = scan.collect_schema()
        records = int(scan.select(pl.len()).collect().item())
    except pl.exceptions.PolarsError as error:
        raise DeliveryRefused(
            "unreadable",
            f"{source.name}: not a complete Parquet file ({str(error).splitlines()[0][:120]}) — "
            "deliver it again",
        ) from error
    columns = [name for name in schema.names() if name != ROW]
    matched = match(entry, columns, source.name)
    exprs = []
    for column, name in zip(columns, matched.names, strict=True):
        _check_plain(entry, item_of(entry, name), schema[column], source.name)
        exprs.append(_text(column, schema[column]).alias(name))
    frame = scan.select(pl.col(ROW).cast(pl.Int64), *exprs)
    return Cells(frame, records, no_malformed(), matched.notes, missing=matched.missing)


def _check_plain(entry: Entry, item: Item, dtype: pl.DataType, file_name: str) -> None:
    """Refuse nested and binary columns, which no declared type accepts."""
    if dtype.is_nested() or dtype == pl.Binary:
        label = f"{item.title} of type {dtype}"
        raise unknown_columns(entry, [label], file_name)


def _text(column: str, dtype: pl.DataType) -> pl.Expr:
    """Return a column as the text that a unit would write."""
    value = pl.col(column)
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone is not None:
            value = value.dt.convert_time_zone(CITY_ZONE).dt.replace_time_zone(None)
        return value.dt.to_string("%Y-%m-%d %H:%M:%S%.f")
    return value.cast(pl.String)
