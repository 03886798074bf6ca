"""What passed before, for rules that compare with it: rows and figures, without documents.

Keep out: verdicts as wholes (verdicts.py), and what is compared (quality).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from quality.history import History, Past
from registry.schema import Registry
from registry.tables import verdicts

MOST = 30  # no rule looks further back


def passed_of(registry: Registry, numbers: Sequence[int]) -> History:
    """Return what some verdicts measured, in the order given."""
    last = list(numbers)[-MOST:]
    query = sa.select(verdicts.c.id, verdicts.c.rows, verdicts.c.rules)
    with registry.read() as connection:
        rows = connection.execute(query.where(verdicts.c.id.in_(last))).all() if last else []
    found = {row.id: _past(row) for row in rows}
    return History(tuple(found[number] for number in last if number in found))


def passed_before(registry: Registry, subject: str, *, before: int | None = None) -> History:
    """Return what passed of a table, the oldest first: of all, or before a verdict."""
    columns = (verdicts.c.rows, verdicts.c.rules)
    query = sa.select(*columns).where(verdicts.c.subject == subject, verdicts.c.passed)
    if before is not None:
        query = query.where(verdicts.c.id < before)
    newest = query.order_by(verdicts.c.id.desc()).limit(MOST)
    with registry.read() as connection:
        found = [_past(row) for row in connection.execute(newest)]
    return History(tuple(reversed(found)))


def _past(row: sa.Row[Any]) -> Past:
    return Past(row.rows, {r["rule"]: r["figures"] for r in row.rules if r.get("figures")})
