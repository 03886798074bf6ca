"""Suggest (规则建议): read the released rows and earlier verdicts of a table, and propose rules.

Keep out: what speaks for a rule (catalog.suggest, catalog.suggest_rules).
"""

from __future__ import annotations

import datetime as dt
import math
import shutil
from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from catalog.entry import Entry
from catalog.problem import nearest
from catalog.suggest import Suggestion, suggest_items
from catalog.suggest_conditions import condition_trials
from catalog.suggest_pairs import pair_trials
from catalog.suggest_rules import dated_references, suggest_references, suggest_rules
from catalog.suggest_shapes import shape_trials
from lake.errors import LakeError
from orchestration.city import City
from orchestration.flows.pins import pin, released_rows, rows_in_force
from orchestration.flows.suggest_trials import Tables, of_deliveries, tried
from orchestration.graph import referred
from registry import verdicts

FEWEST = 3  # verdicts from which a threshold is suggested


def suggest(city: City, name: str) -> tuple[Suggestion, ...]:
    """Propose words and rules that a table's rows keep and its entry does not ask for."""
    if name not in city.catalog.entries:
        known = tuple(city.catalog.entries)
        raise LakeError(f"suggest {name}: no such entry{nearest(name, known)}")
    entry = city.entry(name)
    if pin(city, name).version is None:
        raise LakeError(f"suggest {name}: nothing of it is released yet: run citylake run first")
    staging = city.staging(f"suggest-{name}")
    try:
        found = tuple(_found(city, entry, released_rows(city, name, staging)))
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    since, until = _period(city, entry)
    return tuple(replace(one, since=since, until=until) for one in found)


def _found(city: City, entry: Entry, rows: pl.LazyFrame) -> Iterator[Suggestion]:
    """Yield words and rules: those that can be read off the rows, then those that were tried."""
    vocabulary, others = city.catalog.vocabulary, _others(city, entry)
    yield from suggest_items(rows, entry)
    plain = [*suggest_rules(rows, entry), *suggest_references(rows, entry, others)]
    entries = dict(city.catalog.entries)
    trials = [
        *shape_trials(rows, entry),
        *pair_trials(rows, entry, vocabulary),
        *condition_trials(rows, entry),
        *dated_references(rows, plain, entry, entries),
    ]
    names = {table for trial in trials for table in trial.rule.tables()} | referred(entry)
    known = {name: rows_in_force(city, name) for name in sorted(names)}
    given = {name: found for name, found in known.items() if found is not None}
    tables = Tables(given, vocabulary)
    yield from plain
    yield from tried(entry, rows, trials, tables)
    counters = {r.written["monotonic"]["item"] for r in plain if "monotonic" in r.written}
    yield from of_deliveries(city, entry, {n: entries[n] for n in given}, tables, counters=counters)
    yield from _thresholds(city, entry)


def _period(city: City, entry: Entry) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day that the rows looked at speak for."""
    current = pin(city, entry.name).current
    days = [] if current is None else [day for _, day, _ in current.deliveries]
    if not days:
        said = verdicts.headlines(city.registry, f"{entry.zone}.{entry.name}")
        days = [one.at.date() for one in said if one.passed]
    return (min(days), max(days)) if days else (None, None)


def _others(city: City, entry: Entry) -> dict[str, tuple[Entry, pl.LazyFrame]]:
    """Return the other tables of the zone whose key is one item, with their rows."""
    found = {}
    for other in city.catalog.entries.values():
        if other.name == entry.name or len(other.key) != 1 or other.zone != entry.zone:
            continue
        rows = rows_in_force(city, other.name)
        if rows is not None:
            found[other.name] = (other, rows)
    return found


def _thresholds(city: City, entry: Entry) -> Iterator[Suggestion]:
    """Yield the share of refused rows that past deliveries stayed under."""
    said = verdicts.headlines(city.registry, f"{entry.zone}.{entry.name}")
    judged = [one for one in said if one.passed and one.rows]
    if len(judged) < FEWEST:
        return
    worst = max(one.quarantined / one.rows for one in judged)
    allowed = math.ceil(150 * worst) / 100 or 0.01
    if allowed < entry.quality.max_quarantine:
        first, last = judged[0].at.date(), judged[-1].at.date()
        evidence = (
            f"{len(judged)} 次通过的质检（{first} 至 {last}）中，隔离行至多占 {100 * worst:.1f}%"
        )
        line = f"max_quarantine: {allowed:.0%}"
        rows = sum(one.rows for one in judged)
        yield Suggestion("quality", line, evidence, rows, 1.0, allowed)
