"""Checks of identifiers: check characters, shapes, and what an ID says of its holder.

Keep out: the sums themselves (quality/identifiers.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catalog.rules import DivisionCode, Identifier, Identity, UsccOrCitizenId
from catalog.schema import CITY_ZONE
from quality.check import Check, Setting
from quality.identifiers import INDUSTRY as INDUSTRY_SHAPE
from quality.identifiers import LAND_LINE, MOBILE, OLD_CITIZEN_ID, PHONE, PLATE
from quality.rule_checks.of_rule import label, of_rule
from quality.vocabulary_tables import AREAS, DIVISIONS, INDUSTRY

IDENTIFIERS = {
    "uscc": ("ExpectColumnValuesToBeUscc", "统一社会信用代码"),
    "citizen_id": ("ExpectColumnValuesToBeCitizenId", "公民身份号码"),
    "organization_code": ("ExpectColumnValuesToBeOrganizationCode", "组织机构代码"),
    "meter_number": ("ExpectColumnValuesToBeMeterNumber", "表号"),
    "bank_card": ("ExpectColumnValuesToBeBankCard", "银行卡号"),
}
SHAPES = {
    "mobile": (MOBILE, "手机号码"),
    "land_line": (LAND_LINE, "固定电话号码"),
    "phone": (PHONE, "电话号码"),
    "plate": (PLATE, "贵阳号牌"),
    "industry": (INDUSTRY_SHAPE, "行业代码"),
}


@of_rule.register
def _(rule: Identifier, setting: Setting) -> Iterator[Check]:
    named, title = label(rule, rule.item), setting.title(rule.item)
    arguments: dict[str, Any] = {"column": rule.item}
    if rule.kind in SHAPES:
        regex, name = SHAPES[rule.kind]
        arguments["regex"] = regex
        expected = f"{title}应为有效的{name}"
        yield Check(named, "ExpectColumnValuesToMatchRegex", arguments, expected, rule.severity)
        if rule.kind == "industry":
            yield _known(rule, "unknown_industry", INDUSTRY, f"{title}的门类和大类应在代码表中")
        return
    expectation, name = IDENTIFIERS[rule.kind]
    if rule.kind == "citizen_id":
        yield _old_citizen_id(rule, title)
        arguments |= _born(setting)
        if setting.vocabulary.area_codes:
            yield _known(rule, "unknown_division", AREAS, f"{title}前六位应为曾用过的区划代码")
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


def _known(rule: Identifier, defect: str, table: str, expected: str) -> Check:
    """Return the check that an identifier begins with a code that there is or was."""
    characters = {INDUSTRY: 3, AREAS: 6}[table]
    return Check(
        f"{defect}:{rule.item}",
        "ExpectColumnPrefixToExistIn",
        {"column": rule.item, "characters": characters, "table": table, "at": ["code"]},
        expected,
        rule.severity,
    )


@of_rule.register
def _(rule: DivisionCode, setting: Setting) -> Iterator[Check]:
    named, title = label(rule, *rule.columns()), setting.title(rule.item)
    arguments: dict[str, Any] = {"table": DIVISIONS, "at": ["code"]}
    if rule.day is None:
        yield Check(
            named,
            "ExpectColumnValuesToExistIn",
            {"column": rule.item, **arguments},
            f"{title}应为行政区划代码",
            rule.severity,
        )
        return
    ended = [d for d in setting.vocabulary.divisions if d.valid_to and d.successor]
    instead = "；".join(f"{d.code} 已由 {d.successor} 承接" for d in ended)
    expected = f"{title}应为{setting.title(rule.day)}当日有效的行政区划代码"
    yield Check(
        named,
        "ExpectMulticolumnValuesToExistAsOf",
        {
            "column_list": [rule.item, rule.day],
            **arguments,
            "since": "valid_from",
            "until": "valid_to",
            "time_zone": CITY_ZONE,
            "ignore_row_if": "any_value_is_missing",
        },
        f"{expected}（{instead}）" if instead else expected,
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
