"""Checks of a delivery or a version as a whole, by bounds, history and what is expected of it.

Keep out: checks that refuse rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from catalog.render.delivery_wording import whom
from catalog.rules import Complete, Fresh, Rows, RowsNear, Share, Silence, Steady
from catalog.schema import CITY_ZONE
from quality.check import Check, Setting
from quality.history import near, usual
from quality.item_checks import value
from quality.rule_checks.of_rule import label, of_rule

FIGURES = {
    "mean": ("ExpectColumnMeanToBeBetween", "平均值"),
    "median": ("ExpectColumnMedianToBeBetween", "中位数"),
    "stdev": ("ExpectColumnStdevToBeBetween", "标准差"),
    "sum": ("ExpectColumnSumToBeBetween", "合计"),
}


@of_rule.register
def _(rule: Rows, setting: Setting) -> Iterator[Check]:
    bounds = {"min_value": rule.min, "max_value": rule.max}
    words = {"min_value": "不少于", "max_value": "不多于"}
    said = [f"{words[word]}{bound}" for word, bound in bounds.items() if bound is not None]
    given = {word: bound for word, bound in bounds.items() if bound is not None}
    expected = f"行数{'，'.join(said)}"
    kind = "ExpectTableRowCountToBeBetween"
    yield Check(rule.defect_name, kind, given, expected, rule.severity)


@of_rule.register
def _(rule: RowsNear, setting: Setting) -> Iterator[Check]:
    past = setting.history.values(rule.defect_name, rule.last)
    bounds = near(past, rule.ratio, least=rule.least)
    expected = f"行数与前{rule.last}次相差不超过{rule.ratio:.0%}{_said(bounds)}"
    given = {"min_value": 0} if bounds is None else _whole(bounds)
    kind = "ExpectTableRowCountToBeBetween"
    yield Check(rule.defect_name, kind, given, expected, rule.severity)


def _whole(bounds: tuple[float, float]) -> dict[str, int]:
    low, high = bounds
    return {"min_value": int(-(-low // 1)), "max_value": int(high)}


@of_rule.register
def _(rule: Share, setting: Setting) -> Iterator[Check]:
    least, most = rule.min or 0.0, 1.0 if rule.max is None else rule.max
    between = f"占比在{least:.2%}至{most:.2%}之间"
    title = setting.title(rule.item)
    if not rule.values:
        bounds = {"min_value": 1 - most, "max_value": 1 - least}
        yield Check(
            label(rule, rule.item),
            "ExpectColumnProportionOfNonNullValuesToBeBetween",
            {"column": setting.text(rule.item), **bounds},
            f"{title}为空的{between}",
            rule.severity,
        )
        return
    yield Check(
        label(rule, rule.item),
        "ExpectColumnShareOfValuesToBeBetween",
        {
            "column": rule.item,
            "value_set": [value(setting.entry.item(rule.item), each) for each in rule.values],
            "min_value": least,
            "max_value": most,
        },
        f"{title}为{'、'.join(rule.values)}的{between}",
        rule.severity,
    )


@of_rule.register
def _(rule: Steady, setting: Setting) -> Iterator[Check]:
    figure = rule.of or f"q{rule.quantile}"
    named = label(rule, rule.item, figure)
    bounds = near(setting.history.values(named, rule.last), rule.ratio, least=rule.least)
    arguments: dict[str, Any] = {"column": rule.item}
    if rule.of is None:
        kind, title = "ExpectColumnQuantileValuesToBeBetween", f"{rule.quantile:.0%}分位数"
        ranges: list[Any] = [list(bounds) if bounds else [None, None]]
        arguments["quantile_ranges"] = {"quantiles": [rule.quantile], "value_ranges": ranges}
    else:
        kind, title = FIGURES[rule.of]
        arguments |= {} if bounds is None else dict(zip(("min_value", "max_value"), bounds))  # noqa: B905
    expected = f"{setting.title(rule.item)}的{title}与前{rule.last}次相差不超过{rule.ratio:.0%}"
    yield Check(named, kind, arguments, expected + _said(bounds), rule.severity)


def _said(bounds: tuple[float, float] | None) -> str:
    """Say the bounds that history gives, or that it gives none yet."""
    if bounds is None:
        return "（历史不足，仅记录）"
    return f"（{bounds[0]:.6g} 至 {bounds[1]:.6g}）"


@of_rule.register
def _(rule: Silence, setting: Setting) -> Iterator[Check]:
    named = label(rule, rule.by)
    expects = usual(setting.history.groups(named, rule.last), least=rule.least)
    arguments: dict[str, Any] = {"column": rule.by, "usual": expects, "ratio": rule.ratio}
    if rule.through is not None:
        arguments |= {
            "table": rule.through.to,
            "at": rule.through.at,
            "group": rule.through.item,
            "characters": rule.through.first,
        }
    groups = f"{len(expects)} 组" if expects else "历史不足，仅记录"
    expected = f"前{rule.last}次均有数据的{setting.title(rule.by)}分组不得突然沉默（{groups}）"
    yield Check(named, "ExpectColumnGroupsToSpeak", arguments, expected, rule.severity)


@of_rule.register
def _(rule: Fresh, setting: Setting) -> Iterator[Check]:
    if setting.today is None:
        return
    oldest: dt.date = setting.today - dt.timedelta(days=rule.days)
    if setting.entry.item(rule.item).type == "datetime":
        oldest = dt.datetime.combine(oldest, dt.time(), ZoneInfo(CITY_ZONE))
    yield Check(
        label(rule, rule.item),
        "ExpectColumnMaxToBeBetween",
        {"column": rule.item, "min_value": oldest},
        f"最新的{setting.title(rule.item)}距今不超过{rule.days}天",
        rule.severity,
    )


@of_rule.register
def _(rule: Complete, setting: Setting) -> Iterator[Check]:
    item = setting.entry.item(rule.item)
    arguments: dict[str, Any] = {
        "column": rule.item,
        "named": item.sensitivity in ("none", "business"),
        "max_missing": rule.max_missing,
        "days": rule.days,
    }
    if rule.to is not None:
        arguments |= {"table": rule.to, "at": rule.at, "since": rule.since, "until": rule.until}
        arguments["period"] = setting.entry.update.period
    elif not rule.days:
        arguments["value_set"] = _expected(rule, setting)
    allowed = f"，缺失不超过{rule.max_missing:.2%}" if rule.max_missing else ""
    yield Check(
        label(rule, rule.item),
        "ExpectColumnToCover",
        arguments,
        f"{item.title}应齐全：{whom(rule)}{allowed}",
        rule.severity,
    )


def _expected(rule: Complete, setting: Setting) -> list[str]:
    if rule.districts:
        return [division.code for division in setting.vocabulary.recipients()]
    return list(rule.values or setting.vocabulary.codes(rule.codes or ""))
