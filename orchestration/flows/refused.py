"""Refused rows: counted by rule, and shown as they came under the unit's own headers."""

from __future__ import annotations

from typing import Any

import polars as pl

from catalog.problem import nearest
from catalog.schema import DELIVERY, PROPOSAL, ROW, RULES, SOURCE
from lake.errors import LakeError
from orchestration.city import City
from registry import deliveries


def count_refused(city: City) -> list[dict[str, Any]]:
    """Count the refused rows of every resource by delivery and rule."""
    rows: list[dict[str, Any]] = []
    for zone, name in city.lake.tables():
        if zone != "quarantine":
            continue
        files = _files(city, name)
        counted = (
            city.lake.scan(zone, name)
            .select(DELIVERY, pl.col(RULES).alias("rule"))
            .explode("rule")
            .group_by(DELIVERY, "rule")
            .agg(pl.len().alias("rows"))
            .sort(DELIVERY, "rule")
            .collect(engine="streaming")
        )
        rows += [
            {
                "resource": name,
                "file": files.get(row[DELIVERY]),
                "delivery": row[DELIVERY],
                "rule": row["rule"],
                "rows": row["rows"],
            }
            for row in counted.iter_rows(named=True)
        ]
    return rows


def show_refused(
    city: City, name: str, *, limit: int, delivery: str | None = None, rule: str | None = None
) -> list[dict[str, Any]]:
    """Return refused rows of a resource: reasons, file and record, then cells as they came."""
    names = {entry.name for entry in city.catalog.sources()}
    if name not in names:
        raise LakeError(f"quarantine of {name}: no such resource{nearest(name, names)}")
    if not city.lake.exists("quarantine", name):
        return []
    rows = city.lake.scan("quarantine", name)
    if delivery is not None:
        rows = rows.filter(pl.col(DELIVERY) == delivery)
    if rule is not None:
        said = pl.element()
        broke = (said == rule) | said.str.starts_with(f"{rule}:")
        rows = rows.filter(pl.col(RULES).list.eval(broke).list.any())
    found = rows.sort(DELIVERY, ROW).head(limit).collect(engine="streaming")
    titles = {item.name: item.title for item in city.entry(name).items}
    files = _files(city, name)
    return [
        {
            "rules": row[RULES],
            "file": files.get(row[DELIVERY]),
            "record": row[ROW],
            **{titles.get(key, key): row[key] for key in titles},
            "source": row[SOURCE],
            "proposal": row.get(PROPOSAL),
            "delivery": row[DELIVERY],
        }
        for row in found.iter_rows(named=True)
    ]


def _files(city: City, name: str) -> dict[str, str]:
    records = deliveries.all_of(city.registry, name)
    return {record.delivery.id: record.delivery.file_name for record in records}
