"""Chinese sentences for conditions on a row.

Keep out: the other rules (wording.py).
"""

from __future__ import annotations

from catalog.entry import Entry
from catalog.rules import Condition, When

VALUES = {"values": "为", "other_than": "不为", "min": "不小于", "max": "不大于"}
OTHERS = {"at_least": "不小于", "at_most": "不大于", "equal_to": "等于"}


def when_sentence(rule: When, entry: Entry) -> str:
    """Say what is asked under which conditions."""
    if rule.required:
        required = "、".join(entry.item(name).title for name in rule.required)
        return f"{condition_words(rule.conditions[0], entry)} 时必填：{required}"
    conditions = "且".join(condition_words(each, entry) for each in rule.conditions)
    demands = "，".join(condition_words(each, entry, must=True) for each in rule.demands)
    return f"{conditions} 时，{demands}"


def condition_words(condition: Condition, entry: Entry, *, must: bool = False) -> str:
    """Say one condition, or as a demand what must be."""
    title = entry.item(condition.item).title
    if condition.filled is not None:
        words = ("不得为空", "应为空") if must else ("已填写", "为空")
        return f"{title}{words[0] if condition.filled else words[1]}"
    said = [
        f"{verb} {'、'.join(map(str, given if isinstance(given, tuple) else (given,)))}"
        for word, verb in VALUES.items()
        if (given := getattr(condition, word)) not in (None, ())
    ]
    said += [
        f"{verb}{entry.item(other).title}"
        for word, verb in OTHERS.items()
        if (other := getattr(condition, word))
    ]
    return f"{title}{'应' if must else ''}{'且'.join(said)}"
