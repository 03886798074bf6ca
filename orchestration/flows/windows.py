"""Windows of a database or an API: one immutable file each, named after the moment of the fetch.

Keep out: files that a source already has as such (drops.py).
"""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from catalog.entry import Entry
from catalog.schema import CITY_ZONE
from catalog.sources import Extraction, HttpSource, SqlSource
from ingestion.connectors.again import stamp
from ingestion.connectors.http import fetch_http
from ingestion.connectors.source import SourceRefused, Taken
from ingestion.connectors.window import Seen, greatest, is_before, kept, look, lower
from ingestion.delivery import DeliveryRefused, Status, delivery_id
from orchestration.city import City
from orchestration.landing import digest_of, land
from registry import deliveries
from registry.cursors import Cursor

BACKWARD = (
    "the source no longer has its last cursor ({value}): rows were removed, or it began anew — "
    "if it began anew, fetch it once with extract: full"
)


@dataclass(frozen=True)
class Landed:
    """What a fetch put into the inbox, and where the source stands after it."""

    cursor: Cursor
    files: tuple[str, ...] = ()
    records: int = 0
    message: str = ""
    trouble: str | None = None


def fetch_window(
    city: City, entry: Entry, source: Extraction, *, part: Path, cursor: Cursor
) -> Landed:
    """Fetch one window and land it, unless it holds nothing that the last one did not."""
    refused = _refused(city, entry.name)
    last = _reached(city, entry, source, cursor) if refused else cursor.value
    taken = _take(city, entry, source, part=part, last=last)
    seen = _look(city, entry, source, part=part, cursor=cursor)
    ahead, trouble = _ahead(entry, source, cursor, seen=seen, records=taken.records)
    ahead = replace(ahead, fetched_at=cursor.tried_at)
    if source.extract == "incremental" and taken.records == 0:
        return Landed(ahead, message="nothing new", trouble=trouble)
    bytes_digest = digest_of(part)
    is_refused = refused == delivery_id(entry.name, bytes_digest)
    if is_refused or (seen.whole if seen else bytes_digest) == cursor.digest:
        return Landed(ahead, message="the same rows as the last time", trouble=trouble)
    if _came_back(city, entry.name, bytes_digest):
        stamp(part, cursor.tried_at.isoformat())
    name = _free_name(entry, part.parent, cursor.tried_at)
    if land(part, name) is None:
        raise SourceRefused("unreachable", f"inbox/{entry.name}/{name} is there already: run again")
    said = "; ".join(filter(None, (f"{taken.records} rows", taken.note)))
    ahead = replace(ahead, digest=seen.tail if seen else bytes_digest)
    return Landed(ahead, (name,), records=taken.records, message=said, trouble=trouble)


def _refused(city: City, resource: str) -> str | None:
    """Return the last delivery of a resource when it was refused: its rows stand nowhere."""
    known = deliveries.all_of(city.registry, resource)
    last = known[-1] if known else None
    if last is None or last.outcome is None or last.outcome.status is not Status.REFUSED:
        return None
    return last.delivery.id


def _reached(city: City, entry: Entry, source: Extraction, cursor: Cursor) -> str | None:
    """Return how far the rows go that were accepted: nobody delivers a refused window again."""
    if source.cursor is None or not city.lake.exists("raw", entry.name):
        return None
    rows = city.lake.scan("raw", entry.name)
    value = greatest(entry, source, rows, now=cursor.tried_at)
    return None if value is None else kept(value)


def _take(city: City, entry: Entry, source: Extraction, *, part: Path, last: str | None) -> Taken:
    since = lower(entry, source, last)
    url = city.settings.secret(source.secret)
    if isinstance(source, SqlSource):
        from ingestion.connectors.sql import fetch_sql  # pyarrow's Parquet costs 0.1 s

        return fetch_sql(entry, source, url, target=part, since=since)
    assert isinstance(source, HttpSource)
    token = city.settings.secret(source.token) if source.token else None
    return fetch_http(source, url, token=token, target=part, since=since)


def _look(
    city: City, entry: Entry, source: Extraction, *, part: Path, cursor: Cursor
) -> Seen | None:
    """Return what an incremental window holds; None where that cannot be told, or need not be."""
    if source.cursor is None:
        return None
    scratch = city.staging(f"fetch-{entry.name}")
    now, last = cursor.tried_at, cursor.value
    try:
        return look(entry, source, part, scratch=scratch, now=now, last=last)
    except DeliveryRefused:  # unreadable as it is: the gate will say why, and the cursor waits
        return None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _ahead(
    entry: Entry, source: Extraction, cursor: Cursor, *, seen: Seen | None, records: int
) -> tuple[Cursor, str | None]:
    """Return the cursor after this window, never behind the one before, and what is odd."""
    if source.cursor is None or (seen is None and records):
        return cursor, None
    value = seen.value if seen else None
    if is_before(entry, source, value, cursor.value):
        # An API may leave out the bound itself: there no rows at all are nothing new.
        is_odd = records > 0 or not isinstance(source, HttpSource)
        said = f"{entry.name}: {BACKWARD.format(value=cursor.value)}"
        return cursor, said if is_odd else None
    return (cursor if value is None else replace(cursor, value=kept(value))), None


def _came_back(city: City, resource: str, digest: str) -> bool:
    """Tell whether these bytes were delivered before others: a crash replays only the last."""
    known = deliveries.find(city.registry, delivery_id(resource, digest))
    if known is None:
        return False
    last = deliveries.all_of(city.registry, resource)[-1]
    return known.sequence != last.sequence


def _free_name(entry: Entry, folder: Path, at: dt.datetime) -> str:
    moment = at.astimezone(ZoneInfo(CITY_ZONE)).strftime("%Y%m%dT%H%M%S%f")
    name = f"{entry.name}_{moment}"
    suffix = f".{entry.origin.format}"
    taken = sum(1 for _ in folder.glob(f"{name}*{suffix}"))
    return f"{name}-{taken + 1}{suffix}" if taken else f"{name}{suffix}"
