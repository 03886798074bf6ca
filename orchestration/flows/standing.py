"""Which of the deliveries of one name stands: the last correction that was accepted, or the rest.

What comes to count otherwise by it stirs others. Keep out: judging (settle.py, again.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ingestion.delivery import Delivery, Status, intent, stem_of
from orchestration.city import City
from orchestration.graph import leads
from registry import deliveries, judgements
from registry.deliveries import Record

Word = tuple[bool, int, str, str, float]


def supersede(city: City, delivery: Delivery, now: dt.datetime) -> None:
    """Let the last correction take the place of what it corrects, whichever came first."""
    stem = intent(delivery.file_name).stem
    every = deliveries.of_stem(city.registry, delivery.resource, stem)
    same = [r for r in every if r.status is Status.ACCEPTED and r.withdrawn_at is None]
    last = last_correction(same)
    for other in same:
        stands = last is None or other.delivery.id == last.delivery.id
        if stands and other.replaced_by is not None:
            deliveries.reinstate(city.registry, other.delivery.id)
            stir(city, other.delivery, itself=True)
        elif not stands and last is not None and other.replaced_by is None:
            deliveries.replace(city.registry, other.delivery.id, last.delivery.id, at=now)
            stir(city, other.delivery)


def reinstate(city: City, record: Record, *, now: dt.datetime) -> Record:
    """Put a withdrawn delivery back in force; a correction again takes the place of the rest."""
    again = deliveries.reinstate(city.registry, record.delivery.id)
    if again.in_force:
        supersede(city, again.delivery, now)
        stir(city, again.delivery, itself=True)
    return again


def stir(city: City, delivery: Delivery, *, itself: bool = False) -> None:
    """Write down that a delivery counts otherwise than before, where that can matter to others."""
    name = delivery.resource
    entry = city.catalog.entries.get(name)
    own = entry is not None and any(leads(entry, rule) for rule in entry.quality.rules)
    if itself or own or name in city.referring:
        judgements.stir(city.registry, delivery.id, delivery.resource, itself=itself)


def last_correction(same: Sequence[Record]) -> Record | None:
    """Return the correction that takes the place of what else is called the same, if any."""
    corrections = [r for r in same if intent(r.delivery.file_name).kind == "correct"]
    return max(corrections, key=_turn, default=None)


def _turn(record: Record) -> Word:
    return word(record.delivery.file_name, record.sequence)


def word(file_name: str, sequence: float) -> Word:
    """Order corrections by number; a file packed otherwise is no later one.

    Of two that are called the same, what the unit sent afterwards holds.
    """
    said = intent(file_name)
    return said.kind == "correct", said.number, stem_of(file_name), file_name, sequence
