"""Statistics of a Parquet file for the Delta log, taken from its footer: bounds and null counts.

A wrong bound makes readers skip rows that are there, so what is not certain is left out.
Keep out: reading rows.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from lake.columns import INSTANT
from lake.errors import LakeError

PREFIX = 32  # characters of a string that a bound keeps
EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - UTC by definition, written with Z
LAST = "\U0010ffff"  # a shortened upper bound without it hides rows from every reader


@dataclass(frozen=True)
class Footer:
    """What a Parquet file says of itself."""

    path: Path
    rows: int
    size: int  # bytes
    columns: Mapping[str, pl.DataType]
    nulls: Mapping[str, int]  # of the columns that are no lists or structs
    stats: str  # JSON, as the Delta log wants it


def read_footer(path: Path) -> Footer:
    """Read a Parquet file's footer."""
    try:
        columns = dict(pl.read_parquet_schema(path))
        metadata = pq.read_metadata(path)
    except (OSError, pl.exceptions.PolarsError, ValueError) as error:
        raise LakeError(
            f"{path.name}: not a readable Parquet file ({error}): write it anew"
        ) from error
    nulls: dict[str, int] = {}
    bounds: dict[str, tuple[str, str]] = {}
    for index, name in _flat_columns(metadata):
        chunks = [metadata.row_group(g).column(index) for g in range(metadata.num_row_groups)]
        counted = [c.statistics for c in chunks if c.statistics and c.statistics.has_null_count]
        if len(counted) == len(chunks):
            nulls[name] = sum(s.null_count for s in counted)
            found = _bounds(counted, chunks, columns[name])
            if found is not None:
                bounds[name] = found
    stats = _document(metadata.num_rows, bounds, nulls)
    return Footer(path, metadata.num_rows, path.stat().st_size, columns, nulls, stats)


def _flat_columns(metadata: pq.FileMetaData) -> Iterator[tuple[int, str]]:
    for index in range(metadata.num_columns):
        column = metadata.schema.column(index)
        if column.max_repetition_level == 0 and column.path == column.name:
            yield index, column.name


def _bounds(statistics: list[Any], chunks: list[Any], dtype: pl.DataType) -> tuple[str, str] | None:
    filled = [s for s, c in zip(statistics, chunks, strict=True) if s.null_count < c.num_values]
    if not filled or not all(s.has_min_max for s in filled):
        return None
    try:
        if isinstance(dtype, pl.Datetime):  # pyarrow's own conversion imports pandas: 1 s
            low = _instant(min(s.min_raw for s in filled), dtype)
            high = _instant(max(s.max_raw for s in filled), dtype)
        else:
            low, high = _lower(min(s.min for s in filled)), _upper(max(s.max for s in filled))
    except (OverflowError, ValueError):  # a year that Python's calendar does not know
        return None
    return (low, high) if low is not None and high is not None else None


def _lower(value: object) -> str | None:
    if isinstance(value, str):
        return json.dumps(value[:PREFIX], ensure_ascii=False)
    return _exact(value)


def _upper(value: object) -> str | None:
    if isinstance(value, str):
        if len(value) <= PREFIX:
            return json.dumps(value, ensure_ascii=False)
        return None if value[PREFIX] == LAST else json.dumps(value[:PREFIX] + LAST)
    return _exact(value)


def _instant(microseconds: int, dtype: pl.Datetime) -> str | None:
    if dtype != INSTANT:
        return None
    return f'"{(EPOCH + dt.timedelta(microseconds=microseconds)).isoformat()}Z"'


def _exact(value: object) -> str | None:
    """Return a bound as JSON; none for booleans, bytes, and floats (a NaN leaves no trace)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return f'"{value.isoformat()}"'
    return None


def _document(rows: int, bounds: Mapping[str, tuple[str, str]], nulls: Mapping[str, int]) -> str:
    # Written by hand: decimals are bare numbers that a float would round.
    low = ",".join(f"{json.dumps(n, ensure_ascii=False)}:{b[0]}" for n, b in bounds.items())
    high = ",".join(f"{json.dumps(n, ensure_ascii=False)}:{b[1]}" for n, b in bounds.items())
    count = json.dumps(nulls, ensure_ascii=False)
    return (
        f'{{"numRecords":{rows},"minValues":{{{low}}},"maxValues":{{{high}}},"nullCount":{count}}}'
    )
