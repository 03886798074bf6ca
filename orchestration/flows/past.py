"""The past told again: which deliveries were in force when each one was judged.

The registry keeps the last state of a delivery; its arrivals and verdicts keep the order of all
that happened, so that a rebuild can judge every delivery by what was known then.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ingestion.delivery import Status, intent
from orchestration.flows.settle import last_correction
from registry import arrivals, deliveries
from registry.arrivals import Arrival, ArrivalOutcome
from registry.deliveries import Record
from registry.schema import Registry

Moment = tuple[dt.datetime, int, int, int]  # instant, arrival, arrival before judgement, verdict


@dataclass
class Past:
    """What was known at one moment; it moves on while the past is told."""

    opened: defaultdict[tuple[str, str], dict[str, Record]] = field(
        default_factory=lambda: defaultdict(dict)
    )  # by resource and stem
    accepted: defaultdict[str, dict[str, Record]] = field(
        default_factory=lambda: defaultdict(dict)
    )  # by resource
    out: set[str] = field(default_factory=set)  # withdrawn
    replaced: set[str] = field(default_factory=set)

    def in_force(self, resource: str) -> list[Record]:
        """Return the deliveries of a resource whose rows counted."""
        found = self.accepted[resource]
        return [r for r in found.values() if self.counts(r) and self._whole_counts(found, r)]

    def counts(self, record: Record) -> bool:
        """Tell whether a delivery was neither withdrawn nor replaced."""
        return record.delivery.id not in self.out and record.delivery.id not in self.replaced

    def _whole_counts(self, found: Mapping[str, Record], record: Record) -> bool:
        """Tell whether what an amendment belongs to counted."""
        amended = record.delivery.amends
        return amended is None or (amended in found and self.counts(found[amended]))

    def arrive(self, record: Record) -> None:
        """Open a delivery, or put a withdrawn one back in force."""
        one = record.delivery.id
        self._same(record)[one] = record
        if one in self.out:
            self.out.discard(one)
            self.replaced.discard(one)
            if one in self.accepted[record.delivery.resource]:
                self._supersede(record)

    def withdraw(self, resource: str, stem: str) -> None:
        """Take back a delivery and its corrections."""
        self.out.update(self.opened[resource, stem])

    def accept(self, record: Record) -> None:
        """Let an accepted delivery count; the last correction takes the place of the rest."""
        self.accepted[record.delivery.resource][record.delivery.id] = record
        self._supersede(record)

    def _same(self, record: Record) -> dict[str, Record]:
        return self.opened[record.delivery.resource, record.stem]

    def _supersede(self, record: Record) -> None:
        accepted = self.accepted[record.delivery.resource]
        same = {
            one: each
            for one, each in self._same(record).items()
            if one in accepted and one not in self.out and one not in self.replaced
        }
        last = last_correction(list(same.values()))
        if last is not None:
            self.replaced |= same.keys() - {last.delivery.id}


def judgements(registry: Registry) -> Iterator[tuple[Record, Past]]:
    """Walk the judged deliveries in the order of judgement, each with what was known before it."""
    past = Past()
    for what, record in _told(registry):
        if isinstance(what, Arrival):
            if what.outcome is ArrivalOutcome.WITHDRAWAL:
                past.withdraw(what.resource, intent(what.file_name).stem)
            elif record is not None:
                past.arrive(record)
        elif record is not None:
            yield record, past
            if record.status is Status.ACCEPTED:
                past.accept(record)


def _told(registry: Registry) -> list[tuple[Arrival | None, Record | None]]:
    """Return arrivals and judgements (without an arrival) in the order in which they happened."""
    came = arrivals.history(registry)
    resources = {one.resource for one in came}
    known = {r.delivery.id: r for name in resources for r in deliveries.all_of(registry, name)}
    told: list[tuple[Moment, Arrival | None, Record | None]] = []
    first: dict[str, tuple[dt.datetime, int]] = {}
    for number, arrival in enumerate(came, start=1):
        told.append(((arrival.received_at, number, 0, 0), arrival, known.get(_id(arrival))))
        first.setdefault(_id(arrival), (arrival.received_at, number))
    told += _judged(known, first)
    return [(arrival, record) for _, arrival, record in sorted(told, key=lambda each: each[0])]


def _judged(
    known: Mapping[str, Record], first: Mapping[str, tuple[dt.datetime, int]]
) -> Iterator[tuple[Moment, None, Record]]:
    """Place the judgements among the arrivals; verdicts are numbered as they were given."""
    last: Moment | None = None
    for record in sorted(known.values(), key=_verdict):
        if record.finished_at is None:
            continue
        at, number = first.get(record.delivery.id, (record.finished_at, 0))
        # What waited was judged first of all when its turn came; the rest as it arrived.
        place = number if at == record.finished_at else 0
        moment = (record.finished_at, place, 1, _verdict(record))
        last = moment if last is None else max(moment, (*last[:3], moment[3]))
        yield last, None, record


def _verdict(record: Record) -> int:
    """Return the number of a delivery's verdict; 0 for one that could not be read."""
    return (record.outcome.verdict_id or 0) if record.outcome is not None else 0


def _id(arrival: Arrival) -> str:
    return arrival.delivery_id or ""
