"""What became of one thing that was collected, for people and for Dagster.

Keep out: collecting (collect.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingestion.delivery import Account, Status
from quality.verdict import Verdict

Outcome = Literal[
    "accepted",
    "refused",
    "repeat",
    "held",
    "withdrawn",
    "growing",
    "not_a_file",
    "unknown_resource",
    "judged_again",
]

OUTCOMES: dict[Status, Outcome] = {
    Status.ACCEPTED: "accepted",
    Status.REFUSED: "refused",
    Status.RECEIVED: "held",
}


@dataclass(frozen=True)
class Collected:
    """What became of one thing that lay in the inbox."""

    resource: str
    file_name: str
    outcome: Outcome
    message: str
    account: Account | None = None
    verdict: Verdict | None = None
    delivery: str | None = None

    @property
    def name(self) -> str:
        """Return the resource."""
        return self.resource or "inbox"

    @property
    def step(self) -> str:
        """Return what was being done, for people."""
        return "归集"

    @property
    def is_trouble(self) -> bool:
        """Tell whether somebody should look at it."""
        return self.outcome not in {"accepted", "repeat", "withdrawn", "judged_again"}

    @property
    def line(self) -> str:
        """Say what happened in one line."""
        return f"{self.resource}/{self.file_name}: {self.outcome}: {self.message}"
