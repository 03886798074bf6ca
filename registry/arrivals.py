"""Arrivals: everything that turned up in the inbox, once, with what became of it.

Keep out: deliveries themselves (deliveries.py): the same delivery may arrive many times.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, fields
from enum import StrEnum

import sqlalchemy as sa

from registry.schema import Registry
from registry.tables import arrivals


class ArrivalOutcome(StrEnum):
    """What became of something in the inbox."""

    COLLECTED = "collected"
    REPEAT = "repeat"
    REFUSED = "refused"
    NOT_A_FILE = "not_a_file"
    WITHDRAWAL = "withdrawal"
    UNKNOWN_RESOURCE = "unknown_resource"
    NOT_FETCHED = "not_fetched"


@dataclass(frozen=True)
class Arrival:
    """One thing that turned up: a file, or what should not lie there (a link, a folder)."""

    resource: str
    file_name: str
    outcome: ArrivalOutcome
    received_at: dt.datetime  # zone-aware
    message: str | None = None
    digest: str | None = None
    size: int | None = None
    delivery_id: str | None = None
    fingerprint: str | None = (
        None  # of the thing itself: what still lies there is not recorded again
    )


def record_arrival(registry: Registry, arrival: Arrival) -> bool:
    """Write down an arrival; False when its fingerprint is written down already."""
    with registry.write() as connection:
        if arrival.fingerprint is not None and _known(connection, arrival.fingerprint):
            return False
        values = {**asdict(arrival), "outcome": arrival.outcome.value}
        connection.execute(sa.insert(arrivals).values(values))
        return True


def arrived(registry: Registry, fingerprint: str) -> bool:
    """Tell whether something with this fingerprint is written down."""
    with registry.read() as connection:
        return _known(connection, fingerprint)


def resources(registry: Registry) -> tuple[str, ...]:
    """Return the names under which anything ever turned up; "" stands for the inbox itself."""
    with registry.read() as connection:
        return tuple(connection.execute(sa.select(arrivals.c.resource).distinct()).scalars())


def delivery_of(registry: Registry, fingerprint: str) -> str | None:
    """Return the delivery as which something with this fingerprint is written down."""
    query = sa.select(arrivals.c.delivery_id).where(arrivals.c.fingerprint == fingerprint)
    with registry.read() as connection:
        return connection.execute(query).scalar()


def has_repeats(registry: Registry, resource: str) -> bool:
    """Tell whether the same bytes came again for a resource."""
    repeat = arrivals.c.outcome == ArrivalOutcome.REPEAT.value
    query = sa.select(arrivals.c.id).where(arrivals.c.resource == resource, repeat).limit(1)
    with registry.read() as connection:
        return connection.execute(query).first() is not None


def history(registry: Registry, *, resource: str | None = None) -> tuple[Arrival, ...]:
    """Return the arrivals of a resource, or all, in the order of arrival."""
    query = sa.select(*(arrivals.c[field.name] for field in fields(Arrival)))
    if resource is not None:
        query = query.where(arrivals.c.resource == resource)
    with registry.read() as connection:
        rows = connection.execute(query.order_by(arrivals.c.id)).mappings()
        return tuple(Arrival(**{**row, "outcome": ArrivalOutcome(row["outcome"])}) for row in rows)


def counts(registry: Registry) -> dict[ArrivalOutcome, int]:
    """Return how many arrivals came to each outcome."""
    query = sa.select(arrivals.c.outcome, sa.func.count()).group_by(arrivals.c.outcome)
    with registry.read() as connection:
        return {ArrivalOutcome(row[0]): int(row[1]) for row in connection.execute(query)}


def _known(connection: sa.Connection, fingerprint: str) -> bool:
    query = sa.select(arrivals.c.id).where(arrivals.c.fingerprint == fingerprint)
    return connection.execute(query).first() is not None
