"""What stands in a home after a run, in a form in which two homes can be compared.

Left out is what may differ: Delta versions, times, sequences and what is derived of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
from deltalake import DeltaTable

from catalog.schema import CROSSING
from orchestration.city import City
from registry import arrivals, audit, crossings, deliveries, releases, verdicts

STAYS = {"dbt", "spill"}  # work folders that are used again and do not grow


def facts(city: City) -> dict[str, Any]:
    """Return every fact of the registry that a kill must not change."""
    records = [r for e in city.catalog.sources() for r in deliveries.all_of(city.registry, e.name)]
    found = releases.all_released(city.registry)
    return {
        "deliveries": sorted(_record(record) for record in records),
        "verdicts of each delivery": {
            kept.delivery: sum(
                other.delivery == kept.delivery
                for other in verdicts.for_subject(city.registry, kept.verdict.subject)
            )
            for kept in (verdicts.for_delivery(city.registry, r.delivery.id) for r in records)
            if kept is not None
        },
        "arrivals": sorted(
            (a.resource, a.file_name, a.outcome.value, a.digest or "", a.delivery_id or "")
            for a in arrivals.history(city.registry)
        ),
        "releases": {
            f"{zone}.{name}": (one.release.rows, one.release.code_digest)
            for (zone, name), one in found.items()
        },
        "releases of each table": {
            f"{zone}.{name}": len(releases.history(city.registry, zone, name))
            for zone, name in found
        },
        "crossings": sorted(
            (c.table, c.recipient, c.rows, sorted(c.withheld.items()), each.status.value)
            for zone, name in found
            for each in crossings.for_table(city.registry, zone, name)
            for c in [each.crossing]
        ),
        "acts": sorted((s.event.action, s.event.subject) for s in audit.events(city.registry)),
    }


def tables(city: City) -> Mapping[str, pl.DataFrame]:
    """Return the rows of every table, in an order of their own."""
    return {
        f"{zone}.{name}": _sorted(city.lake.scan(zone, name).collect())
        for zone, name in city.lake.tables()
    }


def packages(city: City) -> Mapping[str, list[str]]:
    """Return the lines of every recipient's package; each table has left once."""
    outbox = city.settings.outbox
    return {
        "/".join((*path.relative_to(outbox).parts[:2], path.name)): sorted(
            path.read_text("utf-8").splitlines()
        )
        for path in sorted(outbox.rglob("*.csv"))
    }


def litter(city: City) -> list[str]:
    """Return what lies in scratch, the outbox and the home, and nobody will use again."""
    settings = city.settings
    scratch = {path.name for path in settings.scratch.iterdir()} - STAYS
    parts = {str(path.relative_to(settings.outbox)) for path in settings.outbox.rglob(".*")}
    inbox = {path.name for path in settings.inbox.rglob("*") if path.is_file()}
    return sorted(scratch | parts | inbox)


def running(city: City) -> int:
    """Count the runs that Dagster believes to go on."""
    with closing(sqlite3.connect(city.settings.dagster_home / "history" / "runs.db")) as history:
        query = "select count(*) from runs where status not in ('SUCCESS', 'FAILURE')"
        return int(history.execute(query).fetchone()[0])


def orphans(city: City) -> int:
    """Count the data files of the lake that no version of a table holds."""
    count = 0
    for zone, name in city.lake.tables():
        folder = Path(city.lake.uri(zone, name))
        table = DeltaTable(folder)
        held = {path for v in range(table.version() + 1) for path in _held(folder, v)}
        count += len({path.name for path in folder.glob("*.parquet")} - held)
    return count


def _held(folder: Path, version: int) -> set[str]:
    return {Path(uri).name for uri in DeltaTable(folder, version=version).file_uris()}


def _sorted(rows: pl.DataFrame) -> pl.DataFrame:
    own = rows.drop(CROSSING, strict=False)
    keys = [pl.col(n).cast(pl.String) if t != pl.List else pl.col(n).list.join(",")
            for n, t in own.schema.items()]  # fmt: skip
    return own.sort(keys)


def _record(record: deliveries.Record) -> tuple[str, ...]:
    one, outcome = record.delivery, record.outcome
    account = None if outcome is None else outcome.account
    return (
        *(one.resource, one.file_name, one.id, one.digest, str(one.as_of), record.stem),
        *(record.status.value, str(account), str(outcome and outcome.reason)),
        *(str(record.replaced_by), str(record.withdrawn_at is not None)),
    )
