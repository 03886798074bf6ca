"""Suggest words and rules of an entry from the rows that were released, each with its evidence.

What is said of a sensitive item is its shape, never a value of a cell: bounds are round numbers.
Keep out: reading the rows (orchestration) and rules between rows and tables (suggest_rules.py).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from catalog.entry import Entry, Item
from catalog.render.entry_yaml import item_yaml

ENOUGH = 30  # rows below which nothing is suggested
FEW_VALUES, OFTEN = 12, 10  # distinct values of a list; rows a value at least
TEXTS = ("string", "code")


@dataclass(frozen=True)
class Suggestion:
    """A line of YAML for an entry, where it belongs, and what speaks for it."""

    where: str  # items, quality or quality.rules
    line: str
    evidence: str
    rows: int  # looked at
    share: float  # of them that satisfy it
    written: Any = None  # what the line says
    since: dt.date | None = None  # the days that what was looked at speaks of
    until: dt.date | None = None


def suggest_items(rows: pl.LazyFrame, entry: Entry) -> Iterator[Suggestion]:
    """Yield the items of an entry that could declare more than they do."""
    facts = rows.select(*_facts(entry)).collect(engine="streaming").row(0, named=True)
    count = int(facts["rows"])
    if count < ENOUGH:
        return
    for item in entry.items:
        words, said = _words(item, facts, count)
        if item.type in TEXTS and not item.values and item.codes is None and is_open(entry, item):
            words, said = _listed(rows, item, count, words=words, said=said)
        if words:
            more = item.model_copy(update=words)
            yield Suggestion("items", item_yaml(more), "；".join(said), count, 1.0, more)


def is_open(entry: Entry, item: Item) -> bool:
    """Tell whether values of an item may be named: only where nobody is spoken of."""
    return item.sensitivity == "none" and entry.classification.level in (1, 2)


def _facts(entry: Entry) -> Iterator[pl.Expr]:
    yield pl.len().alias("rows")
    for item in entry.items:
        column, name = pl.col(item.name), item.name
        yield column.null_count().alias(f"{name}.nulls")
        if item.type in TEXTS:
            yield column.str.len_chars().min().alias(f"{name}.shortest")
            yield column.str.len_chars().max().alias(f"{name}.longest")
            digits = column.str.contains(r"^\d+$").all()
            yield digits.alias(f"{name}.digits")
        if item.type in ("integer", "decimal"):
            yield column.cast(pl.Float64).min().alias(f"{name}.least")
            yield column.cast(pl.Float64).max().alias(f"{name}.most")


def _words(item: Item, facts: dict[str, Any], rows: int) -> tuple[dict[str, Any], list[str]]:
    """Return the words that an item could have, and what was seen of it."""
    words: dict[str, Any] = {}
    said: list[str] = []
    known = rows - int(facts[f"{item.name}.nulls"])
    if known == rows and not (item.required or item.key):
        words["required"] = True
        said.append(f"{rows} 行均不为空")
    if known < ENOUGH:
        return words, said
    if item.type in TEXTS:
        _shape(item, facts, words, said)
    if item.type in ("integer", "decimal"):
        _bounds(item, facts, words, said)
    return words, said


def _shape(item: Item, facts: dict[str, Any], words: dict[str, Any], said: list[str]) -> None:
    longest, shortest = facts[f"{item.name}.longest"], facts[f"{item.name}.shortest"]
    if item.values or item.codes:
        return
    if item.length is None:
        words["length"] = longest if longest == shortest else _rounded_length(longest)
        said.append(f"最长 {longest} 个字符")
    if item.pattern is None and longest == shortest and facts[f"{item.name}.digits"]:
        words["pattern"] = rf"^\d{{{longest}}}$"
        said.append(f"均为 {longest} 位数字")


def _bounds(item: Item, facts: dict[str, Any], words: dict[str, Any], said: list[str]) -> None:
    least, most = facts[f"{item.name}.least"], facts[f"{item.name}.most"]
    if item.min is None and least >= 0:
        words["min"] = Decimal(0)
        said.append("均不为负")
    if item.max is None and most > 0:
        words["max"] = Decimal(10) ** math.ceil(math.log10(most) + 0.3)
        said.append(f"均小于 {words['max'] / 2:f}")


def _rounded_length(longest: int) -> int:
    return 10 * math.ceil(1.5 * longest / 10)


def _listed(
    rows: pl.LazyFrame, item: Item, count: int, *, words: dict[str, Any], said: list[str]
) -> tuple[dict[str, Any], list[str]]:
    """Add the list of values where there are few, each often."""
    found = rows.select(pl.col(item.name).drop_nulls().unique().head(FEW_VALUES + 1)).collect()
    values = sorted(found.to_series().to_list())
    if item.key or not values or len(values) > FEW_VALUES or len(values) * OFTEN > count:
        return words, said
    kept = {word: value for word, value in words.items() if word not in ("length", "pattern")}
    listed = f"只出现 {len(values)} 个值"
    return {**kept, "values": tuple(values)}, [*said, listed]
