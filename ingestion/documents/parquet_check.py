"""Whether a Parquet file is whole: its footer, each of its pages, and how much it unpacks to.

A page that is damaged is met here, before a row of it is judged. Keep out: what columns mean.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.delivery import DeliveryRefused
from ingestion.mapped import empty
from ingestion.source import Source
from ingestion.unpacking import FREE, RATIO, unsafe

NUMBER = "_number_in_file"  # of a row, from 1
ROWS = 1 << 16  # in memory at a time
BROKEN = (
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,  # what Polars did not foresee in a damaged file
    pa.ArrowException,
    OSError,
    ValueError,
)


def opened(source: Source) -> tuple[pl.LazyFrame, pl.Schema, int]:
    """Return a file's rows, columns and how many rows; DeliveryRefused when its footer breaks."""
    size = source.path.stat().st_size
    if size == 0:
        raise empty(source.name)
    scan = pl.scan_parquet(source.path, glob=False, row_index_name=NUMBER, row_index_offset=1)
    try:
        schema = scan.collect_schema()
        records = int(scan.select(pl.len()).collect().item())
    except pl.exceptions.DuplicateError as error:
        raise DeliveryRefused(
            "unknown_column", f"{source.name}: a column comes twice — deliver each column once"
        ) from error
    except BROKEN as error:
        raise _broken(source, error) from error
    if records * len(schema) > FREE + RATIO * size:  # a run of equal values takes no room
        raise unsafe(source.name, f"{size >> 10} KiB unpack to {records:,} rows")
    return scan, schema, records


def check_whole(source: Source, scan: pl.LazyFrame) -> None:
    """Read all pages once, with their checksums where they have any; refuse a damaged one."""
    try:
        with pq.ParquetFile(source.path, page_checksum_verification=True) as file:
            for _ in file.iter_batches(ROWS):
                pass
        scan.select(pl.exclude(NUMBER).null_count()).collect(engine="streaming")
    except BROKEN as error:
        raise _broken(source, error) from error


def _broken(source: Source, error: BaseException) -> DeliveryRefused:
    why = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
    return DeliveryRefused(
        "unreadable", f"{source.name}: not a complete Parquet file ({why}) — deliver it again"
    )
