"""Checks between rows of a table, and between tables.

Keep out: order in time (series.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catalog.rules import AsOf, NoOverlap, Reference, Unique
from catalog.schema import CITY_ZONE, TURN
from quality.check import Check, Setting, unique
from quality.rule_checks.of_rule import label, of_rule


@of_rule.register
def _(rule: Reference, setting: Setting) -> Iterator[Check]:
    expectation = "ExpectColumnValuesToExistIn"
    arguments: dict[str, Any] = {"table": rule.to, "at": list(rule.at), "column": rule.items[0]}
    if len(rule.items) > 1:
        expectation = "ExpectMulticolumnValuesToExistIn"
        arguments |= {"column": None, "column_list": list(rule.items)}
        arguments["ignore_row_if"] = "any_value_is_missing"
    if rule.as_of is not None:
        yield _as_of(rule, rule.as_of, setting)
        return
    yield Check(
        label(rule, *rule.items),
        expectation,
        arguments,
        f"{setting.title(*rule.items)}应在 {rule.to} 中存在",
        rule.severity,
    )


def _as_of(rule: Reference, as_of: AsOf, setting: Setting) -> Check:
    there = f"{setting.title(*rule.items)}应在 {rule.to} 中存在"
    return Check(
        label(rule, *rule.items, as_of.item),
        "ExpectMulticolumnValuesToExistAsOf",
        {
            "column_list": [*rule.items, as_of.item],
            "table": rule.to,
            "at": list(rule.at),
            "since": as_of.since,
            "until": as_of.until,
            "time_zone": CITY_ZONE,
            "ignore_row_if": "any_value_is_missing",
        },
        f"{there}，且在{setting.title(as_of.item)}当日有效",
        rule.severity,
    )


@of_rule.register
def _(rule: NoOverlap, setting: Setting) -> Iterator[Check]:
    yield Check(
        label(rule, *rule.columns()),
        "ExpectMulticolumnIntervalsNotToOverlap",
        {
            "column_list": list(rule.columns()),
            "since": rule.since,
            "until": rule.until,
            "ignore_row_if": "never",
            **_before(setting),
        },
        f"同一{setting.title(*rule.by)}的{setting.title(rule.since, rule.until)}期间不得重叠",
        rule.severity,
        among=rule.by,
    )


def _before(setting: Setting) -> dict[str, Any]:
    """Return what stands beside a delivery: nothing that a snapshot replaces, or the same key."""
    entry = setting.entry
    if entry.zone != "raw" or entry.update.mode == "snapshot":
        return {}
    later = {"own": list(entry.key), "turn": TURN} if entry.key else {}
    return {"history": entry.name, **later}


@of_rule.register
def _(rule: Unique, setting: Setting) -> Iterator[Check]:
    named = label(rule, *rule.items)
    yield unique(setting, rule.items, label=named, severity=rule.severity)
