"""Collection with a unique key among its rules against dlt, which has no gate, into Delta.

dlt on its fastest path for the same CSV: it reads by DuckDB as Arrow batches and writes to its
Delta destination; naming `direct`, since its default turns every Chinese header into `x`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from tests.bench import collect
from tests.bench.clock import Spent, clock

prepare, ours = collect.prepare, collect.ours
BATCH = 1_000_000  # rows


def rival(variant: str, _: int, work: Path) -> Spent:
    """Load the file by dlt into a fresh Delta table."""
    import dlt

    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["SCHEMA__NAMING"] = "direct"
    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=str(work / "dlt" / str(os.getpid())),
        destination=dlt.destinations.filesystem((work / "dlt" / f"lake-{os.getpid()}").as_uri()),
        dataset_name="raw",
    )
    source = work / variant / "readings.csv"
    with clock() as spent:
        told = pipeline.run(
            dlt.resource(_batches(source), name=collect.RESOURCE),
            table_format="delta",
            write_disposition="append",
        )
    told.raise_on_failed_jobs()
    return spent


def _batches(source: Path) -> Iterator[pa.RecordBatch]:
    yield from duckdb.connect().read_csv(str(source)).fetch_record_batch(BATCH)
