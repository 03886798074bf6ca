"""From a rule of an entry to its checks: each family registers its kinds here.

Keep out: what single kinds ask for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch

from catalog.rules import RuleBase
from quality.check import Check, Setting


@singledispatch
def of_rule(rule: RuleBase, setting: Setting) -> Iterator[Check]:
    """Yield the checks of one rule of an entry."""
    raise TypeError(f"rule {rule.kind} has no check: quality/rule_checks must learn it")


def label(rule: RuleBase, *names: str) -> str:
    """Return what a row carries that breaks the rule: defect and items."""
    return f"{rule.defect_name}:{'+'.join(names)}"
