"""Settle small deliveries of one resource together: each judged by itself, all stored at once.

Only where no judgement depends on another: their rules look into no row or figure of the same
table. A commit of Delta and of the registry for each costs more than judging a hundred rows.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl

from catalog.entry import Entry
from catalog.schema import quarantine_schema, raw_schema
from ingestion.amendment import form_of
from ingestion.connectors.files import Found
from ingestion.delivery import Delivery, intent
from orchestration.city import City
from orchestration.flows.amend import Beside
from orchestration.flows.commit_rows import Schema, as_stored, commit_rows
from orchestration.flows.lookback import looks_back, reference_rows
from orchestration.flows.settle import (
    SMALL,
    Judged,
    Settled,
    besides,
    close,
    elsewhere,
    examine,
)
from quality.history import remembers
from registry.belonging import holding

MOST = 64  # deliveries settled together
ROOM = 64 << 20  # bytes that their judged rows may take until they are stored
Versions = Mapping[str, int]  # by zone
Zone = Literal["raw", "quarantine"]


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
) -> list[Settled]:
    """Settle deliveries whose bytes were new after those versions of their tables, in order."""
    if not several:
        return []
    resource = several[0].resource
    with holding(city.registry, resource):
        references = reference_rows(city, city.entry(resource))
        with city.registry.read():
            others = [elsewhere(city, one) for one in several]
            sides = [besides(city, one, references, now=now) for one in several]
        work = _Work(city, before, now)
        try:
            for delivery, other, beside in zip(several, others, sides, strict=True):
                work.add(other or work.examined(delivery, beside))
            return work.conclude()
        finally:
            work.sweep()


@dataclass
class _Work:
    """Deliveries being settled together: how those ended that did, and those that are judged."""

    city: City
    before: Versions
    now: dt.datetime
    ended: list[Settled] = field(default_factory=list)
    judged: list[Judged | Settled] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    taken: int = 0  # bytes, on disk and in memory

    def examined(self, delivery: Delivery, beside: Beside) -> Judged | Settled:
        """Judge one more delivery in a folder of its own."""
        self.folders.append(self.city.staging(f"delivery-{delivery.id}"))
        found = examine(self.city, delivery, beside, staging=self.folders[-1], now=self.now)
        self.taken += sum(path.stat().st_size for path in self.folders[-1].iterdir())
        return found

    def add(self, found: Judged | Settled) -> None:
        """Take one more; store what was judged when it takes too much room."""
        self.judged.append(found)
        if isinstance(found, Judged) and found.split.kept is not None:
            self.taken += int(found.split.kept.estimated_size())
        if self.taken > ROOM:
            self.conclude()

    def conclude(self) -> list[Settled]:
        """Store what was judged so far and close its accounts; return how all ended."""
        wanted = [one for one in self.judged if isinstance(one, Judged)]
        versions = self._stored(wanted) if wanted else {}
        with self.city.registry.write():
            self.ended += [
                close(self.city, one, versions[one.delivery.id], now=self.now)
                if isinstance(one, Judged)
                else one
                for one in self.judged
            ]
        self.judged.clear()
        self.sweep()
        return self.ended

    def sweep(self) -> None:
        """Remove the files of what was judged."""
        self.taken = 0
        while self.folders:
            shutil.rmtree(self.folders.pop(), ignore_errors=True)

    def _stored(self, judged: Sequence[Judged]) -> Mapping[str, tuple[int, int]]:
        """Commit the rows of all; return the versions of raw and quarantine that hold each."""
        entry = self.city.entry(judged[0].delivery.resource)
        kept = self._commit("raw", judged, raw_schema(entry))
        out = self._commit("quarantine", judged, quarantine_schema(entry))
        return {one.delivery.id: (kept[one.delivery], out[one.delivery]) for one in judged}

    def _commit(
        self, zone: Zone, judged: Sequence[Judged], schema: Schema
    ) -> Mapping[Delivery, int]:
        """Commit all rows in one file and version, or each delivery's where one is there."""
        first, *others = (one.delivery.id for one in judged)
        name, joined = judged[0].delivery.resource, _joined(zone, judged, self.folders[0])
        files, columns = as_stored(self.city, (zone, name), joined, schema)
        done = self.city.lake.commit(
            zone,
            name,
            files,
            schema=columns,
            action=first,
            along=others,
            absent_at=self.before[zone],
            metadata={"deliveries": " ".join((first, *others))},
        )
        if not done.replayed:
            return {one.delivery: done.version for one in judged}
        versions = {}
        for one in judged:
            files = one.split.files(self.folders[0]) if zone == "raw" else one.split.quarantined
            versions[one.delivery] = commit_rows(
                self.city, zone, one.delivery, files, schema=schema
            )
        return versions


def _depends(entry: Entry) -> bool:
    """Tell whether judging a delivery asks what was accepted of its table before."""
    return remembers(entry) or looks_back(entry)


def _small(found: Found) -> bool:
    try:
        small = found.kind == "file" and found.path.stat().st_size <= SMALL
        return small and intent(found.path.name).kind != "withdraw" and form_of(found.path) is None
    except FileNotFoundError:  # taken away again: whoever takes it alone says so
        return False


def _joined(zone: Zone, judged: Sequence[Judged], folder: Path) -> list[Path]:
    """Write the rows of all into one file, where there are any."""
    splits = [one.split for one in judged]
    paths = [p for s in splits for p in (s.accepted if zone == "raw" else s.quarantined)]
    kept = [s.kept.lazy() for s in splits if zone == "raw" and s.kept is not None]
    if not paths and not kept:
        return []
    target = folder / f"{zone}.parquet"
    rows = pl.concat([*kept, *map(pl.scan_parquet, paths)])
    rows.sink_parquet(target, compression="zstd")
    return [target]
