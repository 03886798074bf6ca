"""The rows that the rules of an entry look into: of other tables, and of its own so far.

Keep out: judging by them (settle.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from catalog.entry import Entry
from catalog.rules import Difference, Monotonic, NoOverlap
from orchestration.city import City
from orchestration.flows.earlier import standing_before
from orchestration.flows.pins import rows_in_force
from orchestration.graph import referred
from registry import deliveries


def reference_rows(city: City, entry: Entry, *, file_name: str) -> Mapping[str, pl.LazyFrame]:
    """Return the accepted rows that the rules of a file's entry look into, by table name."""
    found = {name: rows_in_force(city, name) for name in looked_into(entry)}
    known = {name: frame for name, frame in found.items() if frame is not None}
    if looks_back(entry) and entry.name in known:
        records = deliveries.in_force(city.registry, entry.name)
        own = standing_before(known[entry.name], entry, records, file_name=file_name)
        known[entry.name] = own
    return known


def looked_into(entry: Entry) -> tuple[str, ...]:
    """Return the tables that an entry's rules look into: others, and its own rows so far."""
    own = {entry.name} if looks_back(entry) else set()
    return tuple(sorted(referred(entry) | own))


def looks_back(entry: Entry) -> bool:
    """Tell whether an entry's rules judge rows beside those of earlier deliveries."""
    rules = entry.quality.rules
    if any(isinstance(rule, NoOverlap) for rule in rules) and entry.update.mode != "snapshot":
        return True
    return any(isinstance(rule, Monotonic | Difference) for rule in rules)
