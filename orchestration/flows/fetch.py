"""Fetch (主动采集): what a source has is put into the inbox; collection does the rest.

Where a fetch came to is written down only after its file lies safely in the inbox: a crash costs
a window fetched twice, which keys make harmless. Keep out: how sources are asked (connectors).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from catalog.entry import Entry
from catalog.sources import BucketSource, Extraction, SftpSource, Source
from ingestion.connectors.source import SourceRefused
from lake.errors import LakeError
from orchestration.city import City
from orchestration.flows.drops import fetch_drops
from orchestration.flows.windows import Landed, fetch_window
from orchestration.landing import part_of
from orchestration.settings import SettingsError
from registry import arrivals, cursors
from registry.arrivals import Arrival, ArrivalOutcome
from registry.cursors import Cursor

# What makes two fetches be of the same thing: with another of these, the cursor begins anew.
IDENTITY = {
    *("secret", "table", "query", "path", "params", "rows", "extract", "cursor", "since"),
    *("prefix", "folder"),
}


@dataclass(frozen=True)
class Fetched:
    """What became of one look at a source; its files are collected like any other."""

    resource: str
    outcome: Literal["fetched", "unchanged", "failed"]
    message: str
    files: tuple[str, ...] = ()
    records: int = 0
    is_trouble: bool = False

    @property
    def name(self) -> str:
        """Return the resource."""
        return self.resource

    @property
    def step(self) -> str:
        """Return what was being done, for people."""
        return "采集"

    @property
    def line(self) -> str:
        """Say what happened in one line."""
        return f"{self.resource}: {self.outcome}: {self.message}"


def fetchable(city: City, names: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the resources that are fetched from a source, all or those named."""
    wanted = None if names is None else set(names)
    every = (entry.name for entry in city.catalog.sources() if entry.origin.source is not None)
    return tuple(name for name in every if wanted is None or name in wanted)


def fetch(city: City, resource: str, *, now: dt.datetime) -> Fetched:
    """Fetch what a source has that is new; a source that fails is told of, and fails alone."""
    entry = city.entry(resource)
    source = entry.origin.source
    if source is None:
        return Fetched(resource, "unchanged", "units deliver it: nothing to fetch")
    cursor = _cursor(city, entry, source, now)
    try:
        landed = _fetch(city, entry, source, cursor=cursor)
    except (SourceRefused, SettingsError, LakeError) as error:
        return _failed(city, cursor, f"{resource}: {error}")
    if landed is None:
        return Fetched(resource, "unchanged", "another process is fetching it")
    if landed.trouble:
        _record_trouble(city, landed.cursor, landed.trouble)
    cursors.write(city.registry, replace(landed.cursor, trouble=landed.trouble))
    outcome: Literal["fetched", "unchanged"] = "fetched" if landed.files else "unchanged"
    return Fetched(
        resource,
        outcome,
        "; ".join(said for said in (landed.message, landed.trouble) if said),
        files=landed.files,
        records=landed.records,
        is_trouble=landed.trouble is not None,
    )


def _fetch(city: City, entry: Entry, source: Source, *, cursor: Cursor) -> Landed | None:
    with part_of(city, entry.name) as part:
        if part is None:
            return None
        if isinstance(source, Extraction):
            return fetch_window(city, entry, source, part=part, cursor=cursor)
        assert isinstance(source, BucketSource | SftpSource)
        return fetch_drops(city, entry, source, part=part, cursor=cursor)


def _cursor(city: City, entry: Entry, source: Source, now: dt.datetime) -> Cursor:
    """Return where the last fetch came to; from the beginning where another thing was fetched."""
    said = source.model_dump_json(include=IDENTITY & set(type(source).model_fields))
    identity = hashlib.sha256(f"{entry.origin.connector} {said}".encode()).hexdigest()
    last = cursors.read(city.registry, entry.name)
    if last is None or last.source != identity:
        trouble = None if last is None else last.trouble
        return Cursor(entry.name, source=identity, tried_at=now, trouble=trouble)
    return replace(last, tried_at=now)


def _failed(city: City, cursor: Cursor, message: str) -> Fetched:
    _record_trouble(city, cursor, message)
    cursors.write(city.registry, replace(cursor, trouble=message))
    return Fetched(cursor.resource, "failed", message, is_trouble=True)


def _record_trouble(city: City, cursor: Cursor, message: str) -> None:
    """Write trouble down once, not each time that it is met again."""
    if message == cursor.trouble:
        return
    arrival = Arrival(
        resource=cursor.resource,
        file_name="(source)",
        outcome=ArrivalOutcome.NOT_FETCHED,
        received_at=cursor.tried_at,
        message=message,
    )
    arrivals.record_arrival(city.registry, arrival)
