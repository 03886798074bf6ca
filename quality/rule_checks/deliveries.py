"""Checks of a delivery or a version as a whole.

Keep out: checks that refuse rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalog.rules import Rows
from quality.check import Check, Setting
from quality.rule_checks.of_rule import of_rule


@of_rule.register
def _(rule: Rows, setting: Setting) -> Iterator[Check]:
    bounds = {"min_value": rule.min, "max_value": rule.max}
    words = [f"{'不少于' if k == 'min_value' else '不多于'}{v}" for k, v in bounds.items() if v]
    yield Check(
        rule.defect_name,
        "ExpectTableRowCountToBeBetween",
        {key: value for key, value in bounds.items() if value is not None},
        f"行数{'，'.join(words)}",
        rule.severity,
    )
