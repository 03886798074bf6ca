"""A check: one expectation to be, with the label that a row carries which fails it.

Keep out: which checks an entry has (item_checks.py, rule_checks.py), and Great Expectations.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

from catalog.entry import Entry
from catalog.schema import cell
from catalog.vocabulary import Vocabulary
from quality.history import History

Severity = Literal["block", "quarantine", "warn"]


@dataclass(frozen=True)
class Check:
    """One expectation to be: its class, its arguments, and what a row that fails it carries."""

    label: str
    expectation: str  # class name, stock or ours
    arguments: dict[str, Any]
    expected: str  # Chinese, for the unit
    severity: Severity = "quarantine"
    among: tuple[str, ...] = ()  # columns that rows share which are judged by each other
    whole: bool = False  # speaks of no single row, but of the table


@dataclass(frozen=True)
class Setting:
    """What checks depend on beside the rule itself."""

    entry: Entry
    vocabulary: Vocabulary
    today: dt.date | None  # later birth dates are false; None: not judged
    history: History = field(default_factory=History)

    @property
    def has_cells(self) -> bool:
        """Tell whether the text as delivered stands beside each typed value."""
        return self.entry.zone == "raw"

    @property
    def key_severity(self) -> Severity:
        """Return how grave a broken key is: a model that has one is not released at all."""
        return "quarantine" if self.has_cells else "block"

    def text(self, name: str) -> str:
        """Return the column that is null only where nothing was delivered."""
        return cell(name) if self.has_cells else name

    def title(self, *names: str) -> str:
        """Return the Chinese titles of items."""
        return "、".join(self.entry.item(name).title for name in names)


def unique(setting: Setting, names: tuple[str, ...], *, label: str, severity: Severity) -> Check:
    """Return the check that no two rows share the values of these items; nulls pass."""
    expected = f"{setting.title(*names)}不得重复"
    if len(names) == 1:
        arguments: dict[str, Any] = {"column": names[0]}
        kind = "ExpectColumnValuesToBeUnique"
        return Check(label, kind, arguments, expected, severity, among=names)
    arguments = {"column_list": list(names), "ignore_row_if": "any_value_is_missing"}
    kind = "ExpectCompoundColumnsToBeUnique"
    return Check(label, kind, arguments, expected, severity, among=names)
