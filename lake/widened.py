"""Rows from before a table had all of its columns.

Keep out: which columns those are (tables.py, and the catalog's entries).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from lake.errors import LakeError


def widened(path: Path, columns: Mapping[str, pl.DataType]) -> pl.LazyFrame:
    """Return the rows of a file with the columns that its table has besides, empty.

    LakeError where a column is of another type than the table's.
    """
    rows = pl.scan_parquet(path)
    has = rows.collect_schema()
    for name, kind in has.items():
        if columns[name] != kind:
            raise LakeError(f"column {name} was {kind}, and is {columns[name]} now")
    none = [pl.lit(None, kind).alias(name) for name, kind in columns.items() if name not in has]
    return rows.with_columns(none).select(list(columns))
