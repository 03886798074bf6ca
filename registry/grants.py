"""Applications and the grants made of them: who asked, who decided, what was revoked and why.

Keep out: what a grant allows (sharing/decision.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from registry.error import RegistryError
from registry.schema import Registry
from registry.tables import applications, grants
from sharing.grant import Application, Grant

NAMES = [field.name for field in fields(Application)]


class ApplicationStatus(StrEnum):
    """Where an application stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Applied:
    """An application as the registry knows it."""

    id: int
    application: Application
    status: ApplicationStatus
    applied_by: str
    applied_at: dt.datetime
    reason: str | None  # why it was rejected


def apply(registry: Registry, application: Application, *, by: str, at: dt.datetime) -> int:
    """Write down an application; return its number."""
    values = {name: getattr(application, name) for name in NAMES}
    status = ApplicationStatus.PENDING.value
    values |= {"items": list(application.items), "status": status, "applied_by": by}
    with registry.write() as connection:
        query = sa.insert(applications).values({**values, "applied_at": at})
        return int(connection.execute(query.returning(applications.c.id)).scalar_one())


def approve(registry: Registry, application_id: int, *, by: str, at: dt.datetime) -> Grant:
    """Turn a pending application into a grant; an applicant does not approve itself."""
    with registry.write() as connection:
        applied = _decide(connection, application_id, ApplicationStatus.APPROVED, by=by, at=at)
        values = {"application_id": application_id, "granted_by": by, "granted_at": at}
        query = sa.insert(grants).values(values).returning(grants.c.id)
        number = int(connection.execute(query).scalar_one())
    return Grant(number, applied.application, by)


def reject(
    registry: Registry, application_id: int, *, by: str, reason: str, at: dt.datetime
) -> None:
    """Refuse a pending application, with the reason that the applicant reads."""
    status = ApplicationStatus.REJECTED
    with registry.write() as connection:
        _decide(connection, application_id, status, by=by, at=at, reason=reason)


def revoke(registry: Registry, grant_id: int, *, by: str, reason: str, at: dt.datetime) -> None:
    """End a grant before its time; revoking it again changes nothing."""
    with registry.write() as connection:
        row = connection.execute(sa.select(grants).where(grants.c.id == grant_id)).first()
        if row is None:
            raise RegistryError(f"grant {grant_id} is unknown: see the list of grants")
        if row.revoked_at is None:
            values = {"revoked_by": by, "revoked_at": at, "revoked_because": reason}
            connection.execute(sa.update(grants).where(grants.c.id == grant_id).values(values))


def active(
    registry: Registry, recipient: str, *, zone: str, name: str, on: dt.date
) -> tuple[Grant, ...]:
    """Return the grants of a recipient that cover a table on a day."""
    mine = (applications.c.recipient == recipient, applications.c.zone == zone)
    found = _grants(registry, *mine, applications.c.name == name)
    return tuple(grant for grant in found if grant.active(on))


def all_grants(registry: Registry) -> tuple[Grant, ...]:
    """Return every grant, ended and revoked ones too."""
    return _grants(registry)


def all_applications(registry: Registry) -> tuple[Applied, ...]:
    """Return every application, in the order of arrival."""
    with registry.read() as connection:
        rows = connection.execute(sa.select(applications).order_by(applications.c.id))
        return tuple(_applied(row) for row in rows)


def _decide(
    connection: sa.Connection,
    application_id: int,
    status: ApplicationStatus,
    *,
    by: str,
    at: dt.datetime,
    reason: str | None = None,
) -> Applied:
    same = applications.c.id == application_id
    row = connection.execute(sa.select(applications).where(same)).first()
    if row is None or row.status != ApplicationStatus.PENDING.value:
        stands = "unknown" if row is None else row.status
        raise RegistryError(f"application {application_id} is {stands}: only a pending is decided")
    if row.applied_by == by:
        raise RegistryError(f"application {application_id} is {by}'s own: another officer decides")
    values = {"status": status.value, "decided_by": by, "decided_at": at, "reason": reason}
    connection.execute(sa.update(applications).where(same).values(values))
    return _applied(row)


def _grants(registry: Registry, *where: sa.ColumnElement[bool]) -> tuple[Grant, ...]:
    query = sa.select(applications, grants.c.id.label("grant_id"), grants.c.granted_by)
    query = query.add_columns(grants.c.revoked_at).join(grants)
    with registry.read() as connection:
        rows = connection.execute(query.where(*where).order_by(grants.c.id))
        return tuple(
            Grant(row.grant_id, _application(row), row.granted_by, row.revoked_at) for row in rows
        )


def _application(row: sa.Row[Any]) -> Application:
    values = {name: row._mapping[name] for name in NAMES}
    return Application(**{**values, "items": tuple(values["items"])})


def _applied(row: sa.Row[Any]) -> Applied:
    status = ApplicationStatus(row.status)
    application = _application(row)
    return Applied(row.id, application, status, row.applied_by, row.applied_at, row.reason)
