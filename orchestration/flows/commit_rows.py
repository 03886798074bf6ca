"""Commit the rows of one delivery, so that they are those of its last judgement.

A run that was killed before it closed the account may have committed rows that were judged by
other references or rules than stand now; nobody has read them. Keep out: judging (settle.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from catalog.schema import DELIVERY, ROW, RULES
from ingestion.delivery import Delivery
from orchestration.city import City


def commit_rows(
    city: City,
    zone: str,
    delivery: Delivery,
    files: Sequence[Path],
    *,
    schema: Mapping[str, pl.DataType],
) -> int:
    """Commit a delivery's rows to its table in a zone; return a version that holds them."""
    about = {
        "delivery": delivery.id,
        "file": delivery.file_name,
        "digest": delivery.digest,
        "as_of": delivery.as_of.isoformat(),
    }
    name = delivery.resource
    done = city.lake.commit(zone, name, files, schema=schema, action=delivery.id, metadata=about)
    if not done.replayed:
        return done.version
    made = pl.concat([pl.LazyFrame(schema=dict(schema)), *map(pl.scan_parquet, files)])
    standing = city.lake.scan(zone, name)
    version = city.lake.version(zone, name) or 0
    mine = pl.col(DELIVERY) == delivery.id
    if _marks(standing.filter(mine)).equals(_marks(made)):
        return version
    path = city.staging(f"delivery-{delivery.id}-{zone}") / "rows.parquet"
    others = standing.filter(~mine)
    pl.concat([others, made], how="diagonal").select(list(schema)).sink_parquet(path)
    return city.lake.commit(
        zone,
        name,
        [path],
        schema=schema,
        action=f"{delivery.id}:instead of version {version}",
        metadata=about,
        mode="overwrite",
    ).version


def _marks(rows: pl.LazyFrame) -> pl.DataFrame:
    """Return what tells two judgements of the same bytes apart: which rows, and why."""
    names = [name for name in (ROW, RULES) if name in rows.collect_schema()]
    return rows.select(names).sort(ROW).collect(engine="streaming")
