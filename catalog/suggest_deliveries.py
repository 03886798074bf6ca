"""Rules about deliveries as wholes: what to measure of past ones, and the bounds that follow.

Keep out: measuring (the gate does) and rules that refuse rows.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from statistics import median

import polars as pl

from catalog.entry import Entry, Item
from catalog.suggest import FEW_VALUES
from catalog.trial import Trial, has
from catalog.vocabulary import Vocabulary

LEAST, LAST = 3, 5  # deliveries that a rule compares with
ENOUGH = 4  # deliveries, so that one at least was compared
WIDEST = 0.8  # a wider ratio says nothing
ROOM = 1.5  # times what was seen
MOST_MISSING = 0.2
NUMBERS, DAYS = ("integer", "decimal"), ("date", "datetime")


@dataclass(frozen=True)
class Measured:
    """What the gate measured of one delivery: figures of each trial, in the order of trials."""

    as_of: dt.date
    received: dt.date
    rows: int
    figures: Sequence[Mapping[str, float]]
    newest: Mapping[str, dt.date]  # last day of each item of time


def delivery_trials(
    entry: Entry, others: Mapping[str, Entry], vocabulary: Vocabulary, counters: Set[str]
) -> Iterator[Trial]:
    """Yield what to measure of deliveries: rules that ask for nothing yet; counters run on."""
    if not has(entry, "rows_near"):
        yield Trial("rows_near", {}, "行数", 0)
    for item in entry.items:
        if item.key:
            continue
        if not item.required and not has(entry, "share", item.name):
            yield Trial("share", {"item": item.name}, f"{item.title}为空的占比", 0)
        runs_on = item.name in counters or has(entry, "monotonic", item.name)
        if item.type in NUMBERS and not runs_on and not has(entry, "steady", item.name):
            yield Trial("steady", {"item": item.name, "of": "median"}, f"{item.title}的中位数", 0)
    yield from _groups(entry, vocabulary)
    yield from _days(entry)
    yield from _expected(entry, others)


def _groups(entry: Entry, vocabulary: Vocabulary) -> Iterator[Trial]:
    for item in entry.items:
        listed = item.values or (item.codes and vocabulary.codes(item.codes)) or ()
        if not listed or item.key:  # groups by any text could be as many as rows
            continue
        if not has(entry, "silence", item.name):
            yield Trial("silence", {"by": item.name}, f"{item.title}的分组", 0)
        if has(entry, "complete", item.name):
            continue
        if item.codes == "divisions":
            words: dict[str, object] = {"districts": True}
        else:
            words = {"codes": item.codes} if item.codes else {"values": list(item.values)}
        yield Trial("complete", {"item": item.name, **words}, f"{item.title}的代码", 0)


def _days(entry: Entry) -> Iterator[Trial]:
    for item in (i for i in entry.items if i.type in DAYS and (i.key or i.required)):
        if item.type == "date" and not has(entry, "complete", item.name):
            yield Trial("complete", {"item": item.name, "days": True}, f"{item.title}的每一天", 0)
        if not has(entry, "fresh", item.name) and item.name == _clock(entry):
            yield Trial("fresh", {"item": item.name, "days": 36500}, f"最新的{item.title}", 0)


def _clock(entry: Entry) -> str | None:
    """Return the item of time that a delivery speaks of."""
    keyed = [i.name for i in entry.items if i.type in DAYS and i.key]
    return entry.update.period if entry.update.period in keyed else next(iter(keyed), None)


def _expected(entry: Entry, others: Mapping[str, Entry]) -> Iterator[Trial]:
    """Yield the tables whose every standing value a delivery may hold."""
    for rule in entry.quality.rules:
        if rule.kind != "reference" or len(rule.items) != 1 or rule.to not in others:
            continue
        if has(entry, "complete", rule.items[0]):
            continue
        held = periods_of(others[rule.to]) if entry.update.period else None
        ends = {} if held is None else {"since": held[0], "until": held[1]}
        words = {"item": rule.items[0], "to": rule.to, "at": rule.at[0], **ends}
        title = entry.item(rule.items[0]).title
        yield Trial("complete", words, f"{others[rule.to].title}（{rule.to}）在册的{title}", 0)


def periods_of(entry: Entry) -> tuple[str, str] | None:
    """Return the two items between which a row of a table holds, as its rules say."""
    for rule in entry.quality.rules:
        if rule.kind == "no_overlap":
            return rule.since, rule.until
    for rule in entry.quality.rules:
        if rule.kind == "ordered" and all(entry.item(n).type == "date" for n in rule.items):
            return rule.items
    return None


def bounded(trials: Sequence[Trial], past: Sequence[Measured], entry: Entry) -> Iterator[Trial]:
    """Yield the rules that past deliveries support, with bounds and evidence."""
    if len(past) < ENOUGH:
        return
    what = "交付" if entry.zone == "raw" else "构建"
    for number, trial in enumerate(trials):
        figures = [one.figures[number] for one in past]
        made = {
            "rows_near": _steady, "steady": _steady, "share": _share, "silence": _silence,
            "complete": _complete, "fresh": _fresh,
        }[trial.kind](trial, figures, past)  # fmt: skip
        if made is not None:
            span = f"{len(past)} 次{what}（{past[0].as_of} 至 {past[-1].as_of}）中"
            yield Trial(made.kind, made.words, span + made.said, sum(one.rows for one in past))


Figures = Sequence[Mapping[str, float]]


def _steady(trial: Trial, figures: Figures, _: Sequence[Measured]) -> Trial | None:
    values = [each["value"] for each in figures if "value" in each]
    if len(values) < ENOUGH or len(values) < len(figures):
        return None
    middles = [median(values[max(0, n - LAST) : n]) for n in range(LEAST, len(values))]
    if not all(middles):
        return None
    far = max(
        abs(value - middle) / abs(middle)
        for value, middle in zip(values[LEAST:], middles, strict=True)
    )
    ratio = max(0.1, math.ceil(20 * ROOM * far) / 20)
    if ratio > WIDEST:
        return None
    said = f"{trial.said}与前几次的中位数至多相差 {far:.1%}"
    return trial.but(said, ratio=ratio)


def _share(trial: Trial, figures: Figures, _: Sequence[Measured]) -> Trial | None:
    nulls = [1 - each["value"] for each in figures if "value" in each]
    if len(nulls) < len(figures) or not 0 < max(nulls) <= 0.5:
        return None
    said = f"{trial.said}在 {min(nulls):.2%} 至 {max(nulls):.2%} 之间"
    return trial.but(said, max=math.ceil(100 * ROOM * max(nulls) + 1) / 100)


def _silence(trial: Trial, figures: Figures, _: Sequence[Measured]) -> Trial | None:
    always = set.intersection(*(set(each) for each in figures))
    every = set.union(*(set(each) for each in figures))
    if len(always) < 2 or len(every) > 20 * FEW_VALUES or always != every:
        return None
    usual = {name: median(each[name] for each in figures) for name in always}
    least = min(each[name] / usual[name] for each in figures for name in always)
    ratio = math.floor(5 * least) / 10  # half of it, in tenths
    said = f"{trial.said}（{len(always)} 组）次次有数据，最少为平常的 {least:.0%}"
    return trial.but(said, **({"ratio": ratio} if ratio else {}))


def _complete(trial: Trial, figures: Figures, _: Sequence[Measured]) -> Trial | None:
    if any(not each.get("expected") for each in figures):
        return None
    worst = max(each["value"] / each["expected"] for each in figures)
    fewest = min(each["expected"] for each in figures)
    loose = "to" in trial.words
    if worst > (MOST_MISSING if loose else 0) or fewest < 2:
        return None
    said = f"{trial.said}（至少 {fewest:.0f} 个）至多缺 {worst:.2%}"
    missing = math.ceil(100 * ROOM * worst) / 100
    return trial.but(said, **({"max_missing": missing} if missing else {}))


def _fresh(trial: Trial, _: Figures, past: Sequence[Measured]) -> Trial | None:
    item = str(trial.words["item"])
    ages = [(one.received - one.newest[item]).days for one in past if item in one.newest]
    if len(ages) < len(past) or min(ages) < 0:
        return None
    said = f"{trial.said}在收到时至多已过 {max(ages)} 天"
    return trial.but(said, days=math.ceil(ROOM * max(ages)) + 1)


def clocks(entry: Entry) -> list[Item]:
    """Return the items of time whose newest day is measured."""
    return [item for item in entry.items if item.name == _clock(entry)]


def newest(rows: pl.LazyFrame, entry: Entry) -> pl.LazyFrame:
    """Return the newest day of each of these items, in one row."""
    return rows.select(pl.col(item.name).max().cast(pl.Date) for item in clocks(entry))
