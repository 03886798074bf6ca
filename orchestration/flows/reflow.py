"""What of a release differs from what flowed back last: the periods that are returned anew.

A table is returned whole where that cannot be told, or its routes, recipients or entry changed.
Keep out: returning it (backflow.py), and how rows are compared (lake.changed).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.schema import CROSSING
from lake.changed import changed_values
from lake.model import FEW_ROWS
from lake.slices import At, Slices, rows_of, stored
from orchestration.city import City
from orchestration.flows.crossing import Step, recipient_schema, recipient_table
from orchestration.flows.part import LARGE
from registry import crossings, releases
from registry.crossings import CrossingStatus
from registry.releases import Released
from sharing.backflow import Routes
from sharing.crossing import NOBODY, Crossing, crossing_id


@dataclass(frozen=True)
class Since:
    """What flowed back last, and the periods in which the release differs from it."""

    release: int
    before: At
    slices: Slices
    last: Mapping[str, Crossing]  # by recipient, nobody's too


def routes_digest(ways: Routes) -> str:
    """Return what tells that codes still go where they went."""
    return hashlib.sha256(repr((ways.recipients, sorted(ways.to.items()))).encode()).hexdigest()


def since_last(city: City, entry: Entry, release: Released, ways: Routes) -> Since | None:
    """Return the periods to return anew; None where the table is to be returned whole."""
    period = entry.update.period
    if entry.zone == "raw" or period is None:
        return None
    found = [
        each
        for each in crossings.for_table(city.registry, entry.zone, entry.name)
        if each.crossing.kind == "backflow" and each.crossing.version < release.sequence
    ]
    closed = [each.crossing.version for each in found if each.crossing.recipient == NOBODY]
    sequence = max(closed, default=0)
    last = {
        each.crossing.recipient: each.crossing
        for each in found
        if each.crossing.version == sequence and each.status is CrossingStatus.DELIVERED
    }
    before = next(
        (
            At(entry.zone, entry.name, each.release.version)
            for each in releases.history(city.registry, entry.zone, entry.name)
            if each.sequence == sequence
        ),
        None,
    )
    if before is None or not _goes_on(city, entry, release, last, ways=ways):
        return None
    values = changed_values(
        city.lake, entry.zone, entry.name, period,
        before=before.version, after=release.release.version, share=LARGE,
    )  # fmt: skip
    return None if values is None else Since(sequence, before, Slices(period, values), last)


def _goes_on(
    city: City, entry: Entry, release: Released, last: Mapping[str, Crossing], *, ways: Routes
) -> bool:
    """Tell whether every recipient's table is what its last crossing left, by the same routes."""
    if set(last) != {*ways.recipients, NOBODY}:
        return False
    routed = routes_digest(ways)
    for recipient in ways.recipients:
        table, version = recipient_table(entry.name, recipient), last[recipient].target_version
        if version is None or city.lake.said("backflow", table, version).get("routes") != routed:
            return False
        this = crossing_id(
            "backflow", recipient, zone=entry.zone, name=entry.name, version=release.sequence
        )
        # Either nothing was written since, or this very crossing was, by a run that was killed.
        if city.lake.version("backflow", table) != version and (
            city.lake.committed("backflow", table, this) is None
        ):
            return False
    return True


def replace_periods(
    step: Step, rows: pl.LazyFrame, since: Since, *, path: Path, metadata: Mapping[str, str]
) -> int:
    """Put a recipient's rows of the changed periods in place of those it has; return the version.

    Small files are written again with a change, as in models: a small table stays one file.
    """
    lake, name = step.city.lake, recipient_table(step.entry.name, step.recipient)
    version = since.last[step.recipient].target_version or 0
    at, slices = At("backflow", name, version), since.slices
    if not slices.values:
        return version
    files = stored(lake, at, slices.column)
    gone = [file for file in files if slices.meet(file) or file.rows < FEW_ROWS]
    if (done := lake.committed("backflow", name, step.id)) is not None:
        return done
    schema = recipient_schema(step.entry)
    kept = rows_of(lake, at, gone).filter(~pl.col(slices.column).is_in(list(slices.values)))
    new = rows.with_columns(pl.lit(step.id).alias(CROSSING)).select(list(schema))
    pl.concat([kept.select(list(schema)), new]).sink_parquet(path)
    return lake.replace(
        "backflow", name, [path],
        gone=[file.path for file in gone], onto=version, schema=schema,
        action=step.id, metadata=metadata,
    ).version  # fmt: skip
