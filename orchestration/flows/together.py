"""Settle small deliveries of one resource together: each judged by itself, all stored at once.

Only where no judgement depends on another: their rules look into no row or figure of the same
table. A commit of Delta and of the registry for each costs more than judging a hundred rows.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.schema import quarantine_schema, raw_schema
from ingestion.amendment import form_of
from ingestion.connectors.files import Found
from ingestion.delivery import Delivery, intent
from orchestration.city import City
from orchestration.flows.commit_rows import commit_rows
from orchestration.flows.settle import (
    Judged,
    Settled,
    besides,
    close,
    examine,
    looked_into,
    reference_rows,
)
from quality.history import remembers

MOST = 64  # deliveries settled together
SMALL = 1 << 20  # bytes of one of them
ROOM = 64 << 20  # bytes that their judged rows may take until they are stored
Versions = Mapping[str, int]  # by zone


def runs(entry: Entry | None, lying: Iterable[Found]) -> Iterator[list[Found]]:
    """Cut what lies in the inbox into runs of what may be settled together, in its order."""
    alone = entry is None or entry.zone != "raw" or _depends(entry)
    run: list[Found] = []
    for found in lying:
        small = not alone and _small(found)
        if run and (not small or len(run) == MOST):
            yield run
            run = []
        run.append(found)
        if not small:
            yield run
            run = []
    if run:
        yield run


def standing(city: City, resource: str) -> Versions:
    """Return the versions of the tables of a resource, to be asked before its bytes are stored."""
    return {zone: city.lake.newest(zone, resource) for zone in ("raw", "quarantine")}


def settle_together(
    city: City, several: Sequence[Delivery], before: Versions, *, now: dt.datetime
) -> Iterator[Settled]:
    """Settle deliveries whose bytes were new after those versions of their tables, in order."""
    references = reference_rows(city, city.entry(several[0].resource)) if several else {}
    found: list[Judged | Settled] = []
    folders: list[Path] = []
    try:
        for delivery in several:
            folders.append(city.staging(f"delivery-{delivery.id}"))
            beside = besides(city, delivery, references, now=now)
            found.append(examine(city, delivery, beside, staging=folders[-1], now=now))
            if _taken(folders) > ROOM:
                yield from _conclude(city, found, before, folders, now=now)
        yield from _conclude(city, found, before, folders, now=now)
    finally:
        _sweep(folders)


def _depends(entry: Entry) -> bool:
    """Tell whether judging a delivery asks what was accepted of its table before."""
    return remembers(entry) or entry.name in looked_into(entry)


def _small(found: Found) -> bool:
    small = found.kind == "file" and found.path.stat().st_size <= SMALL
    return small and intent(found.path.name).kind != "withdraw" and form_of(found.path) is None


def _taken(folders: Iterable[Path]) -> int:
    return sum(path.stat().st_size for folder in folders for path in folder.iterdir())


def _conclude(
    city: City,
    found: list[Judged | Settled],
    before: Versions,
    folders: list[Path],
    *,
    now: dt.datetime,
) -> list[Settled]:
    """Store what was judged so far and close its accounts; leave room for what comes next."""
    judged = [one for one in found if isinstance(one, Judged)]
    versions = _store(city, judged, before) if judged else {}
    with city.registry.write():
        ended = [
            close(city, one, versions[one.delivery.id], now=now) if isinstance(one, Judged) else one
            for one in found
        ]
    found.clear()
    _sweep(folders)
    return ended


def _sweep(folders: list[Path]) -> None:
    while folders:
        shutil.rmtree(folders.pop(), ignore_errors=True)


def _store(city: City, judged: Sequence[Judged], before: Versions) -> Mapping[str, tuple[int, int]]:
    """Commit the rows of all; return the versions of raw and quarantine that hold each."""
    entry = city.entry(judged[0].delivery.resource)
    raw = {one.delivery: one.split.accepted for one in judged}
    refused = {one.delivery: one.split.quarantined for one in judged}
    accepted = _commit(city, "raw", raw, raw_schema(entry), before)
    quarantined = _commit(city, "quarantine", refused, quarantine_schema(entry), before)
    return {one.delivery.id: (accepted[one.delivery], quarantined[one.delivery]) for one in judged}


def _commit(
    city: City,
    zone: str,
    files: Mapping[Delivery, Sequence[Path]],
    schema: Mapping[str, pl.DataType],
    before: Versions,
) -> Mapping[Delivery, int]:
    """Commit rows of many deliveries in one file and version, or each alone where one is there."""
    deliveries = list(files)
    first, *others = (delivery.id for delivery in deliveries)
    name = deliveries[0].resource
    done = city.lake.commit(
        zone,
        name,
        _joined(city, f"delivery-{first}-{zone}", [p for each in files.values() for p in each]),
        schema=schema,
        action=first,
        along=others,
        absent_at=before[zone],
        metadata={"deliveries": " ".join((first, *others))},
    )
    if done.replayed:
        return {d: commit_rows(city, zone, d, files[d], schema=schema) for d in deliveries}
    return dict.fromkeys(deliveries, done.version)


def _joined(city: City, folder: str, files: Sequence[Path]) -> list[Path]:
    if len(files) < 2:
        return list(files)
    target = city.staging(folder) / "rows.parquet"
    pl.concat([pl.scan_parquet(path) for path in files]).sink_parquet(target, compression="zstd")
    return [target]
