"""Checks that one row answers by itself: arithmetic, order, tariffs.

Keep out: identifiers (identifiers.py), conditions (conditions.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from catalog.rules import Ordered, Product, Sum, Tariff
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
def _(rule: Product, setting: Setting) -> Iterator[Check]:
    yield Check(
        label(rule, rule.item),
        "ExpectAmountToBeProductOfFactors",
        {
            "column_list": [rule.item, *rule.of],
            "tolerance": float(rule.tolerance),
            "ignore_row_if": "any_value_is_missing",
        },
        f"{setting.title(rule.item)}应等于{setting.title(*rule.of)}之积",
        rule.severity,
    )


@of_rule.register
def _(rule: Tariff, setting: Setting) -> Iterator[Check]:
    known = setting.vocabulary.rates(rule.tariff)
    rates = [
        [each.valid_from.isoformat(), each.valid_to and each.valid_to.isoformat(),
         [float(rate) for rate in each.rates]]
        for each in known
    ]  # fmt: skip
    title = known[0].title if known else rule.tariff
    yield Check(
        label(rule, rule.item),
        "ExpectBillToFollowTariff",
        {
            "column_list": [rule.item, *rule.of, rule.day],
            "rates": rates,
            "tolerance": float(rule.tolerance),
            "ignore_row_if": "never",
        },
        f"{setting.title(rule.item)}应等于{setting.title(*rule.of)}按{title}计价之和",
        rule.severity,
    )
