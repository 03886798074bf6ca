"""What is wrong with a rule of an entry by itself: items that are not there or of another type.

Keep out: other entries (cross_checks.py), shapes (rules/).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalog.problem import Fault, Place, nearest
from catalog.rules import Difference, Identity, Monotonic, Ordered, Reference, RuleBase, Sum, When

NUMBERS = frozenset({"integer", "decimal"})
TIMES = frozenset({"date", "datetime", "month"})


def rule_faults(rule: RuleBase, types: Mapping[str, str], place: Place) -> Iterator[Fault]:
    """Yield what is wrong with one rule of an entry whose items have these types."""
    unknown = [name for name in rule.columns() if name not in types]
    for name in dict.fromkeys(unknown):
        yield Fault(place, f"rule {rule.kind} names no item: '{name}'{nearest(name, types)}")
    if not unknown:
        yield from _rule_type_faults(rule, types, place)


def _rule_type_faults(rule: RuleBase, types: Mapping[str, str], place: Place) -> Iterator[Fault]:
    match rule:
        case Monotonic(item=item, order=order) | Difference(item=item, order=order):
            numbers = (item, rule.of) if isinstance(rule, Difference) else (item,)
            yield from _typed(rule, numbers, NUMBERS, types=types, place=place)
            yield from _typed(rule, (order,), NUMBERS | TIMES, types=types, place=place)
        case Sum():
            yield from _typed(rule, rule.columns(), NUMBERS, types=types, place=place)
        case Ordered(items=(earlier, later)):
            if types[earlier] != types[later]:
                yield Fault(place, f"{earlier} and {later} are of different types — compare like")
        case Identity(birth_date=str(birth_date)):
            yield from _typed(rule, (birth_date,), frozenset({"date"}), types=types, place=place)
        case Reference(items=items, at=at) if len(items) != len(at):
            yield Fault(place, f"{len(items)} items refer to {len(at)} — name as many in `at`")
        case When(item=item, required=required) if item in required:
            yield Fault(place, f"{item} requires itself — name other items in `required`")


def _typed(
    rule: RuleBase,
    names: tuple[str, ...],
    wanted: frozenset[str],
    *,
    types: Mapping[str, str],
    place: Place,
) -> Iterator[Fault]:
    for name in names:
        if types[name] not in wanted:
            allowed = ", ".join(sorted(wanted))
            yield Fault(
                place, f"rule {rule.kind} cannot read {name}, a {types[name]} — use {allowed}"
            )
