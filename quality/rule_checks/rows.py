"""Checks that one row answers by itself: arithmetic, order, conditions.

Keep out: identifiers (identifiers.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from catalog.rules import Ordered, Sum, When
from quality.check import Check, Setting
from quality.rule_checks.of_rule import label, of_rule


@of_rule.register
def _(rule: Sum, setting: Setting) -> Iterator[Check]:
    yield Check(
        label(rule, rule.item),
        "ExpectTotalToBeSumOfParts",
        {
            "column_list": [rule.item, *rule.of],
            "tolerance": float(rule.tolerance),
            "ignore_row_if": "never",
        },
        f"{setting.title(rule.item)}应等于{setting.title(*rule.of)}之和",
        rule.severity,
    )


@of_rule.register
def _(rule: Ordered, setting: Setting) -> Iterator[Check]:
    earlier, later = rule.items
    yield Check(
        label(rule, *rule.items),
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {
            "column_A": later,
            "column_B": earlier,
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
        },
        f"{setting.title(later)}不得早于{setting.title(earlier)}",
        rule.severity,
    )


@of_rule.register
def _(rule: When, setting: Setting) -> Iterator[Check]:
    for name in rule.required:
        expected = (
            f"{setting.title(rule.item)}为{'、'.join(rule.values)}时，{setting.title(name)}不得为空"
        )
        arguments = {"column": setting.text(name), "when": (rule.item, rule.values)}
        yield Check(
            label(rule, rule.item, name),
            "ExpectColumnValuesToNotBeNull",
            arguments,
            expected,
            rule.severity,
        )
