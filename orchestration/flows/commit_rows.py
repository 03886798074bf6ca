"""Commit the rows of one delivery, so that they are those of its last judgement.

A run that was killed before it closed the account may have committed rows that were judged by
other references or rules than stand now; nobody has read them. Keep out: judging (settle.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from catalog.schema import DELIVERY, ROW, RULES
from ingestion.delivery import Delivery
from lake.exchange import exchange
from lake.widened import widened
from orchestration.city import City
from orchestration.flows.basis import Bases

Schema = Mapping[str, pl.DataType]


def commit_rows(
    city: City,
    zone: str,
    delivery: Delivery,
    files: Sequence[Path],
    *,
    schema: Schema,
) -> int:
    """Commit a delivery's rows to its table in a zone; return a version that holds them."""
    about = {
        "delivery": delivery.id,
        "file": delivery.file_name,
        "digest": delivery.digest,
        "as_of": delivery.as_of.isoformat(),
    }
    name = delivery.resource
    files, schema = as_stored(city, (zone, name), files, schema)
    done = city.lake.commit(zone, name, files, schema=schema, action=delivery.id, metadata=about)
    if not done.replayed:
        return done.version
    return follow(city, zone, delivery, files) or city.lake.version(zone, name) or 0


def as_stored(
    city: City, table: tuple[str, str], files: Sequence[Path], schema: Schema
) -> tuple[Sequence[Path], Schema]:
    """Return files that have, empty, what items that ended have left in a table, and its columns.

    What an entry no longer declares stays with the rows that had it.
    """
    zone, name = table
    if city.lake.columns(zone, name) <= schema.keys():
        return files, schema
    columns = Bases(city).columns(name, zone)
    wide = []
    for path in files:
        wide.append(path.with_name(f"wide-{path.name}"))
        widened(path, columns).sink_parquet(wide[-1], compression="zstd")
    return wide, columns


def follow(city: City, zone: str, one: Delivery, files: Sequence[Path]) -> int | None:
    """Let the stored rows of a delivery be those of its last judgement; None where they are."""
    if same_rows(city, zone, one, files):
        return None
    staging = city.staging(f"delivery-{one.id}-{zone}")
    about = {"delivery": one.id, "file": one.file_name, "digest": one.digest}
    try:
        return exchange(
            city.lake,
            zone,
            one.resource,
            delivery=one.id,
            files=files,
            metadata=about,
            staging=staging,
        )
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def same_rows(
    city: City, zone: str, one: Delivery, files: Sequence[Path], *, version: int | None = None
) -> bool:
    """Tell whether the rows of a delivery in a version are these: which ones, and why refused."""
    standing = city.lake.scan(zone, one.resource, version).filter(pl.col(DELIVERY) == one.id)
    names = [name for name in (ROW, RULES) if name in standing.collect_schema()]
    held = standing.select(names).sort(ROW).collect(engine="streaming")
    made = [pl.scan_parquet(path).select(names) for path in files]
    wanted = pl.concat([held.clear().lazy(), *made]).sort(ROW).collect(engine="streaming")
    return held.equals(wanted)
