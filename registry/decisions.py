"""What people decided about identity: the last word on two rows counts, the earlier ones stay.

Keep out: what follows of it (linkage), and keys of persons: rows are named by digests.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Literal

import sqlalchemy as sa

from registry.decision_tables import identity_decisions
from registry.schema import Registry


@dataclass(frozen=True)
class Decided:
    """One decision; `one` and `other` are digests of the keys of two rows."""

    linkage: str
    one: str
    other: str
    verdict: Literal["same", "different", "open"]
    by: str
    reason: str
    at: dt.datetime


def decide(registry: Registry, decided: Decided) -> None:
    """Write down a decision."""
    with registry.write() as connection:
        connection.execute(sa.insert(identity_decisions).values(asdict(decided)))


def standing(registry: Registry, linkage: str) -> tuple[Decided, ...]:
    """Return the last decision on each two rows of a table of links, in the order of the rows."""
    table = identity_decisions
    query = sa.select(table).where(table.c.linkage == linkage).order_by(table.c.id)
    with registry.read() as connection:
        rows = connection.execute(query).mappings().all()
    last = {(row["one"], row["other"]): row for row in rows}
    found = (Decided(**{k: v for k, v in row.items() if k != "id"}) for row in last.values())
    return tuple(sorted(found, key=lambda each: (each.one, each.other)))
