"""What was known when a delivery was judged: what it looked into, and what it was a part of.

Keep out: the order of the past (past.py), and judging (remake.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from catalog.entry import Entry
from catalog.schema import DELIVERY
from orchestration.city import City
from orchestration.flows.amend import Standing, family, hindrance
from orchestration.flows.answered import answered
from orchestration.flows.aside import Aside
from orchestration.flows.lookback import in_turn, looks_back
from orchestration.flows.past import Past
from orchestration.graph import referred
from registry import releases
from registry.deliveries import Record


def known_then(
    city: City,
    aside: Aside,
    record: Record,
    past: Past,
    *,
    entry: Entry,
    before: Sequence[Record],
) -> Mapping[str, pl.LazyFrame]:
    """Return the rows that a delivery's rules looked into when it was judged."""
    found = {}
    filled = [r for r in before if r.outcome is not None and r.outcome.account.accepted]
    if looks_back(entry) and filled:
        ids = [r.delivery.id for r in filled]
        found[entry.name] = in_turn(aside.scan("raw", entry.name, ids), filled)
    for name in sorted(referred(entry) - {entry.name}):
        other = aside.bases.newest(name)
        if other is None:
            continue
        rows = (
            _raw_then(city, aside, name, past)
            if other.zone == "raw"
            else _model_then(city, other, record)
        )
        if rows is not None:
            found[name] = rows
    return found


def standing_then(city: City, aside: Aside, record: Record, past: Past) -> Standing | None:
    """Return what there was of the delivery that one amends."""
    one = record.delivery
    if one.amends is None:
        return None
    accepted = past.accepted[one.resource].values()
    ids = [
        r.delivery.id
        for r in family(accepted, one)
        if past.counts(r) or r.delivery.id == one.amends
    ]
    return Standing(
        aside.scan("quarantine", one.resource, [one.amends]),
        aside.scan("raw", one.resource, ids),
        hindrance(city, one),
    )


def answered_then(aside: Aside, record: Record, past: Past) -> pl.LazyFrame | None:
    """Return the refused rows of a delivery that amendments in force had answered."""
    one = record.delivery
    counted = past.in_force(one.resource)
    ids = [r.delivery.id for r in counted if r.delivery.amends == one.id]
    if not ids or one.id not in aside.quarantine[one.resource]:
        return None
    return answered(
        aside.scan("quarantine", one.resource, [one.id]),
        aside.scan("raw", one.resource, ids),
        aside.scan("quarantine", one.resource, ids),
    )


def _raw_then(city: City, aside: Aside, name: str, past: Past) -> pl.LazyFrame | None:
    """Return the accepted rows that counted; None where there were none yet."""
    counted = past.in_force(name)
    if not any(r.outcome is not None and r.outcome.account.accepted for r in counted):
        return None
    ids = [record.delivery.id for record in counted]
    if name not in aside.raw:
        return city.lake.scan("raw", name).filter(pl.col(DELIVERY).is_in(ids))
    return aside.scan("raw", name, ids)


def _model_then(city: City, entry: Entry, record: Record) -> pl.LazyFrame | None:
    """Return the release that was read; None before the first one."""
    verdict = record.outcome.verdict_id if record.outcome is not None else None
    before = [
        released.release.version
        for released in releases.history(city.registry, entry.zone, entry.name)
        if verdict is not None and released.release.verdict_id < verdict
    ]
    return city.lake.scan(entry.zone, entry.name, before[-1]) if before else None
