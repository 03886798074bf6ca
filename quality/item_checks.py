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
from catalog.render.pattern_wording import pattern_words
from catalog.schema import CITY_ZONE, cell
from quality.check import Check, Setting, Severity
from quality.gx_polars.patterns import places

WRONG_TYPE = "wrong_type:"
Bound = Decimal | str | None
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
        words = pattern_words(item.pattern)
        meant = f"为{words}（{item.pattern}）" if words else f"符合格式 {item.pattern}"
        expected = f"{item.title}应{meant}"
        yield Check(f"pattern:{item.name}", "ExpectColumnValuesToMatchRegex", arguments, expected)
    if item.values or item.codes:
        yield _in_list(item, setting)
    elif item.type in ("string", "json") and setting.has_cells and not _is_closed(item.pattern):
        expected = f"{item.title}不得含乱码或控制字符"
        yield Check(
            f"garbled:{item.name}", "ExpectColumnTextToBeSound", {"column": item.name}, expected
        )


def _is_closed(pattern: str | None) -> bool:
    """Tell whether a pattern names the sign at each place: nothing garbled fits it."""
    return pattern is not None and places(f"^(?:{pattern})$") is not None


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
    said = {"min": item.min, "max": item.max}
    words = {"min": "不小于", "max": "不大于"}
    expected = "，".join(f"{words[k]}{v}" for k, v in said.items() if v is not None)
    expectation, arguments = limits(item, item.min, item.max)
    return Check(f"out_of_range:{item.name}", expectation, arguments, f"{item.title}{expected}")


def limits(item: Item, least: Bound, most: Bound) -> tuple[str, dict[str, Any]]:
    """Return the expectation that an item's values lie between bounds, and its arguments."""
    given = {k: v for k, v in {"min": least, "max": most}.items() if v is not None}
    column = {"column": item.name}
    if item.type in ("string", "code", "month", "json"):
        texts = {f"{word}_text": str(bound) for word, bound in given.items()}
        return "ExpectColumnTextToLieBetween", {**column, **texts}
    values = {f"{word}_value": value(item, bound) for word, bound in given.items()}
    return "ExpectColumnValuesToBeBetween", {**column, **values}


def value(item: Item, written: Decimal | str) -> float | int | str | dt.datetime:
    """Return a value as an entry writes it, as one that compares with the item's column."""
    if item.type == "integer" and Decimal(written) == int(Decimal(written)):
        return int(Decimal(written))
    if item.type in ("integer", "decimal"):
        return float(written)
    if item.type not in ("date", "datetime"):
        return str(written)
    moment = dt.datetime.fromisoformat(str(written))
    if item.type == "datetime" and moment.tzinfo is None:
        return moment.replace(tzinfo=ZoneInfo(CITY_ZONE))
    return moment
