"""Trials of arithmetic and order: sums, products, tariffs, usages, periods.

Keep out: counters (suggest_rules.py), conditions (suggest_conditions.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import polars as pl

from catalog.entry import Entry
from catalog.suggest import ENOUGH
from catalog.trial import Trial, has
from catalog.vocabulary import Vocabulary

TRIED, ALONE = 400, 60  # combinations of items at most; of those that sort the rows
TOLERANCE = 0.01
NUMBERS, DAYS = ("integer", "decimal"), ("date", "datetime")


def pair_trials(rows: pl.LazyFrame, entry: Entry, vocabulary: Vocabulary) -> Iterator[Trial]:
    """Yield rules between items that the rows keep at first sight."""
    for trials in (_sums(entry), _products(entry), _tariffs(entry, vocabulary)):
        yield from _kept(rows, trials)
    yield from _usages(rows, entry)
    yield from _periods(rows, entry)


Tested = tuple[Trial, pl.Expr, pl.Expr]  # what holds, and on which rows it says something


def _numbers(entry: Entry) -> list[str]:
    return [i.name for i in entry.items if i.type in NUMBERS and not i.key]


def _number(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Float64)


def _kept(rows: pl.LazyFrame, tested: Iterator[Tested]) -> Iterator[Trial]:
    """Yield the trials that hold wherever they say something, and say it often enough."""
    some = list(tested)
    if not some:
        return
    asked = [
        pl.struct((speaks & holds).sum().alias("kept"), speaks.sum().alias("looked")).alias(str(n))
        for n, (_, holds, speaks) in enumerate(some)
    ]
    found = rows.select(asked).collect(engine="streaming").row(0)
    for (trial, _, _), seen in zip(some, found, strict=True):
        if seen["looked"] >= ENOUGH and seen["kept"] == seen["looked"]:
            yield Trial(trial.kind, trial.words, trial.said, seen["looked"])


def _sums(entry: Entry) -> Iterator[Tested]:
    names = _numbers(entry)
    runs = [tuple(names[n : n + size]) for size in (3, 4, 2) for n in range(len(names) - size + 1)]
    every = [*runs, *combinations(names, 2), *combinations(names, 3)]  # neighbours first
    tried = ((total, parts) for parts in dict.fromkeys(every) for total in names)
    for total, parts in [(t, p) for t, p in tried if t not in p][:TRIED]:
        if has(entry, "sum", total):
            continue
        summed = pl.sum_horizontal([_number(part).fill_null(0) for part in parts])
        holds = (_number(total) - summed).abs() <= TOLERANCE
        speaks = pl.all_horizontal([_number(part) != 0 for part in parts[:2]])
        titles = "、".join(entry.item(part).title for part in parts)
        said = f"{entry.item(total).title}均等于{titles}之和"
        yield Trial("sum", {"item": total, "of": list(parts)}, said, 0), holds, speaks


def _products(entry: Entry) -> Iterator[Tested]:
    names = _numbers(entry)
    tried = ((total, parts) for parts in combinations(names, 2) for total in names)
    some = [(total, parts) for total, parts in tried if total not in parts][:TRIED]
    for total, parts in some:
        if has(entry, "product", total):
            continue
        one, other = map(_number, parts)
        holds = (_number(total) - one * other).abs() <= TOLERANCE
        speaks = (one.abs() != 1) & (other.abs() != 1) & (one != 0) & (other != 0)
        titles = "、".join(entry.item(part).title for part in parts)
        said = f"{entry.item(total).title}均等于{titles}之积"
        words = {"item": total, "of": list(parts)}
        yield Trial("product", words, said, 0), holds, speaks


def _tariffs(entry: Entry, vocabulary: Vocabulary) -> Iterator[Tested]:
    names = _numbers(entry)
    days = [i.name for i in entry.items if i.type in (*DAYS, "month")]
    for name in dict.fromkeys(each.name for each in vocabulary.tariffs):
        rates = vocabulary.rates(name)[-1].rates
        runs = (names[start : start + len(rates)] for start in range(len(names)))
        for parts in (run for run in runs if len(run) == len(rates)):
            for total in (n for n in names if n not in parts and not has(entry, "tariff", n)):
                yield from _tariff(entry, name, total, parts, days=days, vocabulary=vocabulary)


def _tariff(
    entry: Entry, name: str, total: str, parts: list[str], *, days: list[str],
    vocabulary: Vocabulary,
) -> Iterator[Tested]:  # fmt: skip
    newest = vocabulary.rates(name)[-1]
    priced = pl.sum_horizontal(
        [_number(p).fill_null(0) * float(r) for p, r in zip(parts, newest.rates, strict=True)]
    )
    holds = (_number(total) - priced).abs() <= TOLERANCE
    said = f"{entry.item(total).title}均等于按{newest.title}计价之和"
    for day in days[:1]:
        words = {"item": total, "of": parts, "tariff": name, "day": day}
        yield Trial("tariff", words, said, 0), holds, priced > 0


def _usages(rows: pl.LazyFrame, entry: Entry) -> Iterator[Trial]:
    """Yield usages that are what a counter ran on since the last reading of its series."""
    order = next((i.name for i in entry.items if i.key and i.type in DAYS), None)
    by = [i.name for i in entry.items if i.key and i.name != order]
    if order is None or not by:
        return
    ordered = rows.sort(*by, order)
    names = _numbers(entry)
    for usage, reading in [(u, r) for u in names for r in names if u != r][:ALONE]:
        if has(entry, "difference", usage):
            continue
        step = _number(reading).diff().over(by)
        holds = (_number(usage) - step).abs() <= TOLERANCE
        words = {"item": usage, "of": reading, "by": by, "order": order}
        said = f"{entry.item(usage).title}等于相邻两次{entry.item(reading).title}之差"
        counted = ordered.select(
            looked=(step.is_not_null() & (step > 0)).sum(), kept=(holds & (step > 0)).sum()
        )
        looked, kept = counted.collect(engine="streaming").row(0)
        if looked >= ENOUGH and kept >= 0.98 * looked:
            yield Trial("difference", words, said, looked)


def _periods(rows: pl.LazyFrame, entry: Entry) -> Iterator[Trial]:
    """Yield keys that have several periods; whether they overlap the gate tells."""
    dated = [i for i in entry.items if i.type in DAYS]
    pairs = [(a, b) for a, b in combinations(dated, 2) if a.type == b.type and not b.required]
    pairs.sort(key=lambda pair: dated.index(pair[1]) - dated.index(pair[0]))  # a birth is far off
    names = [i.name for i in entry.items if i.type == "string" and i.name not in entry.key[1:]]
    if not pairs or not names:
        return
    asked = [pl.len().over(name).gt(1).and_(pl.col(name).is_not_null()) for name in names]
    shared = rows.select(
        [again.sum().alias(name) for name, again in zip(names, asked, strict=True)]
    ).collect(engine="streaming")
    for since, until in pairs[:6]:
        for name in (n for n in names if shared[n][0] >= ENOUGH):
            if has(entry, "no_overlap", name):
                continue
            said = f"同一{entry.item(name).title}的 {shared[name][0]} 个期间互不重叠"
            words = {"by": [name], "since": since.name, "until": until.name}
            yield Trial("no_overlap", words, said, int(shared[name][0]))
