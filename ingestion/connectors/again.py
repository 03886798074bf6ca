"""The same rows come back after others: a delivery of its own, so its bytes must differ.

Without this a table that returns to an earlier state would be taken for a repeat of that
delivery, and the state between would stand for ever. Keep out: deciding that it is so.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq


def stamp(path: Path, mark: str) -> None:
    """Put a mark into a fetched file where no reader takes it for a row."""
    if _is_parquet(path):
        _stamp_parquet(path, mark)
    else:
        with path.open("ab") as file:
            file.write(_spaces(mark))


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _spaces(mark: str) -> bytes:
    """Write a mark in blanks: bit by bit, a space or a tab, and a line end."""
    bits = "".join(f"{sign:08b}" for sign in mark.encode())
    return bits.replace("0", " ").replace("1", "\t").encode() + b"\n"


def _stamp_parquet(path: Path, mark: str) -> None:
    copy = path.with_name(f"{path.name}.part")
    with pq.ParquetFile(path) as source:
        schema = source.schema_arrow.with_metadata({"citylake.fetched": mark})
        with pq.ParquetWriter(copy, schema, compression="zstd", compression_level=1) as writer:
            for batch in source.iter_batches():
                writer.write_batch(batch.cast(schema))
    copy.rename(path)
