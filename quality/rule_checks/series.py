"""Checks of counters in time: they run on, and usage agrees with them.

Keep out: how a series is judged (gx_polars).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catalog.rules import Difference, Monotonic
from quality.check import Check, Setting
from quality.rule_checks.of_rule import label, of_rule

STEPS = {"realtime": 1, "daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "yearly": 366}
MONTH_STEPS = {"quarterly": 3, "yearly": 12}


@of_rule.register
def _(rule: Monotonic, setting: Setting) -> Iterator[Check]:
    arguments = _counter(rule, setting)
    for other in setting.entry.quality.rules:
        if isinstance(other, Difference) and _same_counter(rule, other):
            arguments |= {"usage": other.item, "tolerance": float(other.tolerance)}
    yield Check(
        label(rule, rule.item),
        "ExpectColumnCounterToRunOn",
        {"column": rule.item, **arguments},
        f"{setting.title(rule.item)}不得小于上一次的值（表盘归零除外）",
        rule.severity,
        among=rule.by,
    )


@of_rule.register
def _(rule: Difference, setting: Setting) -> Iterator[Check]:
    arguments = _counter(rule, setting)
    arguments |= {"usage": rule.item, "tolerance": float(rule.tolerance), "reading": rule.of}
    yield Check(
        label(rule, rule.item),
        "ExpectColumnUsageToAgreeWithCounter",
        {"column": rule.item, **arguments},
        f"{setting.title(rule.item)}应等于相邻两次{setting.title(rule.of)}之差",
        rule.severity,
        among=rule.by,
    )


def _same_counter(rule: Monotonic, other: Difference) -> bool:
    return (other.of, other.by, other.order) == (rule.item, rule.by, rule.order)


def _counter(rule: Monotonic | Difference, setting: Setting) -> dict[str, Any]:
    return {
        "by": list(rule.by),
        "order": rule.order,
        "rollover": None if rule.rollover is None else float(rule.rollover),
        "step": _step(rule.order, setting),
        "history": setting.entry.name,
    }


def _step(order: str, setting: Setting) -> int | None:
    """Return how far apart two readings lie at most that no missing one can stand between.

    In days where readings are dated, in months where they bear a month; None: never missing.
    """
    kind, cycle = setting.entry.item(order).type, setting.entry.update.cycle
    if kind == "date":
        return STEPS.get(cycle)
    return MONTH_STEPS.get(cycle, 1) if kind == "month" else None
