"""Types of columns as Polars, Delta and DuckDB name them; what has no Delta type is refused.

Keep out: what a table's columns are (catalog.schema) and reading them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import polars as pl
from deltalake.schema import ArrayType, Field, PrimitiveType, Schema, StructType
from duckdb.sqltypes import DuckDBPyType
from polars.datatypes import DataTypeClass

from lake.errors import LakeError

DeltaType = PrimitiveType | ArrayType | StructType
INSTANT = pl.Datetime("us", "UTC")
# Delta, DuckDB and Polars name of each plain type.
PLAIN: tuple[tuple[str, str, pl.DataType], ...] = (
    ("boolean", "BOOLEAN", pl.Boolean()),
    ("byte", "TINYINT", pl.Int8()),
    ("short", "SMALLINT", pl.Int16()),
    ("integer", "INTEGER", pl.Int32()),
    ("long", "BIGINT", pl.Int64()),
    ("float", "FLOAT", pl.Float32()),
    ("double", "DOUBLE", pl.Float64()),
    ("string", "VARCHAR", pl.String()),
    ("binary", "BLOB", pl.Binary()),
    ("date", "DATE", pl.Date()),
    ("timestamp", "TIMESTAMP WITH TIME ZONE", INSTANT),
)


def delta_schema(schema: Mapping[str, pl.DataType], required: Collection[str]) -> Schema:
    """Return the Delta schema of these columns; `required` ones take no nulls."""
    missing = [name for name in required if name not in schema]
    if missing:
        raise LakeError(f"required column {missing[0]} is not among the columns")
    return Schema(
        [
            Field(name, _delta(name, dtype), nullable=name not in required)
            for name, dtype in schema.items()
        ]
    )


def duckdb_type(name: str, dtype: pl.DataType) -> str:
    """Return the DuckDB name of a column's type."""
    if isinstance(dtype, pl.Decimal):
        return f"DECIMAL({dtype.precision}, {dtype.scale})"
    if isinstance(dtype, pl.List):
        return f"{duckdb_type(name, _inner(dtype.inner))}[]"
    if isinstance(dtype, pl.Struct):
        fields = (f'"{f.name}" {duckdb_type(name, _inner(f.dtype))}' for f in dtype.fields)
        return f"STRUCT({', '.join(fields)})"
    return _plain(name, dtype)[1]


def polars_type(name: str, kind: DuckDBPyType) -> pl.DataType:
    """Return the Polars type of a column of a DuckDB query; refuse what Delta cannot hold."""
    parts: list[tuple[str, Any]] = kind.children if kind.id in {"decimal", "list", "struct"} else []
    if kind.id == "decimal":
        return pl.Decimal(parts[0][1], parts[1][1])
    if kind.id == "list":
        return pl.List(polars_type(name, parts[0][1]))
    if kind.id == "struct":
        return pl.Struct({field: polars_type(name, inner) for field, inner in parts})
    for _, duckdb_name, dtype in PLAIN:
        if duckdb_name == str(kind):
            return dtype
    raise LakeError(f"column {name}: no Delta type for DuckDB {kind}: cast it in the model")


def _delta(name: str, dtype: pl.DataType) -> DeltaType:
    if isinstance(dtype, pl.Decimal):
        return PrimitiveType(f"decimal({dtype.precision},{dtype.scale})")
    if isinstance(dtype, pl.List):
        return ArrayType(_delta(name, _inner(dtype.inner)), contains_null=True)
    if isinstance(dtype, pl.Struct):
        return StructType([Field(f.name, _delta(name, _inner(f.dtype))) for f in dtype.fields])
    return PrimitiveType(_plain(name, dtype)[0])


def _inner(dtype: pl.DataType | DataTypeClass) -> pl.DataType:
    return dtype if isinstance(dtype, pl.DataType) else dtype()


def _plain(name: str, dtype: pl.DataType) -> tuple[str, str]:
    for delta, duckdb_name, plain in PLAIN:
        if plain == dtype:
            return delta, duckdb_name
    hint = f"cast it to {INSTANT}" if isinstance(dtype, pl.Datetime) else "cast it"
    raise LakeError(f"column {name}: no Delta type for {dtype}: {hint}")
