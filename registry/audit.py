"""The audit chain: events appended one after another, each sealed over the one before.

A head row counts the events, so that cutting the newest shows; an anchor kept elsewhere shows
even a cut that also rewrote the head. Keep out: what an event says (sharing/audit.py).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from registry.error import RegistryError
from registry.schema import Registry
from registry.tables import audit_events, audit_head
from sharing.audit import GENESIS, Anchor, AuditEvent, Sealed, canonical, seal

BATCH = 1_000  # events held in memory while the chain is recomputed


@dataclass(frozen=True)
class AuditCheck:
    """What recomputing the chain found: how many events hold, and the first problem if any."""

    ok: bool
    events: int
    problem: str | None = None


def append(registry: Registry, event: AuditEvent) -> Sealed:
    """Append an event to the chain; one whose key is there already is returned as it stands."""
    with registry.write() as connection:
        end = _head(connection)  # nobody else writes meanwhile: see Registry.write
        known = connection.execute(
            sa.select(audit_events).where(audit_events.c.key == event.key)
        ).first()
        if known is not None:
            return _same_act(_sealed(known), event)
        sealed = Sealed(end.events + 1, event, end.digest, seal(end.digest, event))
        connection.execute(sa.insert(audit_events).values(_values(sealed)))
        connection.execute(
            sa.update(audit_head).values(events=sealed.sequence, digest=sealed.digest)
        )
        return sealed


def events(
    registry: Registry, *, subject: str | None = None, limit: int | None = None
) -> tuple[Sealed, ...]:
    """Return the newest events, oldest first, of one subject or of all."""
    query = sa.select(audit_events).order_by(audit_events.c.sequence.desc()).limit(limit)
    if subject is not None:
        query = query.where(audit_events.c.subject == subject)
    with registry.read() as connection:
        return tuple(reversed([_sealed(row) for row in connection.execute(query)]))


def head(registry: Registry) -> Anchor:
    """Return the end of the chain, to be kept where the registry's keeper cannot rewrite it."""
    with registry.read() as connection:
        return _head(connection)


def verify(registry: Registry, *, anchors: Sequence[Anchor] = ()) -> AuditCheck:
    """Recompute the chain and say whether an event was changed, dropped or inserted."""
    kept = {anchor.events: anchor.digest for anchor in anchors if anchor.events}
    query = sa.select(audit_events).order_by(audit_events.c.sequence)
    end = Anchor(0, GENESIS)
    with registry.read() as connection:
        rows = connection.execution_options(yield_per=BATCH).execute(query)
        for row in rows:
            problem = _problem(row, end) or _against(kept.pop(row.sequence, None), row)
            if problem is not None:
                return AuditCheck(False, end.events, problem)
            end = Anchor(row.sequence, row.digest)
        problem = _cut(connection, end, kept)
    return AuditCheck(problem is None, end.events, problem)


def _head(connection: sa.Connection) -> Anchor:
    row = connection.execute(sa.select(audit_head)).first()
    if row is None:
        raise RegistryError("audit chain has lost its head record: restore the registry's backup")
    return Anchor(row.events, row.digest)


def _same_act(known: Sealed, event: AuditEvent) -> Sealed:
    if (known.event.action, known.event.subject) != (event.action, event.subject):
        raise RegistryError(
            f"audit key {event.key} already stands for {known.event.action} of "
            f"{known.event.subject}: give {event.action} of {event.subject} a key of its own"
        )
    return known


def _values(sealed: Sealed) -> dict[str, object]:
    event = sealed.event
    return {
        "sequence": sealed.sequence,
        "key": event.key,
        "at": event.at,
        "actor": event.actor,
        "action": event.action,
        "subject": event.subject,
        "detail": canonical(dict(event.detail)),
        "previous": sealed.previous,
        "digest": sealed.digest,
    }


def _sealed(row: sa.Row[Any]) -> Sealed:
    detail = json.loads(row.detail)
    event = AuditEvent(row.key, row.at, row.actor, row.action, row.subject, detail)
    return Sealed(row.sequence, event, row.previous, row.digest)


def _problem(row: sa.Row[Any], end: Anchor) -> str | None:
    expected = end.events + 1
    if row.sequence > expected:
        return f"event {expected} was dropped: after {end.events} comes {row.sequence}"
    if row.sequence < expected:
        return f"event {row.sequence} was inserted: the chain begins with 1"
    if row.previous != end.digest:
        return f"event {expected} does not follow event {end.events}: changed, dropped or inserted"
    try:
        unchanged = seal(end.digest, _sealed(row).event) == row.digest
    except (ValueError, AttributeError):
        unchanged = False
    return None if unchanged else f"event {expected} was changed: its digest does not cover it"


def _against(anchor: str | None, row: sa.Row[Any]) -> str | None:
    if anchor is None or anchor == row.digest:
        return None
    return f"event {row.sequence} is not the one anchored: the chain was rewritten up to there"


def _cut(connection: sa.Connection, end: Anchor, unmet: dict[int, str]) -> str | None:
    try:
        told = _head(connection)
    except RegistryError as error:
        return str(error)
    if told.events > end.events:
        return f"events {end.events + 1} to {told.events} were dropped from the end of the chain"
    if told.events < end.events:
        return f"event {told.events + 1} was inserted at the end of the chain"
    if told.digest != end.digest:
        return f"event {end.events} was changed: the head record holds another digest"
    if unmet:
        return f"the chain ends at {end.events}, but event {min(unmet)} was anchored: tail dropped"
    return None
