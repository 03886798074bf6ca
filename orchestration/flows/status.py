"""Status: what arrived, passed, was refused and is overdue, by resource and table."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from catalog.entry import Entry
from orchestration.city import City
from orchestration.flows.drifted import DRIFT
from orchestration.flows.mending import waiting
from orchestration.flows.supervise import latest_scores
from registry import arrivals, cursors, deliveries, releases
from registry.cursors import Cursor
from registry.deliveries import Record
from supervision.timeliness import grace_of, judge


@dataclass(frozen=True)
class CityStatus:
    """Rows for people: one a resource, one a released table, and arrivals by outcome."""

    resources: list[dict[str, Any]]
    tables: list[dict[str, Any]]
    arrivals: dict[str, int]
    drift: list[dict[str, Any]]  # of the last judged delivery of a resource: what its entry lacks


def read_status(city: City, *, now: dt.datetime) -> CityStatus:
    """Read where every resource and table of the catalog stands."""
    scored = latest_scores(city, now=now)
    grace = grace_of(city.catalog.vocabulary, on=now.date())
    fetched = cursors.every(city.registry)
    return CityStatus(
        resources=[
            _resource(city, e, now=now, grace=grace)
            | _watched(city, e.name, scored, now=now)
            | _source(fetched.get(e.name))
            for e in city.catalog.sources()
        ],
        tables=[
            {
                "table": f"{zone}.{name}",
                "version": found.release.version,
                "rows": found.release.rows,
                "released_at": found.at.isoformat(timespec="seconds"),
            }
            for (zone, name), found in releases.all_released(city.registry).items()
        ],
        drift=[row for e in city.catalog.sources() for row in _drift(city, e)],
        arrivals={str(k): v for k, v in sorted(arrivals.counts(city.registry).items())},
    )


def _resource(city: City, entry: Entry, *, now: dt.datetime, grace: float) -> dict[str, Any]:
    records = deliveries.all_of(city.registry, entry.name)
    last = max((r.delivery.as_of for r in records if r.in_force), default=None)
    time = judge(entry, last, now, grace=grace)
    return {
        "resource": entry.name,
        "title": entry.title,
        "unit": entry.unit,
        "deliveries": len(records),
        **_by_state(records),
        **_rows(records),
        "last_period": last.isoformat() if last else None,
        "due": time.due.isoformat(timespec="minutes") if time.due else None,
        "state": time.state,
    }


def _drift(city: City, entry: Entry) -> list[dict[str, Any]]:
    """Return what the last delivery of a resource had that its entry does not declare."""
    judged = [r for r in deliveries.all_of(city.registry, entry.name) if r.finished_at is not None]
    last = max(judged, key=lambda r: (r.finished_at, r.sequence), default=None)
    said = last.outcome.reason or "" if last is not None and last.outcome is not None else ""
    notes = [DRIFT + part for part in said.split(DRIFT)[1:]]
    file_name = "" if last is None else last.delivery.file_name
    return [
        {"resource": entry.name, "file": file_name, "drift": note.strip("; ")} for note in notes
    ]


def _source(cursor: Cursor | None) -> dict[str, Any]:
    """Return when a source was last fetched from, and what is wrong with it since."""
    at = None if cursor is None else cursor.fetched_at
    return {
        "fetched_at": None if at is None else at.isoformat(timespec="seconds"),
        "trouble": None if cursor is None else cursor.trouble,
    }


def _watched(
    city: City, name: str, scored: dict[str, float], *, now: dt.datetime
) -> dict[str, Any]:
    rows, days = waiting(city, name, now=now)
    return {"to_mend": rows, "oldest_days": days, "score": scored.get(name)}


def _by_state(records: tuple[Record, ...]) -> dict[str, int]:
    return {
        "accepted_deliveries": sum(r.status == "accepted" for r in records),
        "refused_deliveries": sum(r.status == "refused" for r in records),
        "waiting": sum(r.status == "received" for r in records),
    }


def _rows(records: tuple[Record, ...]) -> dict[str, int]:
    accounts = [r.outcome.account for r in records if r.outcome is not None]
    return {
        "rows": sum(a.records for a in accounts),
        "accepted": sum(a.accepted for a in accounts),
        "quarantined": sum(a.quarantined for a in accounts),
        "repeats": sum(a.repeats for a in accounts),
    }
