"""What is wrong with a rule of an entry by itself: items that are not there or of another type.

Keep out: other entries (cross_checks.py), conditions (condition_faults.py), shapes (rules/).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import singledispatch

from catalog.condition_faults import condition_faults
from catalog.delivery_faults import delivery_faults
from catalog.item_types import NUMBERS, TEXTS, TIMES
from catalog.problem import Fault, Place, nearest
from catalog.rules import (
    Difference,
    DivisionCode,
    Identifier,
    Identity,
    Monotonic,
    NoOverlap,
    Ordered,
    Product,
    Reference,
    RuleBase,
    Sum,
    Tariff,
    UsccOrCitizenId,
    When,
)

Types = Mapping[str, str]  # type of each item of the entry


def rule_faults(rule: RuleBase, types: Types, place: Place) -> Iterator[Fault]:
    """Yield what is wrong with one rule of an entry whose items have these types."""
    unknown = [name for name in rule.columns() if name not in types]
    for name in dict.fromkeys(unknown):
        yield Fault(place, f"rule {rule.kind} names no item: '{name}'{nearest(name, types)}")
    if not unknown:
        for message in (*_wrong(rule, types), *delivery_faults(rule, types)):
            yield Fault(place, message)


@singledispatch
def _wrong(rule: RuleBase, types: Types) -> Iterable[str]:
    """Return what is wrong with a rule whose items are all there."""
    return ()


@_wrong.register
def _(rule: Identifier, types: Types) -> Iterator[str]:
    yield from _typed(rule, (rule.item,), TEXTS, types)


@_wrong.register
def _(rule: UsccOrCitizenId, types: Types) -> Iterator[str]:
    yield from _typed(rule, (rule.item,), TEXTS, types)


@_wrong.register
def _(rule: DivisionCode, types: Types) -> Iterator[str]:
    yield from _typed(rule, (rule.item,), TEXTS, types)
    yield from _typed(rule, rule.columns()[1:], TIMES, types)


@_wrong.register
def _(rule: Identity, types: Types) -> Iterator[str]:
    yield from _typed(rule, (rule.citizen_id,), TEXTS, types)
    if rule.birth_date is not None:
        yield from _typed(rule, (rule.birth_date,), frozenset({"date"}), types)
    if rule.sex is None and rule.birth_date is None:
        yield "rule identity names nothing that must agree — add sex or birth_date"


@_wrong.register
def _(rule: Monotonic, types: Types) -> Iterator[str]:
    yield from _typed(rule, (rule.item,), NUMBERS, types)
    yield from _typed(rule, (rule.order,), NUMBERS | TIMES, types)


@_wrong.register
def _(rule: Difference, types: Types) -> Iterator[str]:
    yield from _typed(rule, (rule.item, rule.of), NUMBERS, types)
    yield from _typed(rule, (rule.order,), NUMBERS | TIMES, types)


@_wrong.register
def _(rule: Sum, types: Types) -> Iterator[str]:
    yield from _typed(rule, rule.columns(), NUMBERS, types)


@_wrong.register
def _(rule: Product, types: Types) -> Iterator[str]:
    yield from _typed(rule, rule.columns(), NUMBERS, types)


@_wrong.register
def _(rule: Tariff, types: Types) -> Iterator[str]:
    yield from _typed(rule, (rule.item, *rule.of), NUMBERS, types)
    yield from _typed(rule, (rule.day,), TIMES, types)


@_wrong.register
def _(rule: Ordered, types: Types) -> Iterator[str]:
    earlier, later = rule.items
    if types[earlier] != types[later]:
        yield f"{earlier} and {later} are of different types — compare like"


@_wrong.register
def _(rule: Reference, types: Types) -> Iterator[str]:
    if len(rule.items) != len(rule.at):
        yield f"{len(rule.items)} items refer to {len(rule.at)} — name as many in `at`"
    if rule.as_of is not None:
        yield from _typed(rule, (rule.as_of.item,), TIMES, types)


@_wrong.register
def _(rule: NoOverlap, types: Types) -> Iterator[str]:
    yield from _typed(rule, (rule.since, rule.until), NUMBERS | TIMES, types)
    if types[rule.since] != types[rule.until]:
        yield f"{rule.since} and {rule.until} are of different types — compare like"


@_wrong.register
def _(rule: When, types: Types) -> Iterator[str]:
    yield from condition_faults(rule, types)


def _typed(
    rule: RuleBase, names: Iterable[str], wanted: frozenset[str], types: Types
) -> Iterator[str]:
    for name in names:
        if types[name] not in wanted:
            allowed = ", ".join(sorted(wanted))
            yield f"rule {rule.kind} cannot read {name}, a {types[name]} — use {allowed}"
