"""Facts about what was accepted before: the gate compares with them and fetches nothing itself.

Keep out: where they are kept (registry), and which rules want them (rule_checks).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from catalog.entry import Entry
from catalog.rules import RowsNear, Silence, Steady

Figures = Mapping[str, float]


@dataclass(frozen=True)
class Past:
    """One earlier delivery or version that passed: its rows, and what its rules measured."""

    rows: int
    figures: Mapping[str, Figures] = field(default_factory=dict)  # by label of the rule


@dataclass(frozen=True)
class History:
    """What passed before, the oldest first."""

    past: tuple[Past, ...] = ()

    def values(self, label: str, last: int) -> list[float]:
        """Return the one number that a rule measured of each of the last ones."""
        measured = [one.figures[label] for one in self.past if label in one.figures]
        return [each["value"] for each in measured[-last:] if "value" in each]

    def groups(self, label: str, last: int) -> list[Figures]:
        """Return what a rule counted of each group in each of the last ones."""
        return [one.figures[label] for one in self.past if label in one.figures][-last:]


def remembers(entry: Entry) -> bool:
    """Tell whether a rule of an entry compares with what was accepted before."""
    return any(isinstance(rule, RowsNear | Silence | Steady) for rule in entry.quality.rules)


def near(values: list[float], ratio: float, *, least: int) -> tuple[float, float] | None:
    """Return the bounds around the median of earlier values; None when they are too few."""
    if len(values) < least:
        return None
    middle = median(values)
    room = abs(middle) * ratio
    return middle - room, middle + room


def usual(counted: list[Figures], *, least: int) -> dict[str, float]:
    """Return the median of each group that spoke in every one of the last deliveries."""
    if len(counted) < least:
        return {}
    always = set.intersection(*(set(each) for each in counted))
    return {name: median(each[name] for each in counted) for name in sorted(always)}
