"""Chinese sentences for rules about a delivery or a version as a whole.

Keep out: the other rules (wording.py).
"""

from __future__ import annotations

from functools import singledispatch

from catalog.entry import Entry
from catalog.rules import Complete, Rows, RuleBase, Share, Silence, Steady

FIGURES = {"mean": "平均值", "median": "中位数", "stdev": "标准差", "sum": "合计"}


@singledispatch
def sentence(rule: RuleBase, entry: Entry) -> str | None:
    """Say what a rule about the whole asks for; None of a rule that one template says."""
    return None


@sentence.register
def _(rule: Rows, _: Entry) -> str:
    bounds = {"不少于": rule.min, "不多于": rule.max}
    said = [f"{words} {bound}" for words, bound in bounds.items() if bound is not None]
    return f"行数{'、'.join(said)}"


@sentence.register
def _(rule: Share, entry: Entry) -> str:
    whose = f"为{'、'.join(rule.values)}" if rule.values else "为空"
    least, most = rule.min or 0.0, 1.0 if rule.max is None else rule.max
    return f"{entry.item(rule.item).title}{whose}的行占比在 {least:.2%} 至 {most:.2%} 之间"


@sentence.register
def _(rule: Steady, entry: Entry) -> str:
    figure = FIGURES[rule.of] if rule.of else f"{rule.quantile:.0%}分位数"
    title = entry.item(rule.item).title
    return f"{title}的{figure}与前 {rule.last} 次的中位数相差不超过 {rule.ratio:.0%}"


@sentence.register
def _(rule: Silence, entry: Entry) -> str:
    title = entry.item(rule.by).title
    through = rule.through
    groups = title if through is None else f"{title}（按 {through.to} 的 {through.item} 归并）"
    least = f"，行数不低于往次的 {rule.ratio:.0%}" if rule.ratio else ""
    return f"前 {rule.last} 次均有数据的{groups}分组不得突然沉默{least}"


@sentence.register
def _(rule: Complete, entry: Entry) -> str:
    allowed = f"，缺失不超过 {rule.max_missing:.2%}" if rule.max_missing else ""
    return f"{entry.item(rule.item).title}应齐全：{whom(rule)}{allowed}"


def whom(rule: Complete) -> str:
    """Say what is expected to be there."""
    if rule.to is not None:
        return f"{rule.to} 中当期有效的每一个 {rule.at}"
    if rule.days:
        return "首日至末日的每一天"
    if rule.districts:
        return "各区县"
    return f"代码表 {rule.codes}" if rule.codes else "、".join(rule.values)
