"""What a delivery's rules look into: rows in force of other tables, and what came before it.

Of its own table a delivery sees what stands in the places before its own, whenever that came.
Keep out: what stood at an earlier time (remake.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from catalog.entry import Entry
from catalog.rules import Difference, Monotonic, NoOverlap, RowsNear, RuleBase, Silence, Steady
from catalog.schema import DELIVERY, TURN
from orchestration.city import City
from orchestration.flows.pins import rows_in_force
from orchestration.flows.turn import earlier
from orchestration.graph import referred
from quality.history import History
from registry import deliveries
from registry.deliveries import Record
from registry.passed import passed_of

COMPARING = (RowsNear, Steady, Silence)


def looks_back(entry: Entry) -> bool:
    """Tell whether rows are judged by those of earlier deliveries: a snapshot replaces them."""
    rules = entry.quality.rules
    if any(isinstance(rule, NoOverlap) for rule in rules) and entry.update.mode != "snapshot":
        return True
    return any(isinstance(rule, Monotonic | Difference) for rule in rules)


def comparing(entry: Entry) -> list[RuleBase]:
    """Return the rules that compare a delivery with earlier ones as wholes."""
    return [rule for rule in entry.quality.rules if isinstance(rule, COMPARING)]


def lookback(
    city: City, entry: Entry, record: Record
) -> tuple[Mapping[str, pl.LazyFrame], History]:
    """Return the rows that a delivery's rules look into now, and what its forerunners measured."""
    found = dict(reference_rows(city, entry))
    before: list[Record] = []
    if looks_back(entry) or comparing(entry):
        before = earlier(entry, record, deliveries.in_force(city.registry, entry.name))
    own = _own(city, entry, before) if looks_back(entry) else None
    if own is not None:
        found[entry.name] = own
    return found, measured(city, entry, before)


def reference_rows(city: City, entry: Entry) -> Mapping[str, pl.LazyFrame]:
    """Return the rows in force of the other tables that an entry's rules look into."""
    found = {name: rows_in_force(city, name) for name in sorted(referred(entry) - {entry.name})}
    return {name: rows for name, rows in found.items() if rows is not None}


def measured(city: City, entry: Entry, before: Iterable[Record]) -> History:
    """Return what the verdicts on earlier deliveries measured; amendments are no wholes."""
    if not comparing(entry):
        return History()
    numbers = [
        r.outcome.verdict_id
        for r in before
        if r.outcome is not None and r.outcome.verdict_id is not None and r.delivery.amends is None
    ]
    return passed_of(city.registry, numbers)


def in_turn(rows: pl.LazyFrame, before: Sequence[Record]) -> pl.LazyFrame:
    """Return the rows of some deliveries, each with the place of its delivery among them."""
    ids = [record.delivery.id for record in before]
    place = pl.col(DELIVERY).replace_strict(ids, range(len(ids)), return_dtype=pl.Int64)
    return rows.filter(pl.col(DELIVERY).is_in(ids)).with_columns(place.alias(TURN))


def _own(city: City, entry: Entry, before: Sequence[Record]) -> pl.LazyFrame | None:
    filled = [r for r in before if r.outcome is not None and r.outcome.account.accepted]
    versions = [r.outcome.raw_version or 0 for r in before if r.outcome is not None]
    if not filled:
        return None
    return in_turn(city.lake.scan("raw", entry.name, max(versions)), filled)
