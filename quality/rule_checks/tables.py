"""Checks between rows of a table, and between tables.

Keep out: order in time (series.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catalog.rules import Reference, Unique
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
    yield Check(
        label(rule, *rule.items),
        expectation,
        arguments,
        f"{setting.title(*rule.items)}应在 {rule.to} 中存在",
        rule.severity,
    )


@of_rule.register
def _(rule: Unique, setting: Setting) -> Iterator[Check]:
    named = label(rule, *rule.items)
    yield unique(setting, rule.items, label=named, severity=rule.severity)
