"""Slices: the rows of a table that bear certain values of one column, and the files they are in.

A slice is what an incremental model reads and replaces. Files are chosen by the bounds in the
log: `delta_scan` opens every file for an IN list (measured). Keep out: which values changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from catalog.schema import DELIVERY
from lake.columns import duckdb_type
from lake.errors import LakeError
from lake.store.place import delta_options, object_options
from lake.tables import Lake
from lake.text import identifier, literal

Value = dt.date | str


@dataclass(frozen=True)
class At:
    """A version of a table."""

    zone: str
    name: str
    version: int


@dataclass(frozen=True)
class Stored:
    """A file of a version, with the bounds of one column; without bounds it may hold anything."""

    path: str
    rows: int
    size: int
    low: Value | None
    high: Value | None


@dataclass(frozen=True)
class Slices:
    """Rows whose `column` has one of these values."""

    column: str
    values: tuple[Value, ...]

    @property
    def condition(self) -> str:
        """Return the SQL condition of these rows."""
        listed = ", ".join(_sql(value) for value in self.values)
        return f"{identifier(self.column)} in ({listed})" if self.values else "false"

    def meet(self, file: Stored) -> bool:
        """Tell whether a file may hold such a row."""
        if file.low is None or file.high is None:
            return bool(self.values)
        return any(file.low <= value <= file.high for value in self.values)  # type: ignore[operator]

    def cover(self, file: Stored) -> bool:
        """Tell whether a file surely holds no other rows."""
        return file.low is not None and file.low == file.high and file.low in self.values


def stored(lake: Lake, at: At, column: str) -> tuple[Stored, ...]:
    """Return the files of a version with the bounds of a column."""
    known = pl.DataFrame(_open(lake, at).get_add_actions(flatten=True))
    if known.is_empty():
        return ()
    bounds = [
        pl.col(f"{kind}.{column}") if f"{kind}.{column}" in known.columns else pl.lit(None)
        for kind in ("min", "max")
    ]
    rows = known.select("path", "num_records", "size_bytes", bounds[0].alias("l"), bounds[1])
    return tuple(Stored(*row) for row in rows.iter_rows())


def files_sql(lake: Lake, at: At, files: Iterable[Stored]) -> str:
    """Return the SQL that reads these files of a table, at least one."""
    paths = ", ".join(literal(f"{lake.uri(at.zone, at.name)}/{file.path}") for file in files)
    return f"read_parquet([{paths}], union_by_name = true)"


def files_of(lake: Lake, at: At, only: Slices | None = None) -> str:
    """Return the SQL that reads a version, or slices of it, from its files by name.

    Deletion vectors are not looked for: our commits write none.
    """
    nothing = no_rows(lake.scan(at.zone, at.name, at.version).collect_schema())
    files = stored(lake, at, DELIVERY if only is None else only.column)
    chosen = [file for file in files if only is None or only.meet(file)]
    if not chosen:
        return nothing
    where = "" if only is None else f" where {only.condition}"
    return f"{nothing} union all by name select * from {files_sql(lake, at, chosen)}{where}"


def rows_of(lake: Lake, at: At, files: Iterable[Stored]) -> pl.LazyFrame:
    """Return the rows of these files of a version."""
    uris = [f"{lake.uri(at.zone, at.name)}/{file.path}" for file in files]
    if not uris:
        return pl.LazyFrame(schema=lake.scan(at.zone, at.name, at.version).collect_schema())
    options = object_options(lake.place)
    return pl.scan_parquet(uris, storage_options=options, glob=False, missing_columns="insert")


def slices_of(lake: Lake, at: At, only: Slices) -> pl.LazyFrame:
    """Return the rows of some slices of a version, read from the files that may hold them."""
    files = [file for file in stored(lake, at, only.column) if only.meet(file)]
    rows = rows_of(lake, at, files)
    return rows.filter(pl.col(only.column).is_in(list(only.values))) if only.values else rows


def no_rows(schema: Mapping[str, pl.DataType]) -> str:
    """Return the SQL of an empty table."""
    columns = (
        f"cast(null as {duckdb_type(name, dtype)}) as {identifier(name)}"
        for name, dtype in schema.items()
    )
    return f"select {', '.join(columns)} where false"


def _open(lake: Lake, at: At) -> DeltaTable:
    uri, options = lake.uri(at.zone, at.name), delta_options(lake.place)
    try:
        return DeltaTable(uri, version=at.version, storage_options=options)
    except (DeltaError, OSError) as error:
        said = " ".join(str(error).split())[:200]
        where = f"{at.zone}.{at.name} version {at.version}"
        raise LakeError(f"{where}: cannot be read: {said}") from error


def _sql(value: Value) -> str:
    return literal(value) if isinstance(value, str) else f"date '{value.isoformat()}'"
