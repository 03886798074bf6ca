"""Checks that an item's own words ask for: type, null, range, length, pattern, code list.

Keep out: the rules that an entry names (rule_checks.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from catalog.drift import NO_MISSING, NO_NEW
from catalog.entry import Item
from catalog.schema import CITY_ZONE, cell
from quality.check import Check, Setting, Severity

WRONG_TYPE = "wrong_type:"
TYPE_TITLES = {
    "string": "文本",
    "code": "代码",
    "integer": "整数",
    "decimal": "数值",
    "date": "日期",
    "datetime": "日期时间",
    "boolean": "是否",
    "month": "年月",
    "json": "JSON",
}


def of_item(item: Item, setting: Setting) -> Iterator[Check]:
    """Yield the checks of one item."""
    if setting.has_cells:
        arguments: dict[str, Any] = {"column_A": item.name, "column_B": cell(item.name)}
        expected = f"{item.title}应为{TYPE_TITLES[item.type]}"
        yield Check(
            f"{WRONG_TYPE}{item.name}",
            "ExpectCellToBeOfDeclaredType",
            arguments,
            expected,
            _type_severity(item, setting),
        )
    if item.key or item.required:
        yield _not_null(item, setting)
    if item.min is not None or item.max is not None:
        yield _between(item)
    if item.length is not None:
        arguments = {"column": item.name, "max_value": item.length}
        expected = f"{item.title}不超过{item.length}个字符"
        yield Check(
            f"too_long:{item.name}", "ExpectColumnValueLengthsToBeBetween", arguments, expected
        )
    if item.pattern is not None:
        arguments = {"column": item.name, "regex": f"^(?:{item.pattern})$"}
        expected = f"{item.title}应符合格式 {item.pattern}"
        yield Check(f"pattern:{item.name}", "ExpectColumnValuesToMatchRegex", arguments, expected)
    if item.values or item.codes:
        yield _in_list(item, setting)


def of_drift(setting: Setting) -> Iterator[Check]:
    """Yield the checks of rows whose delivery had new or missing columns."""
    drift = setting.entry.origin.drift
    if not setting.has_cells:
        return
    if drift.new == "quarantine":
        yield _flag("new_column", NO_NEW, "不得带有目录未登记的信息项")
    if drift.missing == "quarantine":
        yield _flag("missing_column", NO_MISSING, "不得缺少目录已登记的信息项")


def _flag(defect: str, column: str, expected: str) -> Check:
    return Check(defect, "ExpectColumnValuesToNotBeNull", {"column": column}, expected)


def _type_severity(item: Item, setting: Setting) -> Severity:
    """Return how grave a cell of another type is; accepted ones are empty, which keys cannot be."""
    accepted = setting.entry.origin.drift.retyped == "accept" and not (item.key or item.required)
    return "warn" if accepted else "quarantine"


def _not_null(item: Item, setting: Setting) -> Check:
    defect = "null_key" if item.key else "null_required"
    severity = setting.key_severity if item.key else "quarantine"
    arguments = {"column": setting.text(item.name)}
    expected = f"{item.title}不得为空"
    return Check(
        f"{defect}:{item.name}", "ExpectColumnValuesToNotBeNull", arguments, expected, severity
    )


def _in_list(item: Item, setting: Setting) -> Check:
    listed = item.values or setting.vocabulary.codes(item.codes or "")
    arguments = {"column": item.name, "value_set": list(listed)}
    name = f"代码表 {item.codes}" if item.codes else "、".join(listed)
    return Check(
        f"unknown_code:{item.name}",
        "ExpectColumnValuesToBeInSet",
        arguments,
        f"{item.title}应取自{name}",
    )


def _between(item: Item) -> Check:
    limits = {"min": item.min, "max": item.max}
    words = {"min": "不小于", "max": "不大于"}
    expected = "，".join(f"{words[k]}{v}" for k, v in limits.items() if v is not None)
    arguments: dict[str, Any] = {"column": item.name}
    expectation = "ExpectColumnValuesToBeBetween"
    if item.type in ("string", "code", "month", "json"):
        expectation = "ExpectColumnTextToLieBetween"
        arguments |= {f"{k}_text": str(v) for k, v in limits.items() if v is not None}
    else:
        arguments |= {f"{k}_value": _limit(v, item) for k, v in limits.items() if v is not None}
    return Check(f"out_of_range:{item.name}", expectation, arguments, f"{item.title}{expected}")


def _limit(value: Decimal | str, item: Item) -> float | dt.datetime:
    if item.type not in ("date", "datetime"):
        return float(value)
    moment = dt.datetime.fromisoformat(str(value))
    if item.type == "datetime" and moment.tzinfo is None:
        return moment.replace(tzinfo=ZoneInfo(CITY_ZONE))
    return moment
