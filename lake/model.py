"""A model's rows become a version of its table: the whole of it, or the slices that changed.

DuckDB copies to Parquet; one checked commit adds the files and takes the old ones out.
Keep out: dbt (dbt_plugin) and what has to be built (flows).
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from lake.change import Committed
from lake.columns import polars_type
from lake.errors import LakeError
from lake.slices import At, Slices, Stored, files_sql, stored
from lake.tables import Lake
from lake.text import identifier, literal

FEW_ROWS = 100_000  # a smaller file is written again with a change: small tables stay one file


@dataclass(frozen=True)
class Order:
    """One model to be written: its table, its query and what the commit is to say."""

    zone: str
    name: str
    sql: str
    action: str
    metadata: Mapping[str, str]
    required: Sequence[str]
    partition_by: str | None = None  # a file for each value: where days or months hold many rows


@dataclass(frozen=True)
class Part:
    """The slices of a table that are made anew, on the version that has the others."""

    zone: str
    name: str
    slices: Slices
    onto: int

    @property
    def at(self) -> At:
        """Return the version that has the others."""
        return At(self.zone, self.name, self.onto)


def write_whole(cursor: duckdb.DuckDBPyConnection, lake: Lake, order: Order) -> Committed:
    """Write every row of a model as the next version."""
    with _folder(lake) as folder:
        return lake.commit(
            order.zone,
            order.name,
            _copy(cursor, order.sql, folder, order.partition_by),
            schema=_schema(cursor, order.sql),
            action=order.action,
            metadata=order.metadata,
            mode="overwrite",
            required=order.required,
        )


def write_part(
    cursor: duckdb.DuckDBPyConnection, lake: Lake, order: Order, part: Part
) -> Committed:
    """Write the rows of some slices in the place of those that a version has of them."""
    schema = _schema(cursor, order.sql)
    gone = _replaced(lake, order, part)
    kept = [file for file in gone if not part.slices.cover(file)]
    with _folder(lake) as folder:
        columns = ", ".join(identifier(name) for name in schema)
        sql = f"select {columns} from ({order.sql}\n)"
        if kept:
            others = f"({part.slices.condition}) is not true"
            rows = files_sql(lake, part.at, kept)
            sql += f" union all select {columns} from {rows} where {others}"
        files = _copy(cursor, sql, folder, order.partition_by)
        _check_within(cursor, lake, order, part, files=files, kept=kept)
        return lake.replace(
            order.zone,
            order.name,
            files,
            gone=[file.path for file in gone],
            onto=part.onto,
            schema=schema,
            action=order.action,
            metadata=order.metadata,
            required=order.required,
        )


def _replaced(lake: Lake, order: Order, part: Part) -> list[Stored]:
    files = stored(lake, part.at, part.slices.column)
    return [
        file
        for file in files
        if part.slices.meet(file) or (order.partition_by is None and file.rows < FEW_ROWS)
    ]


def _check_within(
    cursor: duckdb.DuckDBPyConnection,
    lake: Lake,
    order: Order,
    part: Part,
    *,
    files: Sequence[Path],
    kept: Sequence[Stored],
) -> None:
    """Refuse rows of other slices than those asked for: they stand in the table already."""
    outside = f"where ({part.slices.condition}) is not true"
    made = f"read_parquet([{', '.join(literal(str(file)) for file in files)}])"
    written = _count(cursor, f"{made} {outside}") if files else 0
    stood = files_sql(lake, part.at, kept) if kept else ""
    if written != (_count(cursor, f"{stood} {outside}") if kept else 0):
        raise LakeError(
            f"{order.zone}.{order.name}: gives rows of other {part.slices.column} than those that "
            "changed in what it follows: drop `follows` from its entry, or correct its SQL"
        )


def _count(cursor: duckdb.DuckDBPyConnection, source: str) -> int:
    found = cursor.execute(f"select count(*) from {source}").fetchone()
    return 0 if found is None else int(found[0])


def _schema(cursor: duckdb.DuckDBPyConnection, sql: str) -> dict[str, pl.DataType]:
    query = cursor.sql(f"select * from ({sql}\n) limit 0")
    types = zip(query.columns, query.types, strict=True)
    return {column: polars_type(column, kind) for column, kind in types}


def _copy(
    cursor: duckdb.DuckDBPyConnection, sql: str, folder: Path, partition_by: str | None
) -> list[Path]:
    how = "per_thread_output true"
    if partition_by is not None:
        how = f"partition_by ({identifier(partition_by)}), write_partition_columns true"
    cursor.execute(
        f"copy ({sql}\n) to {literal(str(folder))} (format parquet, compression zstd, {how})"
    )
    return sorted(folder.rglob("*.parquet"))


@contextmanager
def _folder(lake: Lake) -> Iterator[Path]:
    folder = lake.scratch.absolute() / f"model-{uuid.uuid4().hex}"
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
