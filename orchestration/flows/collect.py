"""Collect (归集): what lies in the inbox is archived, read, gated and committed, once.

The order of steps makes every crash harmless: bytes are archived before the registry knows
them, known before the inbox forgets them, and both commits carry the delivery's id.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from ingestion.connectors.files import Found, pending
from ingestion.delivery import Account, Delivery, Status, as_of, delivery_id, intent
from lake.errors import StillGrowing
from orchestration.city import City
from orchestration.flows.amend import amending
from orchestration.flows.settle import reinstate, settle
from quality.verdict import Verdict
from registry import arrivals, deliveries
from registry.arrivals import Arrival, ArrivalOutcome

Outcome = Literal[
    "accepted",
    "refused",
    "repeat",
    "held",
    "withdrawn",
    "growing",
    "not_a_file",
    "unknown_resource",
]

OUTCOMES: dict[Status, Outcome] = {
    Status.ACCEPTED: "accepted",
    Status.REFUSED: "refused",
    Status.RECEIVED: "held",
}


@dataclass(frozen=True)
class Collected:
    """What became of one thing that lay in the inbox."""

    resource: str
    file_name: str
    outcome: Outcome
    message: str
    account: Account | None = None
    verdict: Verdict | None = None
    delivery: str | None = None

    @property
    def name(self) -> str:
        """Return the resource."""
        return self.resource or "inbox"

    @property
    def step(self) -> str:
        """Return what was being done, for people."""
        return "归集"

    @property
    def is_trouble(self) -> bool:
        """Tell whether somebody should look at it."""
        return self.outcome not in {"accepted", "repeat", "withdrawn"}

    @property
    def line(self) -> str:
        """Say what happened in one line."""
        return f"{self.resource}/{self.file_name}: {self.outcome}: {self.message}"


def collect(city: City, resource: str, *, now: dt.datetime) -> Iterator[Collected]:
    """Collect everything that waits for one resource, unfinished deliveries first."""
    for record in deliveries.unfinished(city.registry):
        if record.delivery.resource == resource:
            yield settled(city, record.delivery, now)
    for found in sorted(_lying(city, resource), key=lambda one: _turn(city, one, now)):
        yield take(city, found, now=now)


def waiting(city: City) -> tuple[str, ...]:
    """Return the names under which something waits; "" stands for strays in the inbox itself."""
    names = {found.resource for found in pending(city.settings.inbox) if _is_news(city, found)}
    names.update(record.delivery.resource for record in deliveries.unfinished(city.registry))
    return tuple(sorted(names))


def take_strays(city: City, *, now: dt.datetime) -> tuple[Collected, ...]:
    """Take what lies under no source resource's name: recorded, kept, told."""
    names = {entry.name for entry in city.catalog.sources()} | city.unreadable
    lying = [one for one in pending(city.settings.inbox) if one.resource not in names]
    return tuple(take(city, one, now=now) for one in lying if _is_news(city, one))


def take(city: City, found: Found, *, now: dt.datetime) -> Collected:
    """Take one thing out of the inbox; bytes are never lost, whatever they turn out to be."""
    if found.kind != "file":
        return _leave(city, found, now)
    fingerprint = _fingerprint(found)
    try:
        stored = city.lake.archive.put(found.path)
    except StillGrowing as error:
        return Collected(found.resource, found.path.name, "growing", str(error))
    arrival = Arrival(
        resource=found.resource,
        file_name=found.path.name,
        outcome=ArrivalOutcome.COLLECTED,
        received_at=now,
        digest=stored.digest,
        size=stored.size,
        fingerprint=fingerprint,
    )
    known = city.catalog.entries.get(found.resource)
    if known is None or known.zone != "raw":
        return _refuse(city, found, arrival)
    if intent(found.path.name).kind == "withdraw":
        return _withdraw(city, found, arrival)
    return _deliver(city, found, arrival)


def settled(city: City, delivery: Delivery, now: dt.datetime) -> Collected:
    """Settle a delivery and say what became of it."""
    ended = settle(city, delivery, now=now)
    return Collected(
        delivery.resource,
        delivery.file_name,
        "repeat" if ended.elsewhere else OUTCOMES[ended.status],
        ended.message,
        account=None if ended.elsewhere else ended.account,
        verdict=ended.verdict,
        delivery=delivery.id,
    )


def _lying(city: City, resource: str) -> list[Found]:
    lying = pending(city.settings.inbox)
    return [one for one in lying if one.resource == resource and _is_news(city, one)]


def _turn(city: City, found: Found, now: dt.datetime) -> tuple[bool, dt.date, str]:
    """Order what lies there: by the period it speaks for, withdrawals last."""
    name, entry = found.path.name, city.catalog.entries.get(found.resource)
    day = now.date() if entry is None else as_of(entry, name, now)
    return intent(name).kind == "withdraw", day, name


def _is_news(city: City, found: Found) -> bool:
    """Tell whether this is to be dealt with: what cannot be taken is recorded only once."""
    return found.kind == "file" or not arrivals.arrived(city.registry, _fingerprint(found))


def _fingerprint(found: Found) -> str:
    # The time of change, not of writing: a copy may keep the latter and is a new arrival.
    about = found.path.lstat()
    return f"{found.resource}/{found.path.name}:{about.st_size}:{about.st_ctime_ns}"


def _deliver(city: City, found: Found, arrival: Arrival) -> Collected:
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
        before = deliveries.find(city.registry, delivery.id)
        # The same thing seen again after a crash is no repeat: its fingerprint is written down.
        first = before is None or arrivals.arrived(city.registry, arrival.fingerprint or "")
        outcome = ArrivalOutcome.COLLECTED if first else ArrivalOutcome.REPEAT
        arrivals.record_arrival(
            city.registry, replace(arrival, outcome=outcome, delivery_id=delivery.id)
        )
        record = deliveries.open_delivery(city.registry, delivery, stem=intent(name).stem)
        if was_withdrawn := record.withdrawn_at is not None:
            record = reinstate(city, record, now=arrival.received_at)
    found.path.unlink()
    if was_withdrawn and record.status is Status.ACCEPTED:
        message = "taken back before, now in force again"
        return Collected(found.resource, name, "accepted", message, delivery=delivery.id)
    if record.status is not Status.RECEIVED:
        message = f"the same bytes as {record.delivery.file_name}: counted, not stored twice"
        return Collected(found.resource, name, "repeat", message, delivery=delivery.id)
    return settled(city, record.delivery, arrival.received_at)


def _withdraw(city: City, found: Found, arrival: Arrival) -> Collected:
    stem = intent(found.path.name).stem
    with city.registry.write():
        taken = deliveries.withdraw(
            city.registry, found.resource, stem=stem, at=arrival.received_at
        )
        names = ", ".join(record.delivery.file_name for record in taken)
        message = f"withdrawn: {names}" if taken else f"no delivery is called {stem}: nothing done"
        arrivals.record_arrival(
            city.registry, replace(arrival, outcome=ArrivalOutcome.WITHDRAWAL, message=message)
        )
    found.path.unlink()
    outcome: Outcome = "withdrawn" if taken else "refused"
    return Collected(found.resource, found.path.name, outcome, message)


def _refuse(city: City, found: Found, arrival: Arrival) -> Collected:
    """Record a file that no entry declares; its bytes stay in the archive."""
    name = found.resource or "the inbox itself"
    message = (
        f"inbox/{found.resource}/{found.path.name}: no source resource is called {name}: "
        f"add an entry, or deliver into the right folder (bytes kept as {arrival.digest})"
    )
    outcome = ArrivalOutcome.UNKNOWN_RESOURCE
    arrivals.record_arrival(city.registry, replace(arrival, outcome=outcome, message=message))
    found.path.unlink()
    return Collected(found.resource, found.path.name, "unknown_resource", message)


def _leave(city: City, found: Found, now: dt.datetime) -> Collected:
    """Record what is not a file and leave it where it lies: a link may lead anywhere."""
    message = f"{found.path.name}: a {found.kind}, not a file: deliver plain files only"
    arrivals.record_arrival(
        city.registry,
        Arrival(
            resource=found.resource,
            file_name=found.path.name,
            outcome=ArrivalOutcome.NOT_A_FILE,
            received_at=now,
            message=message,
            fingerprint=_fingerprint(found),
        ),
    )
    return Collected(found.resource, found.path.name, "not_a_file", message)
