"""What is wrong with the conditions of a rule: bounds, values and comparisons by type.

Keep out: shapes (rules/conditions.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalog.item_types import NUMBERS, bound
from catalog.rules import Condition, When

Types = Mapping[str, str]


def condition_faults(rule: When, types: Types) -> Iterator[str]:
    """Yield what is wrong with the conditions and demands of a rule."""
    deciding = {condition.item for condition in rule.conditions}
    for condition in rule.conditions:
        if condition.others:
            yield f"{condition.item}: a condition compares with no other item — use it in `then`"
        yield from _condition(condition, types)
    for demand in rule.demands:
        if demand.item in deciding:
            yield f"{demand.item} requires itself — name other items in `then` or `required`"
        yield from _condition(demand, types)


def _condition(condition: Condition, types: Types) -> Iterator[str]:
    kind, item = types[condition.item], condition.item
    yield from _bounds(condition, kind)
    for value in (*condition.values, *condition.other_than) if kind in NUMBERS else ():
        if bound(kind, value) is None:
            yield f"{item}: '{value}' is no value of a {kind} — correct it"
    for other in condition.others:
        if types[other] != kind:
            yield f"{item} and {other} are of different types — compare like"
    said = condition.model_fields_set - {"item"}
    if len(said) > 1 and said != {"min", "max"}:
        words = ", ".join(sorted(said))
        yield f"{item}: {words} say several things — write a condition for each"


def _bounds(condition: Condition, kind: str) -> Iterator[str]:
    given = {w: v for w in ("min", "max") if (v := getattr(condition, w)) is not None}
    bounds = {word: bound(kind, value) for word, value in given.items()}
    for word, found in bounds.items():
        if found is None:
            yield f"{condition.item}: {word} is no bound of a {kind} — correct or drop it"
    least, most = bounds.get("min"), bounds.get("max")
    if least is not None and most is not None and least > most:
        yield f"{condition.item}: min is above max — exchange the two"
