"""The place of deliveries in time, by what they say of themselves: so late ones are in theirs.

A delivery is judged beside those of earlier places, whichever came first. Keep out: judging.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from catalog.entry import Entry
from ingestion.delivery import Counted, in_order, intent, stamped
from registry.deliveries import Record

Turn = tuple[dt.date, Counted, float]


def turn(entry: Entry, record: Record, known: Mapping[str, Record]) -> Turn:
    """Return the place of a delivery.

    Of one period the names decide; without a period in the name there is only the arrival.
    An amendment's place is that of what it belongs to.
    """
    whole = known.get(record.delivery.amends or "", record)
    one = whole.delivery
    said = whole.stem if stamped(entry, one.file_name) else ""
    return one.as_of, in_order(said), whole.sequence


def by_id(records: Iterable[Record]) -> dict[str, Record]:
    """Return deliveries by their ids."""
    return {record.delivery.id: record for record in records}


def earlier(entry: Entry, record: Record, counted: Iterable[Record]) -> list[Record]:
    """Return those of the deliveries that count which one is judged after, in their order."""
    others = [r for r in counted if r.delivery.id != record.delivery.id]
    known = by_id((*others, record))
    place = turn(entry, record, known)
    found = [
        (turn(entry, r, known), r)
        for r in others
        if _precedes(entry, r, record, known=known, place=place)
    ]
    return [r for _, r in sorted(found, key=lambda each: each[0])]


def later(entry: Entry, record: Record, among: Iterable[Record]) -> list[Record]:
    """Return those of some deliveries that are judged after one, in their order."""
    every = [r for r in among if r.delivery.id != record.delivery.id]
    known = by_id((*every, record))
    place = turn(entry, record, known)
    found = [(turn(entry, r, known), r) for r in every]
    return [r for at, r in sorted(found, key=lambda each: each[0]) if at > place]


def _precedes(
    entry: Entry, other: Record, record: Record, *, known: Mapping[str, Record], place: Turn
) -> bool:
    amended = record.delivery.amends
    if amended is not None and amended in (other.delivery.id, other.delivery.amends):
        return True  # what is amended stands already, with what else amends it
    whole = known.get(other.delivery.amends or "", other)
    if whole.stem == record.stem and _corrects(whole, record):
        return False  # one of them takes the place of the other
    return turn(entry, other, known) < place


def _corrects(one: Record, other: Record) -> bool:
    names = (one.delivery.file_name, other.delivery.file_name)
    return any(intent(name).kind == "correct" for name in names)
