"""Trials of conditions: with some values of one item another is always filled, or never.

A condition is worth a trial where chance would hardly give it: see `CHANCE`.
Keep out: values of items that speak of persons.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import permutations
from typing import Any

import polars as pl

from catalog.entry import Entry, Item
from catalog.suggest import ENOUGH, FEW_VALUES, is_open
from catalog.trial import Trial, has

CHANCE = 1e-9  # of rows being so if the items had nothing to do with each other
TEXTS = ("string", "code")


def condition_trials(rows: pl.LazyFrame, entry: Entry) -> Iterator[Trial]:
    """Yield what seems to hold whenever an item has some value, or is filled."""
    counts = rows.select(pl.len().alias("rows"), *(pl.col(i.name).count() for i in entry.items))
    seen = counts.collect(engine="streaming").row(0, named=True)
    whole = int(seen["rows"])
    partly = [i for i in entry.items if ENOUGH <= seen[i.name] <= whole - ENOUGH]
    for item in (i for i in entry.items if _decides(entry, i)):
        others = [
            o for o in partly if o.name != item.name and not has(entry, "when", item.name, o.name)
        ]
        if others:
            yield from _by_value(rows, item, others, seen=seen)
    yield from _by_filling(rows, entry, partly, seen=seen)


def _decides(entry: Entry, item: Item) -> bool:
    """Tell whether the values of an item may stand in a rule."""
    listed = bool(item.values or item.codes) or is_open(entry, item)
    return item.type in TEXTS and listed and not item.key


def _by_value(
    rows: pl.LazyFrame, item: Item, others: list[Item], *, seen: dict[str, int]
) -> Iterator[Trial]:
    groups = (
        rows.filter(pl.col(item.name).is_not_null())
        .group_by(pl.col(item.name).alias("value"))
        .agg(pl.len().alias("rows"), *(pl.col(other.name).count() for other in others))
        .sort("value")
        .head(FEW_VALUES + 1)
        .collect(engine="streaming")
    )
    if not 1 < groups.height <= FEW_VALUES:
        return
    for other in others:
        share = seen[other.name] / seen["rows"]
        for filled in (True, False):
            found = groups.filter(pl.col(other.name) == (pl.col("rows") if filled else 0))
            speaking = int(found["rows"].sum())
            if _chance(share if filled else 1 - share, speaking) and found.height < groups.height:
                values = found["value"].to_list()
                yield _trial(item, values, other, filled=filled, rows=speaking)


def _chance(share: float, rows: int) -> bool:
    """Tell whether so many rows would hardly be alike by chance."""
    return rows >= ENOUGH and rows * math.log(share) < math.log(CHANCE)


def _trial(item: Item, values: list[str], other: Item, *, filled: bool, rows: int) -> Trial:
    said = f"{item.title}为{'、'.join(values)}的 {rows} 行中{other.title}均"
    words: dict[str, Any] = {"item": item.name, "values": values, "required": [other.name]}
    if filled:
        return Trial("when", words, f"{said}不为空", rows)
    given = [{"item": item.name, "values": values}]
    words = {"if": given, "then": [{"item": other.name, "filled": False}]}
    return Trial("when", words, f"{said}为空", rows)


def _by_filling(
    rows: pl.LazyFrame, entry: Entry, partly: list[Item], *, seen: dict[str, int]
) -> Iterator[Trial]:
    pairs = [p for p in permutations(partly, 2) if not has(entry, "when", *(i.name for i in p))]
    if not pairs:
        return
    both = [
        (pl.col(a.name).is_not_null() & pl.col(b.name).is_not_null()).sum().alias(str(n))
        for n, (a, b) in enumerate(pairs)
    ]
    found = rows.select(both).collect(engine="streaming").row(0)
    for (one, other), filled in zip(pairs, found, strict=True):
        known = seen[one.name]
        if filled == known and _chance(seen[other.name] / seen["rows"], known):
            given = [{"item": one.name, "filled": True}]
            words = {"if": given, "then": [{"item": other.name, "filled": True}]}
            said = f"{one.title}不为空的 {known} 行中{other.title}均不为空"
            yield Trial("when", words, said, known)
