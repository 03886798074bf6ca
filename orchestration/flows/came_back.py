"""Bytes that come back: the same bytes are one delivery as long as they say the same.

By the name of another period, as a later correction, or after others took their place they say
something new, and are a delivery of their own. Keep out: writing it down (arrive.py).
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from operator import itemgetter

from catalog.entry import Entry
from ingestion.delivery import Delivery, Status, as_of, delivery_id, in_order, intent, stamped
from orchestration.city import City
from orchestration.flows.basis import stands
from orchestration.flows.repeats import share_keys
from orchestration.flows.standing import last_correction, word
from orchestration.flows.turn import Turn, by_id, turn
from registry import arrivals, deliveries
from registry.arrivals import Arrival, ArrivalOutcome
from registry.deliveries import Record

first = itemgetter(0)
LAST = float("inf")  # the place of what comes just now


@dataclass(frozen=True)
class Told:
    """The deliveries of a resource, against which is held what the same bytes say now."""

    city: City
    entry: Entry
    records: Sequence[Record]
    standing: Mapping[str, Record]  # in force, by id; without amendments, which share a place
    latent: bool = False  # told of what came back earlier

    def says(self, record: Record, file_name: str, place: Turn) -> bool:
        """Tell whether a delivery says already what its bytes say under a name."""
        said = intent(file_name)
        if record.withdrawn_at is not None:
            return record.stem == said.stem or (self.latent and _is_copy(record, place))
        if record.status is not Status.ACCEPTED:
            open_yet = record.status is Status.RECEIVED
            return open_yet or self.latent or stands(self.city, record.delivery)
        mates = [r for r in self.standing.values() if r.stem == said.stem]
        last = last_correction(mates)
        if last and word(last.delivery.file_name, last.sequence) > word(file_name, place[2]):
            return True  # a later correction stands
        if said.kind == "correct" and mates not in ([], [record]):
            return False
        if record.replaced_by and not _is_copy(record, place):
            return False
        return not self._is_covered(record, place)

    def _is_covered(self, record: Record, place: Turn) -> bool:
        """Tell whether others of places in between show in the stead of a delivery's rows."""
        since = bisect_right(self._places, turn(self.entry, record, {}), key=first)
        until = bisect_left(self._places, place, key=first)
        # Of a period the names decide, and a copy changes nothing; else the last that came does.
        mine = {record.delivery.id, record.replaced_by if _is_stamped(place) else None}
        between = [r for _, r in self._places[since:until] if r.delivery.id not in mine]
        if self.entry.update.mode == "snapshot" or not between:
            return bool(between)
        return share_keys(self.city, self.entry, record, between)

    @cached_property
    def _places(self) -> list[tuple[Turn, Record]]:
        placed = [(turn(self.entry, r, {}), r) for r in self.standing.values()]
        return sorted(placed, key=first)

    @cached_property
    def _alone(self) -> set[tuple[str, str]]:
        """Return bytes and names of what stands alone under a stem that tells its period."""
        stems = Counter(r.stem for r in self.records)
        return {
            (r.delivery.digest, r.delivery.file_name)
            for r in self.standing.values()
            if stems[r.stem] == 1 and stamped(self.entry, r.delivery.file_name)
        }

    def knows(self, arrival: Arrival) -> bool:
        """Tell whether something came again as what stands, so that nothing need be looked up."""
        return (arrival.digest, arrival.file_name) in self._alone


def _is_copy(record: Record, place: Turn) -> bool:
    """Tell whether a name speaks of no other period: it shares the fate of what it repeats."""
    return not _is_stamped(place) or place[0] == record.delivery.as_of


def _is_stamped(place: Turn) -> bool:
    return place[1] != in_order("")


def told(city: City, entry: Entry, *, latent: bool = False) -> Told:
    """Return what the deliveries of a resource say now."""
    records = deliveries.all_of(city.registry, entry.name)
    standing = by_id(r for r in records if r.in_force and r.delivery.amends is None)
    return Told(city, entry, records, standing, latent)


def meant(city: City, delivery: Delivery, mark: str) -> Delivery:
    """Return the delivery that some bytes are under the name by which they came just now."""
    if (seen := arrivals.delivery_of(city.registry, mark)) is not None:
        return replace(delivery, id=seen)  # the same thing seen again after a crash
    known = deliveries.find(city.registry, delivery.id)
    if known is None or delivery.amends is not None or known.delivery.amends is not None:
        return delivery
    entry = city.entry(delivery.resource)
    if known.in_force and _is_same(city, entry, known, delivery.file_name):
        return delivery
    place = _place(entry, delivery.file_name, delivery.as_of, LAST)
    now_told = told(city, entry)
    return replace(delivery, id=_said(now_told, delivery, place) or _own(now_told, delivery))


def _is_same(city: City, entry: Entry, known: Record, file_name: str) -> bool:
    """Tell whether a file came again as what it was, and nothing else is called so."""
    if known.delivery.file_name != file_name or not stamped(entry, file_name):
        return False
    return len(deliveries.of_stem(city.registry, entry.name, known.stem)) == 1


def come_back(city: City, resource: str, *, now: dt.datetime) -> Iterator[Delivery]:
    """Open what came as a repeat and says now what nothing else says any more."""
    entry = city.catalog.entries.get(resource)
    if entry is None or not arrivals.has_repeats(city.registry, resource):
        return
    now_told = told(city, entry, latent=True)
    for arrival, sequence in _repeats(city, resource):
        if now_told.knows(arrival):
            continue
        day = as_of(entry, arrival.file_name, arrival.received_at)
        one = Delivery(
            id=delivery_id(resource, arrival.digest or ""),
            resource=resource,
            file_name=arrival.file_name,
            digest=arrival.digest or "",
            size=arrival.size or 0,
            received_at=arrival.received_at,
            as_of=day,
        )
        place = _place(entry, one.file_name, day, sequence + 0.5)
        if _said(now_told, one, place) is None:
            yield _open(city, replace(one, id=_own(now_told, one)), now)
            now_told = told(city, entry, latent=True)


def only_repeated(city: City, resource: str, stem: str) -> tuple[str, ...]:
    """Return what came under a stem as repeats alone: nothing of it is a delivery."""
    came = (one.file_name for one, _ in _repeats(city, resource))
    return tuple(name for name in dict.fromkeys(came) if intent(name).stem == stem)


def _said(all_told: Told, one: Delivery, place: Turn) -> str | None:
    """Return the delivery of the same bytes that says this already; None where none does."""
    same = [r for r in all_told.records if r.delivery.digest == one.digest]
    if any(r.delivery.amends is not None for r in same):
        return same[0].delivery.id
    for record in reversed(same):
        if all_told.says(record, one.file_name, place):
            return record.delivery.id
    return None


def _place(entry: Entry, file_name: str, day: dt.date, sequence: float) -> Turn:
    said = intent(file_name).stem if stamped(entry, file_name) else ""
    return day, in_order(said), sequence


def _own(told_now: Told, one: Delivery) -> str:
    """Return the id of a delivery of its own: of its bytes, and of how many there were of them."""
    same = sum(r.delivery.digest == one.digest for r in told_now.records)
    return delivery_id(one.resource, f"{one.digest}\n{same}")


def _repeats(city: City, resource: str) -> Iterator[tuple[Arrival, int]]:
    """Return the repeats that were not taken back, each with the last delivery before it."""
    came = arrivals.history(city.registry, resource=resource)
    known = {r.delivery.id: r.sequence for r in deliveries.all_of(city.registry, resource)}
    before = list(accumulate((known.get(a.delivery_id or "", 0) for a in came), max))
    taken = {
        intent(a.file_name).stem: number
        for number, a in enumerate(came)
        if a.outcome is ArrivalOutcome.WITHDRAWAL
    }
    for number, arrival in enumerate(came):
        gone = taken.get(intent(arrival.file_name).stem, -1) > number
        if arrival.outcome is ArrivalOutcome.REPEAT and not gone:
            yield arrival, before[number]


def _open(city: City, one: Delivery, now: dt.datetime) -> Delivery:
    again = Arrival(
        resource=one.resource,
        file_name=one.file_name,
        outcome=ArrivalOutcome.COLLECTED,
        received_at=now,
        message="came as a repeat; by now it says what nothing else does",
        digest=one.digest,
        size=one.size,
        delivery_id=one.id,
    )
    with city.registry.write():
        arrivals.record_arrival(city.registry, again)
        return deliveries.open_delivery(
            city.registry, one, stem=intent(one.file_name).stem
        ).delivery
