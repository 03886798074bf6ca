"""Arriving (到达): what lies in the inbox is archived, then written down as a delivery.

Bytes are archived before the registry knows them, and known before the inbox forgets them.
Keep out: judging and storing (settle.py), and what is said of it (collect.py).
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass, replace

from ingestion.connectors.files import Found
from ingestion.delivery import Counted, Delivery, as_of, delivery_id, in_order, intent
from lake.errors import StillGrowing
from orchestration.city import City
from orchestration.flows.amend import amending
from orchestration.flows.came_back import meant
from orchestration.flows.standing import reinstate
from registry import arrivals, deliveries
from registry.arrivals import Arrival, ArrivalOutcome
from registry.deliveries import Record


@dataclass(frozen=True)
class Arrived:
    """A file whose bytes are archived; `new` where nobody can have worked on them before."""

    found: Found
    arrival: Arrival
    new: bool


@dataclass(frozen=True)
class Opened:
    """A delivery written down; `again` where it had been taken back and is in force again."""

    found: Found
    record: Record
    again: bool


def reading_order(
    city: City, found: Found, now: dt.datetime
) -> tuple[bool, dt.date, Counted, int, int, str]:
    """Order what lies there: by its period, a delivery before its corrections, withdrawals last."""
    name, entry = found.path.name, city.catalog.entries.get(found.resource)
    said, day = intent(name), now.date() if entry is None else as_of(entry, name, now)
    # By the stem: `a-2.csv`, which came after `a.csv`, is before it by the whole name.
    corrects = int(said.kind == "correct")
    return said.kind == "withdraw", day, in_order(said.stem), corrects, said.number, name


def is_news(city: City, found: Found) -> bool:
    """Tell whether this is to be dealt with: what cannot be taken is recorded only once."""
    return found.kind == "file" or not arrivals.arrived(city.registry, fingerprint(found))


def fingerprint(found: Found) -> str:
    """Return what tells a thing in the inbox from another of its name."""
    # The time of change, not of writing: a copy may keep the latter and is a new arrival.
    about = found.path.lstat()
    return f"{found.resource}/{found.path.name}:{about.st_size}:{about.st_ctime_ns}"


def archive(city: City, found: Found, now: dt.datetime) -> Arrived:
    """Archive a file; StillGrowing when it changed meanwhile, or was taken away."""
    try:
        mark = fingerprint(found)
        stored = city.lake.archive.put(found.path)
    except FileNotFoundError as error:
        if found.path.exists():
            raise
        raise StillGrowing(f"{found.path.name}: was taken away again before it was read") from error
    arrival = Arrival(
        resource=found.resource,
        file_name=found.path.name,
        outcome=ArrivalOutcome.COLLECTED,
        received_at=now,
        digest=stored.digest,
        size=stored.size,
        fingerprint=mark,
    )
    return Arrived(found, arrival, stored.new)


def clear(found: Found, arrival: Arrival) -> None:
    """Take out of the inbox what was archived; what lies there instead by now is yet to come."""
    with suppress(FileNotFoundError):
        if fingerprint(found) == arrival.fingerprint:
            found.path.unlink()


def open_delivery(city: City, arrived: Arrived) -> Opened:
    """Write an archived file down as a delivery."""
    found, arrival = arrived.found, arrived.arrival
    entry, name, digest = city.entry(found.resource), found.path.name, arrival.digest or ""
    delivery = Delivery(
        id=delivery_id(found.resource, digest),
        resource=found.resource,
        file_name=name,
        digest=digest,
        size=arrival.size or 0,
        received_at=arrival.received_at,
        as_of=as_of(entry, name, arrival.received_at),
    )
    delivery = amending(city, delivery, found.path)
    with city.registry.write():
        delivery = meant(city, delivery, arrival.fingerprint or "")
        before = deliveries.find(city.registry, delivery.id)
        # The same thing seen again after a crash is no repeat: its fingerprint is written down.
        first = before is None or arrivals.arrived(city.registry, arrival.fingerprint or "")
        outcome = ArrivalOutcome.COLLECTED if first else ArrivalOutcome.REPEAT
        arrivals.record_arrival(
            city.registry, replace(arrival, outcome=outcome, delivery_id=delivery.id)
        )
        record = deliveries.open_delivery(city.registry, delivery, stem=intent(name).stem)
        if again := record.withdrawn_at is not None:
            record = reinstate(city, record, now=arrival.received_at)
    return Opened(found, record, again)
