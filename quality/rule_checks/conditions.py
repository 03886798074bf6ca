"""Checks of conditions on a row: if these hold, then those must.

Keep out: arithmetic (rows.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catalog.render.condition_wording import condition_words
from catalog.rules import Condition, When
from quality.check import Check, Setting
from quality.item_checks import limits, value
from quality.rule_checks.of_rule import label, of_rule

Test = tuple[str, str, Any]  # column, operator, value: as suite.py understands them


@of_rule.register
def _(rule: When, setting: Setting) -> Iterator[Check]:
    tests = [test for condition in rule.conditions for test in _tests(condition, setting)]
    if_so = "且".join(condition_words(condition, setting.entry) for condition in rule.conditions)
    deciding = dict.fromkeys(condition.item for condition in rule.conditions)
    for demand in rule.demands:
        expectation, arguments = _asked(demand, setting)
        yield Check(
            label(rule, *deciding, demand.item),
            expectation,
            {**arguments, "when": tests},
            f"{if_so}时，{condition_words(demand, setting.entry, must=True)}",
            rule.severity,
        )


def _tests(condition: Condition, setting: Setting) -> Iterator[Test]:
    item = setting.entry.item(condition.item)
    if condition.values:
        yield item.name, "in", [value(item, v) for v in condition.values]
    if condition.other_than:
        yield item.name, "not in", [value(item, v) for v in condition.other_than]
    if condition.filled is not None:
        yield setting.text(item.name), "filled" if condition.filled else "empty", None
    if condition.min is not None:
        yield item.name, ">=", value(item, condition.min)
    if condition.max is not None:
        yield item.name, "<=", value(item, condition.max)


def _asked(demand: Condition, setting: Setting) -> tuple[str, dict[str, Any]]:
    """Return the expectation that a demand is, and its arguments."""
    item = setting.entry.item(demand.item)
    if demand.values or demand.other_than:
        listed = [value(item, each) for each in (*demand.values, *demand.other_than)]
        negated = "" if demand.values else "Not"
        name = f"ExpectColumnValuesTo{negated}BeInSet"
        return name, {"column": item.name, "value_set": listed}
    if demand.filled is not None:
        negated = "Not" if demand.filled else ""
        return f"ExpectColumnValuesTo{negated}BeNull", {"column": setting.text(item.name)}
    if demand.others:
        return _compared(demand)
    return limits(item, demand.min, demand.max)


def _compared(demand: Condition) -> tuple[str, dict[str, Any]]:
    (other,) = demand.others
    larger, smaller = (other, demand.item) if demand.at_most else (demand.item, other)
    arguments: dict[str, Any] = {
        "column_A": larger,
        "column_B": smaller,
        "ignore_row_if": "either_value_is_missing",
    }
    if demand.equal_to:
        return "ExpectColumnPairValuesToBeEqual", arguments
    return "ExpectColumnPairValuesAToBeGreaterThanB", {**arguments, "or_equal": True}
