"""Reading a Parquet delivery: columns by name, values as text unless their type is the declared.

Keep out: whether the file is whole (parquet_check), types of items beyond what Parquet itself says.
"""

from __future__ import annotations

import polars as pl

from catalog.entry import Entry
from catalog.schema import CITY_ZONE, ROW, RULES, SOURCE
from ingestion.candidate import NEW, Cells, no_malformed
from ingestion.delimited.marks import MOST_ODD
from ingestion.documents.parquet_check import NUMBER, check_whole, opened
from ingestion.drift import item_of
from ingestion.flood import check_kept
from ingestion.header import match, unknown_columns
from ingestion.source import Source

MOST_DIGITS = 38  # of a decimal in Arrow and Delta
# From here on a float stands for several whole numbers.
EXACT: dict[pl.DataType, int] = {pl.Float64(): 1 << 53, pl.Float32(): 1 << 24}
LOST = "_lost"


def read_parquet(entry: Entry, source: Source) -> Cells:
    """Return the cells of a Parquet delivery; DeliveryRefused when it cannot be read."""
    scan, schema, records = opened(source)
    columns = [name for name in schema.names() if name != NUMBER]
    matched = match(entry, columns, source.name)
    named = list(zip(columns, matched.names, strict=True))
    cells = [
        _cell(entry, name, column, schema[column], file_name=source.name) for column, name in named
    ]
    lossy = [c for c, name in named if schema[c].is_float() and not _measured(entry, name)]
    lost = pl.any_horizontal(
        pl.lit(value=False), *(pl.col(c).abs() >= EXACT.get(schema[c], 0) for c in lossy)
    )
    frame = scan.select(pl.col(NUMBER).cast(pl.Int64).alias(ROW), *cells, lost.alias(LOST))
    if entry.origin.connector != "sql":  # what was fetched from there, citylake wrote itself
        check_whole(source, scan)
    kept = frame.filter(~pl.col(LOST).fill_null(value=False)) if lossy else frame
    return Cells(
        kept.drop(LOST), records, _refused(frame, source.name) if lossy else no_malformed(),
        matched.notes, missing=matched.missing,
    )  # fmt: skip


def _refused(frame: pl.LazyFrame, file_name: str) -> pl.DataFrame:
    """Return rows in which a float stands for an identifier that it cannot hold."""
    lost = frame.filter(LOST).head(MOST_ODD + 1)
    text = pl.concat_str(pl.exclude(ROW, LOST).fill_null(""), separator="\t")
    reasons = pl.lit(["lost_digits"]).alias(RULES)
    rows = lost.select(ROW, text.alias(SOURCE), reasons).collect(engine="streaming")
    check_kept([rows], file_name)
    return rows


def _measured(entry: Entry, name: str) -> bool:
    """Tell whether a column is a quantity, which a float may stand for."""
    return name.startswith(NEW) or entry.item(name).type == "decimal"


def _cell(entry: Entry, name: str, column: str, dtype: pl.DataType, *, file_name: str) -> pl.Expr:
    """Return a column as text; refuse what no declared type accepts, such as nested columns."""
    if _is_plain(dtype):
        text = _text(column, dtype)
        # A gap makes floats of whole identifiers: 12345.0 is 12345.
        is_whole = dtype.is_float() and not _measured(entry, name)
        return (text.str.strip_suffix(".0") if is_whole else text).alias(name)
    label = f"{item_of(entry, name).title} of type {dtype}"
    if not name.startswith(NEW):
        raise unknown_columns(entry, [label], file_name)
    return pl.when(pl.col(column).is_not_null()).then(pl.lit(label)).alias(name)


def _is_plain(dtype: pl.DataType) -> bool:
    if isinstance(dtype, pl.Decimal):
        return (dtype.precision or 0) <= MOST_DIGITS
    return not (dtype.is_nested() or dtype in (pl.Binary, pl.Duration, pl.Object, pl.Unknown))


def _text(column: str, dtype: pl.DataType) -> pl.Expr:
    """Return a column as the text that a unit would write."""
    value = pl.col(column)
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone is not None:
            value = value.dt.convert_time_zone(CITY_ZONE).dt.replace_time_zone(None)
        return value.dt.to_string("%Y-%m-%d %H:%M:%S%.f")
    return value.cast(pl.String)
