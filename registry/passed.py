"""What passed before, for rules that compare with it: rows and figures, without documents.

Keep out: verdicts as wholes (verdicts.py), and what is compared (quality).
"""

from __future__ import annotations

import sqlalchemy as sa

from quality.history import History, Past
from registry.schema import Registry
from registry.tables import verdicts

MOST = 30  # no rule looks further back


def passed_before(registry: Registry, subject: str, *, before: int | None = None) -> History:
    """Return what passed of a table, the oldest first: of all, or before a verdict."""
    columns = (verdicts.c.rows, verdicts.c.rules)
    query = sa.select(*columns).where(verdicts.c.subject == subject, verdicts.c.passed)
    if before is not None:
        query = query.where(verdicts.c.id < before)
    newest = query.order_by(verdicts.c.id.desc()).limit(MOST)
    with registry.read() as connection:
        found = [
            Past(row.rows, {r["rule"]: r["figures"] for r in row.rules if r.get("figures")})
            for row in connection.execute(newest)
        ]
    return History(tuple(reversed(found)))
