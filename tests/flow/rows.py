"""What the pipeline did with every record, beside the truth: for comparing, not for judging."""

from __future__ import annotations

import polars as pl

from orchestration.city import City
from registry import deliveries

KEY = ["resource", "file", "record"]


def files(city: City, name: str) -> pl.DataFrame:
    """Return `_delivery` and file name of a resource's deliveries."""
    records = deliveries.all_of(city.registry, name)
    return pl.DataFrame(
        {
            "_delivery": [r.delivery.id for r in records],
            "file": [r.delivery.file_name for r in records],
            "status": [r.status.value for r in records],
        },
        schema=dict.fromkeys(("_delivery", "file", "status"), pl.String),
    )


def stored(city: City, zone: str) -> pl.DataFrame:
    """Return every stored record of a zone by resource, file and record, with its rules."""
    found = []
    for where, name in city.lake.tables():
        if where != zone:
            continue
        rules = pl.col("_rules") if zone == "quarantine" else pl.lit(None, pl.List(pl.String))
        rows = city.lake.scan(zone, name).select(
            "_delivery", pl.col("_row").alias("record"), rules.alias("rules")
        )
        found.append(
            rows.collect()
            .join(files(city, name), on="_delivery")
            .with_columns(resource=pl.lit(name))
            .select(*KEY, "rules", "status")
        )
    return pl.concat(found)
