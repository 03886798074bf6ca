"""How a good row is made to break one rule of its entry.

Keep out: what an item's own words ask for (defects.py), counters, which need a history (utilities).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch

import polars as pl

from catalog.entry import Entry
from catalog.rules import (
    DivisionCode,
    Identifier,
    Identity,
    NoOverlap,
    Ordered,
    Product,
    Reference,
    Rule,
    RuleBase,
    Sum,
    Tariff,
    UsccOrCitizenId,
    When,
)
from catalog.vocabulary import Vocabulary
from demo.city.identifiers import wrong_last

Edit = Mapping[str, pl.Expr]
SHAPED = {"industry": "U99", "mobile": "12300000000", "phone": "12300000000", "land_line": "1234"}


def breaking(
    entry: Entry, rule: Rule, unknown: Mapping[str, str], vocabulary: Vocabulary
) -> tuple[Edit, ...]:
    """Return edits of a good row, each of which breaks the rule; none where a row alone cannot."""
    return _edits(rule, Town(entry, unknown, vocabulary))


@dataclass(frozen=True)
class Town:
    """What edits depend on beside the rule: its entry, values that no table has, codes."""

    entry: Entry
    unknown: Mapping[str, str]
    vocabulary: Vocabulary


@singledispatch
def _edits(rule: RuleBase, town: Town) -> tuple[Edit, ...]:
    return ()


@_edits.register
def _(rule: Identifier, town: Town) -> tuple[Edit, ...]:
    value = SHAPED.get(rule.kind)
    return ({rule.item: pl.lit(value) if value else wrong_last(rule.item)},)


@_edits.register
def _(rule: UsccOrCitizenId, town: Town) -> tuple[Edit, ...]:
    return ({rule.item: wrong_last(rule.item)},)


@_edits.register
def _(rule: DivisionCode, town: Town) -> tuple[Edit, ...]:
    ended = [d for d in town.vocabulary.divisions if d.valid_to is not None]
    if rule.day is None or not ended:
        return ({rule.item: pl.lit("999999")},)
    later = pl.max_horizontal(pl.col(rule.day), pl.lit("2026-01-01 08:00:00"))
    day = later if town.entry.item(rule.day).type == "datetime" else later.str.head(10)
    return ({rule.item: pl.lit(ended[0].code), rule.day: day},)


@_edits.register
def _(rule: Identity, town: Town) -> tuple[Edit, ...]:
    if rule.sex is None:
        return ()
    female = pl.col(rule.sex) == "2"
    return ({rule.sex: pl.when(female).then(pl.lit("1")).otherwise(pl.lit("2"))},)


@_edits.register
def _(rule: Reference, town: Town) -> tuple[Edit, ...]:
    value = town.unknown.get(f"{rule.to}.{rule.at[0]}")
    edits: list[Edit] = [{rule.items[0]: pl.lit(value)}] if value else []
    if rule.as_of is not None:
        edits.append({rule.as_of.item: pl.lit("1951-06-01")})
    return tuple(edits)


@_edits.register
def _(rule: NoOverlap, town: Town) -> tuple[Edit, ...]:
    """Give what a second row of the same series says: another key, a day in the first's time."""
    if rule.since in town.entry.key:
        return ({rule.since: pl.lit("2020-06-01")},)
    name = next(key for key in town.entry.key if key not in rule.by)
    last = pl.col(name).str.slice(-1).cast(pl.Int64)
    return ({name: pl.col(name).str.head(-1) + ((last + 5) % 10).cast(pl.String)},)


@_edits.register
def _(rule: Ordered, town: Town) -> tuple[Edit, ...]:
    earlier, later = (town.entry.item(name) for name in rule.items)
    moment = "1999-01-01 08:00:00" if later.type == "datetime" else "1999-01-01"
    return ({earlier.name: pl.coalesce(earlier.name, pl.lit("2020" + moment[4:])),
             later.name: pl.lit("1951" + moment[4:])},)  # fmt: skip


@_edits.register
def _(rule: Sum, town: Town) -> tuple[Edit, ...]:
    return ({rule.of[0]: _more(rule.item)},)


@_edits.register(Product)
@_edits.register(Tariff)
def _(rule: Product | Tariff, town: Town) -> tuple[Edit, ...]:
    return ({rule.item: _more(rule.item)},)


@_edits.register
def _(rule: When, town: Town) -> tuple[Edit, ...]:
    """Meet the conditions and leave the first demand unmet."""
    edit = {each.item: pl.lit(each.values[0]) for each in rule.conditions if each.values}
    demand = rule.demands[0]
    if demand.filled is False:
        return ({**edit, demand.item: pl.coalesce(demand.item, pl.lit("2026-06-01"))},)
    return ({**edit, demand.item: pl.lit(None, pl.String)},)


def _more(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Float64).add(7.5).round(2).cast(pl.String)
