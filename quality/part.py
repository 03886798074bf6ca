"""Whether new periods of a table can be judged without the others.

Keep out: judging (gate.py).
"""

from __future__ import annotations

from catalog.entry import Entry
from catalog.rules import RuleBase, Unique


def needs_all(entry: Entry, period: str) -> str | None:
    """Return the rule that only the whole table can be judged by; None when there is none.

    Keys hold the period, so that a row of one period is never a double of another's.
    """
    if period not in entry.key:
        return "the key"
    return next((r.kind for r in entry.quality.rules if not _of_period(r, period)), None)


def _of_period(rule: RuleBase, period: str) -> bool:
    return rule.scope == "row" or (isinstance(rule, Unique) and period in rule.items)
