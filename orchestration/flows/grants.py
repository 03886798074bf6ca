"""Grants (授权) under which rows of a table flow back: asked for, decided by another, revoked.

Keep out: what a grant allows (sharing.decision) and letting rows cross (backflow.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from catalog.entry import Entry
from orchestration.city import City, day_of
from orchestration.flows.crossing import purpose_of
from registry import audit, grants
from sharing.audit import AuditEvent
from sharing.error import SharingError
from sharing.grant import Application, Grant


def apply_for(
    city: City, name: str, district: str, *, basis: str, until: dt.date, by: str, now: dt.datetime
) -> int:
    """Write down that a district asks for its rows of a table; return the application's number."""
    if name not in city.catalog.entries:
        raise SharingError(f"{name}: no entry is named so — see citylake catalog list")
    entry = city.entry(name)
    known = {division.code for division in city.catalog.vocabulary.recipients()}
    if district not in known:
        raise SharingError(f"{district}: is no recipient of backflow — name one of {sorted(known)}")
    application = Application(
        kind="backflow",
        recipient=district,
        zone=entry.zone,
        name=name,
        items=tuple(item.name for item in entry.items),
        purpose=_purpose(entry),
        basis=basis,
        valid_from=day_of(now),
        valid_to=until,
    )
    with city.registry.write():
        number = grants.apply(city.registry, application, by=by, at=now)
        _note(city, f"applied:{number}", entry, by=by, now=now, detail={"recipient": district})
    return number


def approve(city: City, number: int, *, by: str, now: dt.datetime) -> Grant:
    """Grant what was applied for; the next run delivers."""
    with city.registry.write():
        grant = grants.approve(city.registry, number, by=by, at=now)
        terms = grant.application
        detail = {"recipient": terms.recipient, "purpose": terms.purpose, "until": terms.valid_to}
        entry = city.entry(terms.name)
        _note(city, f"granted:{grant.id}", entry, by=by, now=now, detail=detail)
    return grant


def revoke(city: City, number: int, *, by: str, reason: str, now: dt.datetime) -> None:
    """End a grant: what crossed stays with its recipient, nothing more crosses."""
    with city.registry.write():
        grants.revoke(city.registry, number, by=by, reason=reason, at=now)
        found = {grant.id: grant for grant in grants.all_grants(city.registry)}
        entry = city.entry(found[number].application.name)
        _note(city, f"revoked:{number}", entry, by=by, now=now, detail={"reason": reason})


def standing(city: City, *, now: dt.datetime) -> list[dict[str, Any]]:
    """Return every application with its grant and whether that holds today."""
    terms = {(g.application, g.id): g for g in grants.all_grants(city.registry)}
    rows = []
    for asked in grants.all_applications(city.registry):
        about = asked.application
        grant = next((g for (a, _), g in terms.items() if a == about), None)
        rows.append(
            {
                "application": asked.id,
                "table": f"{about.zone}.{about.name}",
                "recipient": about.recipient,
                "purpose": about.purpose,
                "until": about.valid_to.isoformat(),
                "status": asked.status.value,
                "grant": grant.id if grant else None,
                "active": grant is not None and grant.active(day_of(now)),
            }
        )
    return rows


def _purpose(entry: Entry) -> str:
    if (purpose := purpose_of(entry)) is None:
        raise SharingError(f"{entry.name}: asks for no grant — its entry has no backflow purpose")
    return purpose


def _note(
    city: City, what: str, entry: Entry, *, by: str, now: dt.datetime, detail: dict[str, object]
) -> None:
    said = {name: str(value) for name, value in detail.items()}
    action, number = what.split(":")
    audit.append(
        city.registry,
        AuditEvent(
            key=f"grant:{number}:{action}",
            at=now,
            actor=by,
            action=f"grant.{action}",
            subject=f"{entry.zone}.{entry.name}",
            detail={"number": int(number), **said},
        ),
    )
