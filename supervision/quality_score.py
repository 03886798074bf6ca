"""The quality score (质量评分) of what a unit delivered, with the facts that made it.

Of 100: rows that passed the gate, rules that no row broke, deliveries that were not refused, and
refused rows that were mended since, weighted as vocabulary/limits.yaml says.
Keep out: counting the facts (orchestration).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from catalog.vocabulary import Vocabulary

PARTS = ("quality_rows", "quality_rules", "quality_deliveries", "quality_mended")


@dataclass(frozen=True)
class Facts:
    """What was counted of some deliveries; facts of several add up."""

    deliveries: int = 0
    refused_deliveries: int = 0
    records: int = 0
    quarantined: int = 0
    mended: int = 0  # of the quarantined: cleared, discarded or waived since
    rules: int = 0  # judged, over all deliveries
    rules_broken: int = 0

    def __add__(self, other: Facts) -> Facts:
        """Return the facts of both."""
        return Facts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def score(facts: Facts, weights: Mapping[str, float]) -> float:
    """Return the score from 0 to 100; what never happened takes nothing off."""
    shares = {
        "quality_rows": 1 - _share(facts.quarantined, facts.records),
        "quality_rules": 1 - _share(facts.rules_broken, facts.rules),
        "quality_deliveries": 1 - _share(facts.refused_deliveries, facts.deliveries),
        "quality_mended": _share(facts.mended, facts.quarantined) if facts.quarantined else 1.0,
    }
    total = sum(weights[part] for part in PARTS)
    return round(100 * sum(weights[part] * shares[part] for part in PARTS) / total, 2)


def weights_of(vocabulary: Vocabulary, *, on: dt.date) -> dict[str, float]:
    """Return the weights that hold on a day."""
    valid = (
        limit
        for limit in vocabulary.limits
        if limit.name in PARTS
        and limit.valid_from <= on
        and (limit.valid_to is None or on <= limit.valid_to)
    )
    found = {limit.name: limit.value for limit in valid}
    return {part: found.get(part, 0.0) for part in PARTS} if any(found.values()) else _equal()


def total(facts: Iterable[Facts]) -> Facts:
    """Return the facts of all together."""
    return sum(facts, Facts())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _equal() -> dict[str, float]:
    return dict.fromkeys(PARTS, 1.0)
