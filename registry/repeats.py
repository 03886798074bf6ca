"""Which deliveries share keys with others, as far as it was looked up.

Keep out: looking (lake).
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from registry.repeat_tables import looked_up_keys
from registry.schema import Registry
from registry.tables import deliveries

TABLE = looked_up_keys.c


def note(registry: Registry, new: Collection[str], sharing: Collection[str]) -> None:
    """Write down which deliveries the new ones share keys with."""
    rows = [
        {"delivery_id": one, "others": sorted(sharing) if one in sharing else []} for one in new
    ]
    with registry.write() as connection:
        connection.execute(sa.delete(looked_up_keys).where(TABLE.delivery_id.in_(list(new))))
        if rows:
            connection.execute(sa.insert(looked_up_keys), rows)


def forget(registry: Registry, delivery: str) -> None:
    """Forget what was looked up of a delivery whose rows are others now."""
    with registry.write() as connection:
        connection.execute(sa.delete(looked_up_keys).where(TABLE.delivery_id == delivery))


def of_resource(registry: Registry, resource: str) -> dict[str, frozenset[str]]:
    """Return the deliveries of a resource that were looked up, with those that share a key."""
    query = (
        sa.select(looked_up_keys)
        .join(deliveries, deliveries.c.id == TABLE.delivery_id)
        .where(deliveries.c.resource == resource)
    )
    with registry.read() as connection:
        return {row.delivery_id: frozenset(row.others) for row in connection.execute(query)}
