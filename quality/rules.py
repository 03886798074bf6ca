"""What an entry asks of its rows, as checks: its items, its key, its rules, in this order.

Keep out: Great Expectations (suite.py turns checks into expectations) and evaluation.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from catalog.entry import Entry
from catalog.vocabulary import Vocabulary
from quality.check import Check, Setting, unique
from quality.history import History
from quality.item_checks import of_drift, of_item
from quality.rule_checks import of_rule


def checks(
    entry: Entry,
    vocabulary: Vocabulary,
    *,
    today: dt.date | None = None,
    history: History | None = None,
) -> tuple[Check, ...]:
    """Return every check of an entry; whoever was born after `today` is not, if it is given."""
    setting = Setting(entry, vocabulary, today, history or History())
    found = [check for item in entry.items for check in of_item(item, setting)]
    if entry.key and not entry.quality.trust_key:
        label = f"duplicate_key:{'+'.join(entry.key)}"
        found.append(unique(setting, entry.key, label=label, severity=setting.key_severity))
    found.extend(of_drift(setting))
    for rule in entry.quality.rules:
        whole = rule.scope == "whole"
        found.extend(replace(check, whole=whole) for check in of_rule(rule, setting))
    return tuple(found)
