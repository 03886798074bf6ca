"""The numbers beside rows that grouped rules read: in memory, the many in files.

A file for ten million numbers costs a tenth of the pass: written, closed, read and removed again.
Keep out: which numbers they are (grouped.py).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

KEPT = 192 << 20  # bytes that stay in memory: ten million keys with their rows
FILE = 64 << 20  # bytes of a file


class Side:
    """Takes batches in their order while they are judged, and gives them back as one frame."""

    def __init__(self, folder: Path, schema: pl.Schema) -> None:
        self._folder = folder
        self._kept = [pl.DataFrame(schema=schema)]
        self._waiting: list[pl.DataFrame] = []
        self._files: list[Path] = []
        self._room, self._waits = KEPT, 0

    def take(self, batch: pl.DataFrame) -> None:
        """Keep a batch in memory while there is room, or else in a file with others."""
        size = int(batch.estimated_size())
        if size <= self._room:
            self._kept.append(batch)
            self._room -= size
            return
        self._room = 0  # those that follow are in files too: their order stays
        self._waiting.append(batch)
        self._waits += size
        if self._waits >= FILE:
            self._write()

    def frame(self) -> pl.LazyFrame:
        """Return all batches in their order."""
        if self._waiting:
            self._write()
        kept = pl.concat(self._kept, rechunk=False).lazy()
        return pl.concat([kept, pl.scan_parquet(self._files)]) if self._files else kept

    def _write(self) -> None:
        path = self._folder / f"side-{len(self._files)}.parquet"
        rows = pl.concat(self._waiting, rechunk=False)
        rows.write_parquet(path, compression="uncompressed", statistics=False)
        self._files.append(path)
        self._waiting, self._waits = [], 0
