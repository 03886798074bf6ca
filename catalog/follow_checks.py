"""What is wrong with `update.follows`: which tables a model follows period by period.

Keep out: whether its SQL keeps to it (the commit refuses rows of other periods; a test compares).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalog.entry import Entry
from catalog.problem import Fault, Place, nearest

PERIODS = ("date", "month")
PLACE: Place = ("update", "follows")


def follow_faults(entry: Entry) -> Iterator[Fault]:
    """Yield what is wrong with an entry's own words."""
    if not entry.update.follows:
        return
    if entry.origin.model is None:
        yield Fault(PLACE, "is for models: a unit's table follows its deliveries — drop it")
    if (fault := _period_fault(entry)) is not None:
        yield Fault(("update", "period"), f"{fault} — so that follows has something to go by")


def followed_faults(entry: Entry, entries: Mapping[str, Entry | None]) -> Iterator[Fault]:
    """Yield what is wrong with the tables that an entry follows."""
    for position, name in enumerate(entry.update.follows):
        place: Place = (*PLACE, position)
        if name not in entries:
            yield Fault(place, f"no entry is named '{name}'{nearest(name, entries)}")
        elif (other := entries[name]) is not None:
            if (fault := _period_fault(other)) is not None:
                yield Fault(place, f"{name}: {fault} — read it whole instead")
            elif other.zone == "raw" and other.update.mode == "snapshot":
                yield Fault(place, f"{name}: a snapshot replaces every period — read it whole")
            elif _type(other) != _type(entry):
                yield Fault(place, f"{name} goes by {_type(other)}, this one by {_type(entry)}")


def _period_fault(entry: Entry) -> str | None:
    period = entry.update.period
    if period is None or period not in {item.name for item in entry.items}:
        return "update has no period"
    item = entry.item(period)
    if not item.key or item.type not in PERIODS:
        return f"period {period} must be a key item of type {' or '.join(PERIODS)}"
    return None


def _type(entry: Entry) -> str | None:
    period = entry.update.period
    return (
        None
        if period is None
        else next((item.type for item in entry.items if item.name == period), None)
    )
