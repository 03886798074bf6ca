"""The window of an incremental fetch: from where it begins, and how far it came.

A bound is kept as text: an integer, a day, or an instant in UTC. Keep out: asking sources for it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from catalog.entry import Entry, Item
from catalog.schema import CITY_ZONE, cell
from catalog.sources import Extraction
from ingestion.read import read

Bound = int | dt.date | dt.datetime


def lower(entry: Entry, source: Extraction, last: str | None) -> Bound | None:
    """Return from where to fetch, the overlap before the last cursor; None for everything."""
    known, step = _known(entry, source, last), source.overlap_number
    if known is None or isinstance(known, int):
        return None if known is None else known - step
    try:
        return known - dt.timedelta(seconds=step)
    except OverflowError:  # before all calendars
        return None


def _known(entry: Entry, source: Extraction, last: str | None) -> Bound | None:
    """Return the last cursor; None where there is none, or the item was of another type then."""
    if last is None or source.cursor is None:
        return None
    kind = entry.item(source.cursor).type
    try:
        if kind == "integer":
            return int(last)
        if kind == "date":
            return dt.date.fromisoformat(last)
        instant = dt.datetime.fromisoformat(last)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None


def spoken(bound: Bound, *, sign: str = " ") -> str:
    """Return a bound as sources are asked for it: instants in the city's time."""
    if isinstance(bound, dt.datetime):
        return bound.astimezone(ZoneInfo(CITY_ZONE)).replace(tzinfo=None).isoformat(sign)
    return bound.isoformat() if isinstance(bound, dt.date) else str(bound)


@dataclass(frozen=True)
class Seen:
    """What a window holds: its greatest believable cursor, and its rows in a word.

    `tail` is what the next window will hold if nothing happens until then.
    """

    value: Bound | None
    whole: str
    tail: str


def look(
    entry: Entry,
    source: Extraction,
    path: Path,
    *,
    scratch: Path,
    now: dt.datetime,
    last: str | None,
) -> Seen:
    """Look through a fetched file; DeliveryRefused when it cannot be read, as the gate will say.

    A day to come is not believed: one slip of a pen in 2999 would hide every row until then.
    """
    frame = read(entry, path, file_name=path.name, scratch=scratch).frame
    column = pl.col(source.cursor or "")
    value = greatest(entry, source, frame, now=now)
    reached = last if value is None or is_before(entry, source, value, last) else kept(value)
    since = lower(entry, source, reached)
    tail = frame if since is None else frame.filter((column >= since) | column.is_null())
    return Seen(value, whole=_digest(frame, entry), tail=_digest(tail, entry))


def greatest(
    entry: Entry, source: Extraction, frame: pl.LazyFrame, *, now: dt.datetime
) -> Bound | None:
    """Return the greatest believable cursor among rows."""
    item = entry.item(source.cursor or "")
    column = pl.col(item.name)
    believable = frame.select(column).filter(column <= _limit(item, now))
    found: Bound | None = believable.select(column.max()).collect().item()
    return found


def _digest(frame: pl.LazyFrame, entry: Entry) -> str:
    """Return a word for the rows of a frame, whatever their order."""
    cells = pl.struct(cell(item.name) for item in entry.items)
    sums = (cells.hash(seed).sum().alias(str(seed)) for seed in (1, 2))
    return "-".join(f"{part:x}" for part in frame.select(pl.len(), *sums).collect().row(0))


def _limit(item: Item, now: dt.datetime) -> pl.Expr:
    if item.type == "integer":
        greatest = 2**63 - 1 if item.max is None else int(item.max)
        return pl.lit(greatest, dtype=pl.Int64)
    if item.type == "date":
        return pl.lit(now.astimezone(ZoneInfo(CITY_ZONE)).date(), dtype=pl.Date)
    return pl.lit(now, dtype=pl.Datetime("us", "UTC"))


def kept(bound: Bound) -> str:
    """Return a bound as the registry keeps it."""
    return str(bound) if isinstance(bound, int) else bound.isoformat()


def is_before(entry: Entry, source: Extraction, value: Bound | None, last: str | None) -> bool:
    """Tell whether a source has less than it had: its last cursor is gone."""
    known = _known(entry, source, last)
    return known is not None and (value is None or kept_order(value) < kept_order(known))


def kept_order(bound: Bound) -> float:
    """Return a number by which bounds of one kind can be ordered."""
    if isinstance(bound, dt.datetime):
        return bound.timestamp()
    return float(bound.toordinal()) if isinstance(bound, dt.date) else bound
