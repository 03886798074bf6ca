"""Checks that the rules of an entry ask for, one or more a rule.

Keep out: what an item's own words ask for (item_checks.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch
from typing import Any

from catalog.rules import (
    Difference,
    Identifier,
    Identity,
    Monotonic,
    Ordered,
    Reference,
    Rows,
    RuleBase,
    Sum,
    Unique,
    UsccOrCitizenId,
    When,
)
from quality.check import Check, Setting, unique
from quality.identifiers import MOBILE, OLD_CITIZEN_ID, PLATE

IDENTIFIERS = {
    "uscc": ("ExpectColumnValuesToBeUscc", "统一社会信用代码"),
    "citizen_id": ("ExpectColumnValuesToBeCitizenId", "公民身份号码"),
    "organization_code": ("ExpectColumnValuesToBeOrganizationCode", "组织机构代码"),
    "meter_number": ("ExpectColumnValuesToBeMeterNumber", "表号"),
    "bank_card": ("ExpectColumnValuesToBeBankCard", "银行卡号"),
}
SHAPES = {"mobile": (MOBILE, "手机号码"), "plate": (PLATE, "贵阳号牌")}
STEPS = {"realtime": 1, "daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "yearly": 366}
MONTH_STEPS = {"quarterly": 3, "yearly": 12}


@singledispatch
def of_rule(rule: RuleBase, setting: Setting) -> Iterator[Check]:
    """Yield the checks of one rule of an entry."""
    raise TypeError(f"rule {rule.kind} has no check: quality/rule_checks.py must learn it")


def _label(rule: RuleBase, *names: str) -> str:
    return f"{rule.defect_name}:{'+'.join(names)}"


@of_rule.register
def _(rule: Identifier, setting: Setting) -> Iterator[Check]:
    label, title = _label(rule, rule.item), setting.title(rule.item)
    arguments: dict[str, Any] = {"column": rule.item}
    if rule.kind in SHAPES:
        regex, name = SHAPES[rule.kind]
        arguments["regex"] = regex
        expected = f"{title}应为有效的{name}"
        yield Check(label, "ExpectColumnValuesToMatchRegex", arguments, expected, rule.severity)
        return
    expectation, name = IDENTIFIERS[rule.kind]
    if rule.kind == "citizen_id":
        yield _old_citizen_id(rule, title)
        arguments |= _born(setting)
    expected = f"{title}应为校验无误的{name}"
    yield Check(label, expectation, arguments, expected, rule.severity)


def _old_citizen_id(rule: Identifier, title: str) -> Check:
    return Check(
        f"old_citizen_id:{rule.item}",
        "ExpectColumnValuesToNotMatchRegex",
        {"column": rule.item, "regex": OLD_CITIZEN_ID},
        f"{title}不得为15位旧号码，须换成18位",
        rule.severity,
    )


def _born(setting: Setting) -> dict[str, str]:
    return {} if setting.today is None else {"born_until": setting.today.isoformat()}


@of_rule.register
def _(rule: UsccOrCitizenId, setting: Setting) -> Iterator[Check]:
    yield Check(
        _label(rule, rule.item),
        "ExpectColumnValuesToBeUsccOrCitizenId",
        {"column": rule.item, **_born(setting)},
        f"{setting.title(rule.item)}应为校验无误的统一社会信用代码或公民身份号码",
        rule.severity,
    )


@of_rule.register
def _(rule: Identity, setting: Setting) -> Iterator[Check]:
    title = setting.title(*rule.columns()[1:])
    yield Check(
        _label(rule, *rule.columns()),
        "ExpectIdentityToAgree",
        {
            "column_list": list(rule.columns()),
            "sex": rule.sex,
            "birth_date": rule.birth_date,
            "ignore_row_if": "never",
        },
        f"{title}应与{setting.title(rule.citizen_id)}一致",
        rule.severity,
    )


@of_rule.register
def _(rule: Reference, setting: Setting) -> Iterator[Check]:
    expectation = "ExpectColumnValuesToExistIn"
    arguments: dict[str, Any] = {"table": rule.to, "at": list(rule.at), "column": rule.items[0]}
    if len(rule.items) > 1:
        expectation = "ExpectMulticolumnValuesToExistIn"
        arguments |= {"column": None, "column_list": list(rule.items)}
        arguments["ignore_row_if"] = "any_value_is_missing"
    yield Check(
        _label(rule, *rule.items),
        expectation,
        arguments,
        f"{setting.title(*rule.items)}应在 {rule.to} 中存在",
        rule.severity,
    )


@of_rule.register
def _(rule: Monotonic, setting: Setting) -> Iterator[Check]:
    arguments = _counter(rule, setting)
    for other in setting.entry.quality.rules:
        if isinstance(other, Difference) and _same_counter(rule, other):
            arguments |= {"usage": other.item, "tolerance": float(other.tolerance)}
    yield Check(
        _label(rule, rule.item),
        "ExpectColumnCounterToRunOn",
        {"column": rule.item, **arguments},
        f"{setting.title(rule.item)}不得小于上一次的值（表盘归零除外）",
        rule.severity,
    )


@of_rule.register
def _(rule: Difference, setting: Setting) -> Iterator[Check]:
    arguments = _counter(rule, setting)
    arguments |= {"usage": rule.item, "tolerance": float(rule.tolerance), "reading": rule.of}
    yield Check(
        _label(rule, rule.item),
        "ExpectColumnUsageToAgreeWithCounter",
        {"column": rule.item, **arguments},
        f"{setting.title(rule.item)}应等于相邻两次{setting.title(rule.of)}之差",
        rule.severity,
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


@of_rule.register
def _(rule: Sum, setting: Setting) -> Iterator[Check]:
    yield Check(
        _label(rule, rule.item),
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
        _label(rule, *rule.items),
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
            _label(rule, rule.item, name),
            "ExpectColumnValuesToNotBeNull",
            arguments,
            expected,
            rule.severity,
        )


@of_rule.register
def _(rule: Unique, setting: Setting) -> Iterator[Check]:
    label = _label(rule, *rule.items)
    yield unique(setting, rule.items, label=label, severity=rule.severity)


@of_rule.register
def _(rule: Rows, setting: Setting) -> Iterator[Check]:
    bounds = {"min_value": rule.min, "max_value": rule.max}
    words = [f"{'不少于' if k == 'min_value' else '不多于'}{v}" for k, v in bounds.items() if v]
    yield Check(
        rule.defect_name,
        "ExpectTableRowCountToBeBetween",
        {key: value for key, value in bounds.items() if value is not None},
        f"行数{'，'.join(words)}",
        rule.severity,
    )
