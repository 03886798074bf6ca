"""How much of a model has to be built: the periods that changed in what it follows, or all.

A model is built whole when anything else changed: its code, another input, the version that it
lies on. Keep out: building (build.py), and which rows changed (lake.changed).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from catalog.entry import Entry
from catalog.schema import DELIVERY
from lake.changed import changed_values, values_of
from lake.errors import LakeError
from lake.model import Part
from lake.slices import At, Slices, Value, stored
from lake.views import Pin
from orchestration.city import City
from orchestration.flows.pins import pin
from orchestration.flows.refused_rows import refused_rows
from orchestration.graph import Model
from registry import judgements, releases

# Above it the whole is built: one pass over everything is cheaper than finding what is the same.
LARGE = 0.5
AGAIN = "@"  # between a delivery and the verdict by which it was judged again
State = Mapping[str, Any]


@dataclass(frozen=True)
class Whole:
    """Every row is to be built, and why."""

    why: str


def made_of(city: City, model: Model) -> State:
    """Return what a model is made of now: deliveries in force of sources, versions of models."""
    again = judgements.last_again(city.registry)
    return {name: _state(pin(city, name), again) for name in model.inputs}


def part_of(city: City, model: Model, now: State) -> Part | Whole:
    """Return the periods of a model that have to be built, on the version that has the others."""
    entry = city.entry(model.name)
    if not entry.update.follows or entry.update.period is None:
        return Whole("it follows nothing period by period")
    found = releases.released(city.registry, entry.zone, entry.name)
    if found is None:
        return Whole("it was never released")
    if found.release.code_digest != model.code_digest:
        return Whole("its code or entry changed")
    version = found.release.version
    if city.lake.version(entry.zone, entry.name) != version:
        return Whole(f"another version lies on the released one ({version})")
    before = json.loads(city.lake.said(entry.zone, entry.name, version).get("inputs", "{}"))
    return _part(city, entry, version, before=before, now=now)


def restricted(city: City, pins: Iterable[Pin], part: Part) -> tuple[Pin, ...]:
    """Return the pins with those that the part follows, directly or not, shut to its periods."""
    reached: set[str] = set()
    waiting = [part.name]
    while waiting:
        follows = set(city.entry(waiting.pop()).update.follows) - reached
        reached |= follows
        waiting += sorted(follows)
    return tuple(
        replace(each, only=Slices(_period(city, each.name), part.slices.values))
        if each.name in reached
        else each
        for each in pins
    )


def _part(city: City, entry: Entry, version: int, *, before: State, now: State) -> Part | Whole:
    follows = entry.update.follows
    other = [name for name in now if name not in follows and now[name] != before.get(name)]
    if other or not before:
        return Whole(f"{other[0]} changed" if other else "what it was made of is not known")
    values: set[Value] = set()
    for name in follows:
        if now[name] != before.get(name):
            changed = _changed(city, name, before.get(name), now[name])
            if changed is None:
                return Whole(f"{name} changed too much, or its older version is gone")
            values |= set(changed)
    slices = Slices(_period(city, entry.name), tuple(sorted(values)))
    if _share(city, entry, version, slices) > LARGE:
        return Whole(f"{len(values)} periods changed, which is more than half of it")
    return Part(entry.zone, entry.name, slices, version)


def _changed(city: City, name: str, before: Any, now: Any) -> Iterable[Value] | None:  # noqa: ANN401
    """Return the periods that changed in an input between two of its states."""
    table, column = pin(city, name), _period(city, name)
    if table.current is None:
        if not isinstance(before, int) or not isinstance(now, int):
            return None
        return changed_values(
            city.lake, table.zone, name, column, before=before, after=now, share=LARGE
        )
    differ = set(before or ()) ^ set(now or ())
    version = city.lake.version(table.zone, name)
    if version is None:
        return ()
    ids = {one.partition(AGAIN)[0] for one in differ}
    # Rows of a delivery taken back stay in the raw table; of one judged again some are refused.
    stored = values_of(city.lake, At(table.zone, name, version), column, deliveries=ids)
    judged = pl.col(DELIVERY).is_in([o.partition(AGAIN)[0] for o in differ if AGAIN in o])
    refused = refused_rows(city, city.entry(name), [column], judged)[column].drop_nulls()
    return {*stored, *refused}


def _share(city: City, entry: Entry, version: int, slices: Slices) -> float:
    """Return the share of the stored rows that lie in files of these slices."""
    files = stored(city.lake, At(entry.zone, entry.name, version), slices.column)
    rows = sum(file.rows for file in files)
    return sum(file.rows for file in files if slices.cover(file)) / rows if rows else 0.0


def _state(table: Pin, again: Mapping[str, int]) -> Any:  # noqa: ANN401 - as JSON keeps it
    """Return the state of an input: its version, or its deliveries in force, as judged last."""
    if table.current is None:
        return table.version
    ids = (delivery[0] for delivery in table.current.deliveries)
    return sorted(f"{one}{AGAIN}{again[one]}" if one in again else one for one in ids)


def _period(city: City, name: str) -> str:
    period = city.entry(name).update.period
    if period is None:
        raise LakeError(f"{name}: has no period to be followed by")
    return period
