"""Collect (归集): what lies in the inbox is archived, read, gated and committed, once.

The order of steps makes every crash harmless: bytes are archived before the registry knows
them, known before the inbox forgets them, and both commits carry the delivery's id.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from ingestion.connectors.files import Found, pending
from ingestion.delivery import Delivery, Status, intent
from lake.errors import StillGrowing
from orchestration.city import City
from orchestration.flows.again import judge_stirred
from orchestration.flows.ahead import reading_ahead
from orchestration.flows.arrive import (
    Arrived,
    Opened,
    archive,
    clear,
    fingerprint,
    is_news,
    open_delivery,
    reading_order,
)
from orchestration.flows.came_back import come_back, only_repeated
from orchestration.flows.collected import OUTCOMES, Collected, Outcome
from orchestration.flows.release import release_raw
from orchestration.flows.settle import Settled, settle
from orchestration.flows.standing import stir
from orchestration.flows.together import Versions, runs, settle_together, standing
from registry import arrivals, deliveries, judgements
from registry.arrivals import Arrival, ArrivalOutcome


def collect(city: City, resource: str, *, now: dt.datetime) -> Iterator[Collected]:
    """Collect everything that waits for one resource, unfinished deliveries first."""
    for record in deliveries.unfinished(city.registry):
        if record.delivery.resource == resource:
            yield settled(city, record.delivery, now)
    lying = sorted(_lying(city, resource), key=lambda one: reading_order(city, one, now))
    for several in runs(city.catalog.entries.get(resource), lying):
        if len(several) == 1:
            yield take(city, several[0], now=now)
        else:
            yield from _take_together(city, several, now=now)
    yield from again(city, now=now)
    for delivery in come_back(city, resource, now=now):
        yield settled(city, delivery, now)
        yield from again(city, now=now)


def again(city: City, *, now: dt.datetime) -> Iterator[Collected]:
    """Judge again what depends on what came or went, and release the tables of it."""
    changed = set()
    for done in judge_stirred(city, now=now):
        one = done.after.delivery
        changed.add(one.resource)
        yield Collected(
            one.resource,
            one.file_name,
            "judged_again",
            done.message,
            verdict=done.verdict,
            delivery=one.id,
        )
    for name in sorted(changed):
        release_raw(city, name, now=now)


def waiting(city: City) -> tuple[str, ...]:
    """Return the names under which something waits; "" stands for strays in the inbox itself."""
    names = {found.resource for found in pending(city.settings.inbox) if is_news(city, found)}
    names.update(record.delivery.resource for record in deliveries.unfinished(city.registry))
    names.update(one.resource for one in judgements.stirred(city.registry))
    return tuple(sorted(names))


def take_strays(city: City, *, now: dt.datetime) -> tuple[Collected, ...]:
    """Take what lies under no source resource's name: recorded, kept, told."""
    names = {entry.name for entry in city.catalog.sources()} | city.unreadable
    lying = [one for one in pending(city.settings.inbox) if one.resource not in names]
    return tuple(take(city, one, now=now) for one in lying if is_news(city, one))


def take(city: City, found: Found, *, now: dt.datetime) -> Collected:
    """Take one thing out of the inbox; bytes are never lost, whatever they turn out to be."""
    if found.kind != "file":
        return _leave(city, found, now)
    try:
        with reading_ahead(city, found):
            return _taken(city, found, archive(city, found, now))
    except StillGrowing as error:
        return _growing(found, error)


def _taken(city: City, found: Found, arrived: Arrived) -> Collected:
    known = city.catalog.entries.get(found.resource)
    if known is None or known.zone != "raw":
        return _refuse(city, found, arrived.arrival)
    if intent(found.path.name).kind == "withdraw":
        return _withdraw(city, found, arrived.arrival)
    return _deliver(city, arrived)


def settled(city: City, delivery: Delivery, now: dt.datetime) -> Collected:
    """Settle a delivery and say what became of it."""
    return _ended(delivery, settle(city, delivery, now=now))


def _take_together(city: City, several: list[Found], *, now: dt.datetime) -> Iterator[Collected]:
    """Take files that may be settled together; known bytes may repeat what is at hand: alone."""
    fresh: list[Arrived] = []
    before = standing(city, several[0].resource)
    for found in several:
        try:
            arrived = archive(city, found, now)
        except StillGrowing as error:
            yield _growing(found, error)
            continue
        if arrived.new:
            fresh.append(arrived)
            continue
        yield from _deliver_together(city, fresh, before, now=now)
        yield _deliver(city, arrived)
        fresh, before = [], standing(city, found.resource)
    yield from _deliver_together(city, fresh, before, now=now)


def _deliver_together(
    city: City, fresh: list[Arrived], before: Versions, *, now: dt.datetime
) -> Iterator[Collected]:
    with city.registry.write():
        opened = [open_delivery(city, arrived) for arrived in fresh]
    for arrived in fresh:
        clear(arrived.found, arrived.arrival)
    known = [_known(one) for one in opened]  # though the archive had lost them
    yield from filter(None, known)
    wanted = [one.record.delivery for one, told in zip(opened, known, strict=True) if told is None]
    yield from map(_ended, wanted, settle_together(city, wanted, before, now=now))


def _ended(delivery: Delivery, ended: Settled) -> Collected:
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
    return [one for one in lying if one.resource == resource and is_news(city, one)]


def _growing(found: Found, error: StillGrowing) -> Collected:
    return Collected(found.resource, found.path.name, "growing", str(error))


def _deliver(city: City, arrived: Arrived) -> Collected:
    opened = open_delivery(city, arrived)
    clear(arrived.found, arrived.arrival)
    known = _known(opened)
    return known or settled(city, opened.record.delivery, arrived.arrival.received_at)


def _known(opened: Opened) -> Collected | None:
    """Say what a delivery is that was judged before; None where it is still to be judged."""
    record, name = opened.record, opened.found.path.name
    delivery = record.delivery
    if opened.again and record.status is Status.ACCEPTED:
        message = "taken back before, now in force again"
        return Collected(delivery.resource, name, "accepted", message, delivery=delivery.id)
    if record.status is not Status.RECEIVED:
        what = ", which was refused" if record.status is Status.REFUSED else ""
        message = f"the same bytes as {delivery.file_name}{what}: counted, not stored twice"
        return Collected(delivery.resource, name, "repeat", message, delivery=delivery.id)
    return None


def _withdraw(city: City, found: Found, arrival: Arrival) -> Collected:
    stem = intent(found.path.name).stem
    with city.registry.write():
        repeated = only_repeated(city, found.resource, stem)
        taken = deliveries.withdraw(
            city.registry, found.resource, stem=stem, at=arrival.received_at
        )
        for record in taken:
            if record.status is Status.ACCEPTED:
                stir(city, record.delivery)
        names = [record.delivery.file_name for record in taken]
        names += [name for name in repeated if name not in names]
        said = f"withdrawn: {', '.join(names)}"
        message = said if names else f"no delivery is called {stem}: nothing done"
        arrivals.record_arrival(
            city.registry, replace(arrival, outcome=ArrivalOutcome.WITHDRAWAL, message=message)
        )
    clear(found, arrival)
    outcome: Outcome = "withdrawn" if names else "refused"
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
    clear(found, arrival)
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
            fingerprint=fingerprint(found),
        ),
    )
    return Collected(found.resource, found.path.name, "not_a_file", message)
