"""Frames, staged files and what lies in a store, shared by the tests of the lake."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import polars as pl

from lake.store.bucket import s3_client, split_url
from lake.tables import Lake

SCHEMA: dict[str, pl.DataType] = {
    "meter_id": pl.String(),
    "read_on": pl.Date(),
    "usage_m3": pl.Decimal(10, 2),
    "at": pl.Datetime("us", "UTC"),
    "remote": pl.Boolean(),
    "_row": pl.Int64(),
    "_rules": pl.List(pl.String()),
}


def readings(count: int, *, first: int = 0) -> pl.DataFrame:
    """Return some rows with every kind of value, nulls among them."""
    numbers = range(first, first + count)
    rows = [
        {
            "meter_id": f"W26{n:07}水",
            "read_on": dt.date(2026, 3, 1) + dt.timedelta(days=n % 28),
            "usage_m3": None if n % 7 == 3 else Decimal(n) / 4,
            "at": dt.datetime(2026, 3, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=n + 1),
            "remote": n % 2 == 0,
            "_row": n + 1,
            "_rules": ["null_key:meter_id", "pattern"] if n % 5 == 0 else [],
        }
        for n in numbers
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def stage(frame: pl.DataFrame, folder: Path) -> Path:
    """Write a frame as a staged file, as the flows do."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid4().hex}.parquet"
    frame.lazy().sink_parquet(path)
    return path


def parts(lake: Lake, zone: str = "raw", name: str = "reading") -> list[str]:
    """Return the names of all Parquet files that lie under a table, committed or not."""
    uri = lake.uri(zone, name)
    if lake.place.credentials is None:
        return sorted(path.name for path in Path(uri).glob("*.parquet"))
    bucket, prefix = split_url(uri)
    found = s3_client(lake.place.credentials).list_objects(bucket, f"{prefix}/")
    names = [str(item.object_name).rpartition("/")[2] for item in found]
    return sorted(name for name in names if name.endswith(".parquet"))
