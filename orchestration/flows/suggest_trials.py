"""Trials (试行): what the gate says of rules that an entry does not have, on what was released.

Keep out: which rules are worth it (catalog), and printing them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import polars as pl

from catalog.entry import Entry
from catalog.schema import DELIVERY
from catalog.suggest import Suggestion
from catalog.suggest_deliveries import (
    ENOUGH,
    Measured,
    bounded,
    clocks,
    delivery_trials,
    newest,
)
from catalog.trial import Trial, has, on_trial
from catalog.vocabulary import Vocabulary
from orchestration.city import City, day_of
from orchestration.flows.pins import pin, rows_in_force
from quality.gate import gate_version
from quality.history import History, Past
from quality.verdict import RuleResult, Verdict
from registry import deliveries, verdicts

NEARLY = 0.98  # of the rows: a rule from which it is worth a warning
RECENT = 8  # deliveries looked at


@dataclass(frozen=True)
class Tables:
    """Tables that rules look into, and the vocabulary that they speak of."""

    rows: Mapping[str, pl.LazyFrame]
    vocabulary: Vocabulary


def tried(
    entry: Entry, rows: pl.LazyFrame, trials: Sequence[Trial], tables: Tables
) -> Iterator[Suggestion]:
    """Yield the rules that the rows keep, by the gate's own judgement; of one item one kind."""
    if not trials:
        return
    results = _results(_gate(on_trial(entry, list(trials)), rows, tables))
    taken: set[tuple[str, ...]] = set()
    for number, trial in enumerate(trials):
        said = results[number]
        kept = 1 - max(one.failed for one in said) / max(1, trial.looked)
        enough = kept == 1.0 or (kept >= NEARLY and trial.kind in ("difference", "monotonic"))
        whole = all(one.error is None and (one.passed or kept < 1.0) for one in said)
        slot = _slot(trial)
        if enough and whole and slot not in taken:
            taken.add(slot)
            yield trial.suggestion(kept=kept)


def _slot(trial: Trial) -> tuple[str, ...]:
    """Return what only one rule is proposed of: an identifier's item, a usage, a period's key."""
    words = trial.words
    if trial.kind == "when":
        return ("when", str(words))
    if set(words) <= {"item", "day"}:
        return ("shape", str(words["item"]))
    return (trial.kind, str(words.get("item") or words.get("by") or words.get("items")))


def of_deliveries(
    city: City, entry: Entry, others: Mapping[str, Entry], tables: Tables, *, counters: Set[str]
) -> Iterator[Suggestion]:
    """Yield rules about deliveries as wholes: measured, bounded, then judged one by one again."""
    if entry.zone != "raw":
        yield from _of_versions(city, entry)
        return
    some = list(_recent(city, entry))
    trials = list(delivery_trials(entry, others, tables.vocabulary, counters))
    if len(some) < ENOUGH or not trials:
        return
    past = [_measured(entry, trials, one, tables) for one in some]
    made = list(bounded(trials, past, entry))
    failed = _failing(entry, made, some, tables)
    for number, trial in enumerate(made):
        if number not in failed:
            yield trial.suggestion()


def _of_versions(city: City, entry: Entry) -> Iterator[Suggestion]:
    """Yield how many rows versions of a model have; what else they held is not kept."""
    said = verdicts.headlines(city.registry, f"{entry.zone}.{entry.name}")
    past = [
        Measured(day_of(one.at), day_of(one.at), one.rows, [{"value": one.rows}], {})
        for one in said
        if one.passed
    ][-RECENT:]
    trials = [] if has(entry, "rows_near") else [Trial("rows_near", {}, "行数", 0)]
    for trial in bounded(trials, past, entry):
        yield trial.suggestion()


@dataclass(frozen=True)
class One:
    """A delivery with what amends it."""

    as_of: dt.date
    received: dt.datetime
    rows: pl.LazyFrame


def _recent(city: City, entry: Entry) -> Iterator[One]:
    """Yield the last deliveries in force, the oldest first."""
    found, rows = pin(city, entry.name), rows_in_force(city, entry.name)
    if found.current is None or rows is None:
        return
    received = {r.delivery.id: r for r in deliveries.in_force(city.registry, entry.name)}
    turns: dict[int, list[str]] = {}
    for one, _, turn in found.current.deliveries:
        turns.setdefault(turn, []).append(one)
    for turn in sorted(turns)[-RECENT:]:
        first = received[turns[turn][0]].delivery
        of_turn = rows.filter(pl.col(DELIVERY).is_in(turns[turn]))
        yield One(first.as_of, first.received_at, of_turn)


def _measured(entry: Entry, trials: Sequence[Trial], one: One, tables: Tables) -> Measured:
    verdict = _gate(on_trial(entry, list(trials)), one.rows, tables, now=one.received)
    results = _results(verdict)
    days: dict[str, dt.date] = {}
    if clocks(entry):
        row = newest(one.rows, entry).collect(engine="streaming").row(0, named=True)
        days = {name: day for name, day in row.items() if day is not None}
    figures = [results[number][0].figures for number in range(len(trials))]
    return Measured(one.as_of, day_of(one.received), verdict.rows, figures, days)


def _failing(entry: Entry, made: Sequence[Trial], some: Sequence[One], tables: Tables) -> set[int]:
    """Return which rules one of the deliveries would have broken, each judged by those before."""
    asked = on_trial(entry, list(made))
    failed: set[int] = set()
    past: tuple[Past, ...] = ()
    for one in some if made else ():
        told = _gate(asked, one.rows, tables, now=one.received, past=past)
        figures = {r.rule: r.figures for r in told.rules if r.figures}
        past = (*past, Past(told.rows, figures))
        for number, said in _results(told).items():
            if not all(r.passed and r.error is None for r in said):
                failed.add(number)
    return failed


def _gate(
    asked: Entry,
    rows: pl.LazyFrame,
    tables: Tables,
    *,
    now: dt.datetime | None = None,
    past: tuple[Past, ...] = (),
) -> Verdict:
    return gate_version(
        rows,
        asked,
        references=tables.rows,
        vocabulary=tables.vocabulary,
        today=None if now is None else day_of(now),
        history=History(past),
    )


def _results(verdict: Verdict) -> dict[int, list[RuleResult]]:
    """Return what was said of each trial."""
    found: dict[int, list[RuleResult]] = {}
    for one in verdict.rules:
        name = one.rule.partition(":")[0]
        if name.startswith("t") and name[1:].isdigit():
            found.setdefault(int(name[1:]), []).append(one)
    return found
