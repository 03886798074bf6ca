"""What a run did, summed up for people: by resource, by model, by district.

Keep out: doing it (run.py) and printing it (cli).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from orchestration.flows.backflow import Returned
from orchestration.flows.build import Built
from orchestration.flows.collected import Collected, Outcome
from orchestration.flows.fetch import Fetched

Done = Fetched | Collected | Built | Returned
Report = Callable[[Done], None]
COUNTED: tuple[Outcome, ...] = ("accepted", "refused", "repeat", "held", "withdrawn")


@dataclass
class Summary:
    """What one run did, in the order in which it happened."""

    done: list[Done] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)  # of our own, not of deliveries

    @property
    def is_empty(self) -> bool:
        """Tell whether there was nothing to do."""
        return not self.done and not self.failures

    def by_source(self) -> list[dict[str, Any]]:
        """Return what became of each look at a source."""
        return [
            {
                "resource": one.resource,
                "outcome": one.outcome,
                "files": len(one.files),
                "records": one.records,
                "message": one.message,
            }
            for one in self.done
            if isinstance(one, Fetched)
        ]

    def by_resource(self) -> list[dict[str, Any]]:
        """Return deliveries and rows of each resource, with a total."""
        names: dict[str, list[Collected]] = {}
        for one in self.done:
            if isinstance(one, Collected):
                names.setdefault(one.resource or "(inbox)", []).append(one)
        rows = [{"resource": name, **_count(found)} for name, found in sorted(names.items())]
        every = [one for found in names.values() for one in found]
        return [*rows, {"resource": "total", **_count(every)}] if rows else []

    def by_model(self) -> list[dict[str, Any]]:
        """Return what became of each model."""
        return [
            {
                "table": f"{one.zone}.{one.name}",
                "outcome": one.outcome,
                "version": one.version,
                "rows": one.rows,
                "message": one.message,
            }
            for one in self.done
            if isinstance(one, Built)
        ]

    def by_district(self) -> list[dict[str, Any]]:
        """Return the rows of each table that each district received, and what was withheld."""
        returned = [one for one in self.done if isinstance(one, Returned) and one.released]
        codes = sorted({code for one in returned for code in one.recipients})
        return [
            {
                "table": one.name,
                "released": one.released,
                **{code: one.recipients.get(code, 0) for code in codes},
                "withheld": sum(one.withheld.values()),
            }
            for one in returned
        ]


def _count(every: list[Collected]) -> dict[str, int]:
    found = [one for one in every if one.outcome != "judged_again"]
    outcomes = Counter(one.outcome for one in found)
    other = len(found) - sum(outcomes[name] for name in COUNTED)
    deliveries = {
        "deliveries": len(found),
        "taken": outcomes["accepted"],
        "refused": outcomes["refused"],
        "repeated": outcomes["repeat"],
        "withdrawn": outcomes["withdrawn"],
        "waiting": outcomes["held"] + other,
    }
    accounts = [one.account for one in found if one.account is not None and one.outcome != "held"]
    names = {"records": "rows", "accepted": "accepted", "quarantined": "quarantined"}
    rows = {shown: sum(getattr(a, name) for a in accounts) for name, shown in names.items()}
    return {**deliveries, **rows, "repeats": sum(a.repeats for a in accounts)}
