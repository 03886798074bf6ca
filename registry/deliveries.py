"""Deliveries and their arrivals: what came, where it stands, where every record went.

Keep out: rows of the lake, and the verdict itself (verdicts.py).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from ingestion.delivery import Account, Delivery, Status
from registry.error import RegistryError
from registry.schema import Registry
from registry.tables import deliveries

TABLE = deliveries.c


def _stands(table: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 - the table or an alias of it
    accepted = table.status == Status.ACCEPTED.value
    return sa.and_(accepted, table.replaced_by.is_(None), table.withdrawn_at.is_(None))


AMENDED = deliveries.alias("amended")
IN_FORCE = sa.and_(
    _stands(TABLE),
    # Corrected rows count as long as the delivery does which they belong to.
    sa.or_(
        TABLE.amends.is_(None), TABLE.amends.in_(sa.select(AMENDED.c.id).where(_stands(AMENDED.c)))
    ),
)


@dataclass(frozen=True)
class Outcome:
    """How a delivery ended: accepted or refused, with its account and where its rows are."""

    status: Status
    account: Account
    reason: str | None = None  # why it was refused, and what was odd about what was read
    raw_version: int | None = None
    quarantine_version: int | None = None
    verdict_id: int | None = None


@dataclass(frozen=True)
class Record:
    """A delivery as the registry knows it."""

    delivery: Delivery
    sequence: int  # order of first arrival, over all resources
    stem: str  # what corrections and withdrawals call it
    status: Status
    outcome: Outcome | None  # none while unfinished
    finished_at: dt.datetime | None
    replaced_by: str | None
    withdrawn_at: dt.datetime | None

    @property
    def in_force(self) -> bool:
        """Tell whether it stands: accepted, not replaced, not withdrawn."""
        return self.status is Status.ACCEPTED and self.replaced_by is None and not self.withdrawn_at


def open_delivery(registry: Registry, delivery: Delivery, *, stem: str) -> Record:
    """Write down a delivery as received; one that is known is returned as it stands."""
    with registry.write() as connection:
        known = _one(connection, delivery.id)
        if known is not None:
            return known
        values = {**asdict(delivery), "stem": stem, "status": Status.RECEIVED.value}
        opened = sa.insert(deliveries).values(values).returning(*TABLE)
        return _record(connection.execute(opened).one())


def close_delivery(
    registry: Registry, delivery_id: str, outcome: Outcome, *, at: dt.datetime
) -> Record:
    """Write down how a delivery ended; closing it again with the same outcome changes nothing."""
    _check(delivery_id, outcome)
    with registry.write() as connection:
        record = _known(_one(connection, delivery_id), delivery_id)
        if record.outcome == outcome:
            return record
        if record.outcome is not None:
            raise RegistryError(
                f"delivery {delivery_id} is {record.status.value} already: no account is rewritten"
            )
        values = {**asdict(outcome), **asdict(outcome.account), "finished_at": at}
        del values["account"]
        values["status"] = outcome.status.value
        closed = sa.update(deliveries).where(TABLE.id == delivery_id).values(values)
        return _record(connection.execute(closed.returning(*TABLE)).one())


def find(registry: Registry, delivery_id: str) -> Record | None:
    """Return a delivery, or None when it never came."""
    with registry.read() as connection:
        return _one(connection, delivery_id)


def in_force(registry: Registry, resource: str) -> tuple[Record, ...]:
    """Return the deliveries whose rows count, by (as_of, sequence)."""
    order = (TABLE.as_of, TABLE.sequence)
    return _many(registry, TABLE.resource == resource, IN_FORCE, order=order)


def ids_in_force(registry: Registry) -> dict[str, frozenset[str]]:
    """Return the ids of the deliveries whose rows count, by resource."""
    query = sa.select(TABLE.resource, TABLE.id).where(IN_FORCE)
    found: defaultdict[str, set[str]] = defaultdict(set)
    with registry.read() as connection:
        for row in connection.execute(query):
            found[row.resource].add(row.id)
    return {resource: frozenset(ids) for resource, ids in found.items()}


def unfinished(registry: Registry) -> tuple[Record, ...]:
    """Return what was received and not yet judged, in the order of arrival."""
    pending = TABLE.status == Status.RECEIVED.value
    return _many(registry, pending, TABLE.withdrawn_at.is_(None))


def all_of(registry: Registry, resource: str) -> tuple[Record, ...]:
    """Return every delivery of a resource, in the order of arrival."""
    return _many(registry, TABLE.resource == resource)


def resources(registry: Registry) -> tuple[str, ...]:
    """Return the names of the resources that ever delivered."""
    query = sa.select(TABLE.resource).distinct().order_by(TABLE.resource)
    with registry.read() as connection:
        return tuple(connection.execute(query).scalars())


def of_stem(registry: Registry, resource: str, stem: str) -> tuple[Record, ...]:
    """Return a delivery and its corrections, in the order of arrival."""
    return _many(registry, TABLE.resource == resource, TABLE.stem == stem)


def replace(registry: Registry, old_id: str, new_id: str, *, at: dt.datetime) -> Record:
    """Let an accepted delivery replace another of its resource; return the replaced one."""
    with registry.write() as connection:
        old, new = (
            _known(_one(connection, old_id), old_id),
            _known(_one(connection, new_id), new_id),
        )
        if old_id == new_id or old.delivery.resource != new.delivery.resource:
            raise RegistryError(
                f"delivery {new_id} cannot replace {old_id}: name one of its resource"
            )
        if new.status is not Status.ACCEPTED:
            raise RegistryError(
                f"delivery {new_id} is {new.status.value}: only an accepted one replaces"
            )
        if old.replaced_by == new_id:
            return old
        values = {"replaced_by": new_id, "replaced_at": at}
        connection.execute(sa.update(deliveries).where(TABLE.id == old_id).values(values))
        return _known(_one(connection, old_id), old_id)


def withdraw(
    registry: Registry, resource: str, *, stem: str, at: dt.datetime
) -> tuple[Record, ...]:
    """Take back a delivery and its corrections; return those that this act withdrew."""
    chosen = sa.and_(TABLE.resource == resource, TABLE.stem == stem, TABLE.withdrawn_at.is_(None))
    with registry.write() as connection:
        ids: list[str] = list(connection.execute(sa.select(TABLE.id).where(chosen)).scalars())
        connection.execute(sa.update(deliveries).where(chosen).values(withdrawn_at=at))
        return tuple(_known(_one(connection, one), one) for one in ids)


def reinstate(registry: Registry, delivery_id: str) -> Record:
    """Put a withdrawn or replaced delivery back in force: its unit delivered the bytes again."""
    values: dict[str, Any] = {"replaced_by": None, "replaced_at": None, "withdrawn_at": None}
    with registry.write() as connection:
        connection.execute(sa.update(deliveries).where(TABLE.id == delivery_id).values(values))
        return _known(_one(connection, delivery_id), delivery_id)


def stand_at(registry: Registry, resource: str, *, zone: str, version: int) -> int:
    """Let all judged deliveries of a resource stand in one version of its rebuilt table."""
    column = {"raw": TABLE.raw_version, "quarantine": TABLE.quarantine_version}[zone]
    other = sa.and_(TABLE.resource == resource, column.is_not(None), column != version)
    with registry.write() as connection:
        moved = connection.execute(sa.select(sa.func.count()).where(other)).scalar_one()
        connection.execute(sa.update(deliveries).where(other).values({column.name: version}))
        return int(moved)


def _check(delivery_id: str, outcome: Outcome) -> None:
    account = outcome.account
    if not account.balanced or min(asdict(account).values()) < 0:
        raise RegistryError(
            f"delivery {delivery_id}: account does not hold: {account.records} records, but "
            f"{account.accepted} accepted + {account.quarantined} quarantined + "
            f"{account.repeats} repeats: find the lost rows before closing"
        )
    if outcome.status is Status.RECEIVED:
        raise RegistryError(f"delivery {delivery_id}: close it as accepted or refused")
    if outcome.status is Status.REFUSED and account.accepted:
        raise RegistryError(
            f"delivery {delivery_id} is refused, yet {account.accepted} rows accepted"
        )


def _one(connection: sa.Connection, delivery_id: str) -> Record | None:
    row = connection.execute(sa.select(deliveries).where(TABLE.id == delivery_id)).first()
    return None if row is None else _record(row)


def _known(record: Record | None, delivery_id: str) -> Record:
    if record is None:
        raise RegistryError(f"delivery {delivery_id} is unknown: open it first")
    return record


def _many(
    registry: Registry, *where: sa.ColumnElement[bool], order: tuple[Any, ...] = (TABLE.sequence,)
) -> tuple[Record, ...]:
    with registry.read() as connection:
        rows = connection.execute(sa.select(deliveries).where(*where).order_by(*order))
        return tuple(_record(row) for row in rows)


def _record(row: sa.Row[Any]) -> Record:
    status = Status(row.status)
    delivery = Delivery(**{name: getattr(row, name) for name in Delivery.__dataclass_fields__})
    return Record(
        delivery=delivery,
        sequence=row.sequence,
        stem=row.stem,
        status=status,
        outcome=None if status is Status.RECEIVED else _outcome(row, status),
        finished_at=row.finished_at,
        replaced_by=row.replaced_by,
        withdrawn_at=row.withdrawn_at,
    )


def _outcome(row: sa.Row[Any], status: Status) -> Outcome:
    account = Account(row.records, row.accepted, row.quarantined, row.repeats)
    return Outcome(
        status, account, row.reason, row.raw_version, row.quarantine_version, row.verdict_id
    )
