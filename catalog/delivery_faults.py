"""What is wrong with a rule about a delivery as a whole: bounds, gravity, history, types.

Keep out: rules about rows (rule_faults.py), other tables (reference_faults.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import singledispatch

from catalog.item_types import NUMBERS
from catalog.rules import (
    Complete,
    Fresh,
    Rows,
    RowsNear,
    RuleBase,
    Share,
    Silence,
    Steady,
)

Types = Mapping[str, str]
WHOLE = (Rows, RowsNear, Share, Steady, Silence, Fresh, Complete)
REMEMBERING = (RowsNear, Steady, Silence)  # compare with what passed before
DAYS = frozenset({"date", "datetime"})


def delivery_faults(rule: RuleBase, types: Types) -> Iterator[str]:
    """Yield what is wrong with a rule that no row is to blame for."""
    if isinstance(rule, WHOLE) and rule.severity == "quarantine":
        yield f"rule {rule.kind} refuses no rows — use severity block or warn"
    if isinstance(rule, Complete | Silence) and rule.tables() and rule.severity == "block":
        table = rule.tables()[0]
        yield f"rule {rule.kind} cannot block by {table}, which may come late — use severity warn"
    if isinstance(rule, REMEMBERING) and rule.least > rule.last:
        yield f"least {rule.least} is above last {rule.last} — exchange the two"
    yield from _wrong(rule, types)


@singledispatch
def _wrong(rule: RuleBase, types: Types) -> Iterable[str]:
    return ()


@_wrong.register
def _(rule: Rows, types: Types) -> Iterator[str]:
    yield from _bounds(rule.kind, rule.min, rule.max)


@_wrong.register
def _(rule: Share, types: Types) -> Iterator[str]:
    yield from _bounds(rule.kind, rule.min, rule.max)


@_wrong.register
def _(rule: Steady, types: Types) -> Iterator[str]:
    if types[rule.item] not in NUMBERS:
        yield f"rule steady cannot read {rule.item}, a {types[rule.item]} — use decimal, integer"
    if (rule.of is None) == (rule.quantile is None):
        yield "rule steady needs one figure — write of: mean | median | stdev | sum, or quantile"


@_wrong.register
def _(rule: Fresh, types: Types) -> Iterator[str]:
    yield from _day(rule.kind, rule.item, types)


@_wrong.register
def _(rule: Complete, types: Types) -> Iterator[str]:
    if rule.days:
        yield from _day("complete: days", rule.item, types)


def _bounds(kind: str, least: float | None, most: float | None) -> Iterator[str]:
    if least is None and most is None:
        yield f"rule {kind} says no number — add min or max"
    elif least is not None and most is not None and least > most:
        yield f"min {least} is above max {most} — exchange the two"


def _day(kind: str, item: str, types: Types) -> Iterator[str]:
    if types[item] not in DAYS:
        yield f"rule {kind} cannot read {item}, a {types[item]} — use date, datetime"
