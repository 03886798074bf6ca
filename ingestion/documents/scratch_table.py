"""A scratch table of text columns, written batch by batch, read back lazily.

Keep out: what the columns mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from catalog.entry import Entry
from catalog.schema import ROW


class ScratchTable:
    """A Parquet file under way: `_row`, a text column an item, and more of them if asked for."""

    def __init__(self, path: Path, entry: Entry, more: Sequence[str] = ()) -> None:
        self._path = path
        names = [*(item.name for item in entry.items), *more]
        texts = [(name, pa.large_string()) for name in names]
        self._schema = pa.schema([(ROW, pa.int64()), *texts])
        self._writer = pq.ParquetWriter(
            path, self._schema, compression="lz4", use_dictionary=False, write_statistics=False
        )

    def __enter__(self) -> ScratchTable:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._writer.close()

    def append(self, rows: pl.DataFrame) -> None:
        """Write rows."""
        if len(rows):
            arrow = rows.select(self._schema.names).to_arrow(compat_level=pl.CompatLevel.oldest())
            self._writer.write_table(arrow.cast(self._schema))

    def scan(self) -> pl.LazyFrame:
        """Return all rows written, lazily; only once the table is closed."""
        return pl.scan_parquet(self._path, glob=False)
