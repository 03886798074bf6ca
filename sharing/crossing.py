"""A crossing (出库): rows of one table version that left for one recipient, or were withheld.

Keep out: whether it may happen (decision.py), what leaves (package.py), where it is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sharing.error import SharingError

Kind = Literal["share", "backflow", "open", "license"]
NOBODY = "nobody"  # recipient of the rows that belong to none: they are withheld, with reasons


@dataclass(frozen=True)
class Crossing:
    """Rows of one release of `zone.name` to a recipient: crossed, or withheld by reason.

    `version` numbers the release, not the Delta version: when a delivery is withdrawn, other
    rows of the same Delta version are released and cross anew.
    """

    kind: Kind
    recipient: str
    zone: str
    name: str
    version: int  # number of the release: what is current in raw can change within a Delta version
    rows: int
    decision: str  # reason code of the decision
    withheld: Mapping[str, int] = field(default_factory=dict)  # reason → rows
    target_version: int | None = None  # version of the recipient's Delta table
    package_digest: str | None = None

    def __post_init__(self) -> None:
        if self.rows < 0 or any(rows < 0 for rows in self.withheld.values()):
            raise SharingError(f"crossing of {self.table} to {self.recipient}: negative rows")

    @property
    def id(self) -> str:
        """Return the identity of the crossing: the same crossing has the same id in a rerun."""
        return crossing_id(
            self.kind, self.recipient, zone=self.zone, name=self.name, version=self.version
        )

    @property
    def table(self) -> str:
        """Return the name of the table that the rows come from."""
        return f"{self.zone}.{self.name}"


@dataclass(frozen=True)
class Sums:
    """The account of all crossings of one kind of one table version."""

    recipients: int
    crossed: int
    withheld: Mapping[str, int]

    @property
    def total(self) -> int:
        """Return the rows that are in some place: it must equal the rows released."""
        return self.crossed + sum(self.withheld.values())


def crossing_id(kind: Kind, recipient: str, *, zone: str, name: str, version: int) -> str:
    """Return the id of the crossing of a table version to a recipient."""
    text = "\n".join((kind, recipient, zone, name, str(version)))
    return hashlib.sha256(text.encode()).hexdigest()[:20]
