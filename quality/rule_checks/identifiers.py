"""Checks of identifiers: check characters, shapes, and what an ID says of its holder.

Keep out: the sums themselves (quality/identifiers.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catalog.rules import Identifier, Identity, UsccOrCitizenId
from quality.check import Check, Setting
from quality.identifiers import MOBILE, OLD_CITIZEN_ID, PLATE
from quality.rule_checks.of_rule import label, of_rule

IDENTIFIERS = {
    "uscc": ("ExpectColumnValuesToBeUscc", "统一社会信用代码"),
    "citizen_id": ("ExpectColumnValuesToBeCitizenId", "公民身份号码"),
    "organization_code": ("ExpectColumnValuesToBeOrganizationCode", "组织机构代码"),
    "meter_number": ("ExpectColumnValuesToBeMeterNumber", "表号"),
    "bank_card": ("ExpectColumnValuesToBeBankCard", "银行卡号"),
}
SHAPES = {"mobile": (MOBILE, "手机号码"), "plate": (PLATE, "贵阳号牌")}


@of_rule.register
def _(rule: Identifier, setting: Setting) -> Iterator[Check]:
    named, title = label(rule, rule.item), setting.title(rule.item)
    arguments: dict[str, Any] = {"column": rule.item}
    if rule.kind in SHAPES:
        regex, name = SHAPES[rule.kind]
        arguments["regex"] = regex
        expected = f"{title}应为有效的{name}"
        yield Check(named, "ExpectColumnValuesToMatchRegex", arguments, expected, rule.severity)
        return
    expectation, name = IDENTIFIERS[rule.kind]
    if rule.kind == "citizen_id":
        yield _old_citizen_id(rule, title)
        arguments |= _born(setting)
    expected = f"{title}应为校验无误的{name}"
    yield Check(named, expectation, arguments, expected, rule.severity)


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
        label(rule, rule.item),
        "ExpectColumnValuesToBeUsccOrCitizenId",
        {"column": rule.item, **_born(setting)},
        f"{setting.title(rule.item)}应为校验无误的统一社会信用代码或公民身份号码",
        rule.severity,
    )


@of_rule.register
def _(rule: Identity, setting: Setting) -> Iterator[Check]:
    title = setting.title(*rule.columns()[1:])
    yield Check(
        label(rule, *rule.columns()),
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
