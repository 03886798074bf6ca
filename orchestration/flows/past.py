"""The past told again: which deliveries were in force when each one was judged.

The registry keeps the last state of a delivery; its arrivals and verdicts keep the order of all
that happened, so that a rebuild can judge every delivery by what was known then.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from ingestion.delivery import Status, intent
from orchestration.flows.standing import last_correction
from registry import arrivals, deliveries
from registry.arrivals import Arrival, ArrivalOutcome
from registry.deliveries import Record
from registry.judgements import Again, history
from registry.schema import Registry

Moment = tuple[int, int, int]  # arrivals by then, arrival before judgement, verdict


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

    def judge(self, record: Record) -> None:
        """Let an accepted delivery count; the last correction takes the place of the rest."""
        accepted = self.accepted[record.delivery.resource]
        if record.status is Status.ACCEPTED:
            accepted[record.delivery.id] = record
        elif accepted.pop(record.delivery.id, None) is None:
            return
        self._supersede(record)

    def _same(self, record: Record) -> dict[str, Record]:
        return self.opened[record.delivery.resource, record.stem]

    def _supersede(self, record: Record) -> None:
        accepted = self.accepted[record.delivery.resource]
        same = {
            one: each
            for one, each in self._same(record).items()
            if one in accepted and one not in self.out
        }
        last = last_correction(list(same.values()))
        self.replaced -= same.keys()
        if last is not None:
            self.replaced |= same.keys() - {last.delivery.id}


def judgements(registry: Registry) -> Iterator[tuple[Record, Past]]:
    """Walk the judgements in their order, each as it ended then, with what was known before it.

    A delivery that was judged again comes again.
    """
    past = Past()
    for what, record in _told(registry):
        if isinstance(what, Arrival):
            if what.outcome is ArrivalOutcome.WITHDRAWAL:
                past.withdraw(what.resource, intent(what.file_name).stem)
            elif record is not None:
                past.arrive(record)
        elif record is not None:
            yield record, past
            past.judge(record)


def _told(registry: Registry) -> list[tuple[Arrival | None, Record | None]]:
    """Return arrivals and judgements (without an arrival) in the order in which they happened.

    They are numbered as they were written down: a clock may have been put back in between.
    """
    came = arrivals.history(registry)
    resources = {one.resource for one in came}
    known = {r.delivery.id: r for name in resources for r in deliveries.all_of(registry, name)}
    told: list[tuple[Moment, Arrival | None, Record | None]] = [
        ((number, 0, 0), arrival, known.get(_id(arrival)))
        for number, arrival in enumerate(came, start=1)
    ]
    told += _judged(_judgements(registry, known), _Arrived.of(came))
    return [(arrival, record) for _, arrival, record in sorted(told, key=lambda each: each[0])]


@dataclass(frozen=True)
class _Arrived:
    """When what arrived: the first arrival of every delivery, and the instants of all."""

    first: Mapping[str, int]
    instants: Sequence[dt.datetime]
    latest: Sequence[dt.datetime]  # up to each one

    @classmethod
    def of(cls, came: Sequence[Arrival]) -> _Arrived:
        """Number arrivals from 1 on."""
        first: dict[str, int] = {}
        for number, arrival in enumerate(came, start=1):
            first.setdefault(_id(arrival), number)
        instants = [one.received_at for one in came]
        return cls(first, instants, list(accumulate(instants, max)))

    def before(self, record: Record) -> int:
        """Return how many had arrived when a delivery was first judged.

        What waited was judged first of all when its turn came; the rest as it arrived.
        """
        finished = record.finished_at or record.delivery.received_at
        own = self.first.get(record.delivery.id, 0)
        if own and self.instants[own - 1] == finished:
            return own
        if finished in self.instants[own:]:
            return self.instants.index(finished, own)
        return max(own, bisect_right(self.latest, finished))


def _judgements(
    registry: Registry, known: Mapping[str, Record]
) -> list[tuple[Record, Again | None]]:
    """Return every judgement with its outcome, the first ones and those that took their place."""
    told: list[tuple[Record, Again | None]] = []
    again = history(registry)
    for record in known.values():
        if record.outcome is None or record.finished_at is None:
            continue
        since = again.get(record.delivery.id, [])
        outcomes = [*(each.before for each in since), record.outcome]
        for outcome, why in zip(outcomes, (None, *since), strict=True):
            told.append((replace(record, outcome=outcome, status=outcome.status), why))
    return sorted(told, key=lambda each: _verdict(each[0]))


def _judged(
    every: Iterable[tuple[Record, Again | None]], arrived: _Arrived
) -> Iterator[tuple[Moment, None, Record]]:
    """Place the judgements among the arrivals; verdicts are numbered as they were given."""
    last = 0
    for record, again in every:
        number = arrived.before(record) if again is None else again.arrivals
        if not _verdict(record):  # it was not read, and changed nothing
            yield (number, 1, 0), None, record
            continue
        last = max(last, number)
        yield (last, 1, _verdict(record)), None, record


def _verdict(record: Record) -> int:
    """Return the number of a delivery's verdict; 0 for one that could not be read."""
    return (record.outcome.verdict_id or 0) if record.outcome is not None else 0


def _id(arrival: Arrival) -> str:
    return arrival.delivery_id or ""
