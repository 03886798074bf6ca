"""Waivers (豁免): rules that an officer answers for not being kept, by period or by delivery.

Keep out: who may waive which rule (orchestration/flows/waive.py), and the rows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from ingestion.delivery import Delivery
from registry import audit
from registry.schema import Registry
from registry.waiver_tables import waivers

REVOKED = "quarantine.waiver_revoked"  # the act in the audit chain that ends a waiver


@dataclass(frozen=True)
class Waiver:
    """An officer's word that rows which break one rule alone are accepted."""

    id: str
    resource: str
    rule: str  # defect:item, as refused rows carry it
    delivery_id: str | None  # of one delivery, or else of a period
    valid_from: dt.date | None
    valid_until: dt.date | None
    officer: str
    reason: str
    at: dt.datetime
    revoked_at: dt.datetime | None = None  # as the audit chain says

    def stood(self, at: dt.datetime) -> bool:
        """Tell whether it was granted and not revoked at an instant."""
        return self.at <= at and (self.revoked_at is None or at < self.revoked_at)

    def covers(self, delivery: Delivery) -> bool:
        """Tell whether it speaks of a delivery, or of the one that it amends."""
        if self.delivery_id is not None:
            return self.delivery_id in (delivery.id, delivery.amends)
        begun = self.valid_from is None or self.valid_from <= delivery.as_of
        return begun and (self.valid_until is None or delivery.as_of <= self.valid_until)


def grant(registry: Registry, waiver: Waiver) -> Waiver:
    """Write down a waiver; the same act again is returned as it stands."""
    with registry.write() as connection:
        known = [w for w in of_resource(registry, waiver.resource) if w.id == waiver.id]
        if known:
            return known[0]
        connection.execute(sa.insert(waivers).values(_values(waiver)))
        return waiver


def of_resource(registry: Registry, resource: str) -> tuple[Waiver, ...]:
    """Return the waivers of a resource, oldest first."""
    query = sa.select(waivers).where(waivers.c.resource == resource).order_by(waivers.c.at)
    with registry.read() as connection:
        rows = connection.execute(query).mappings().all()
    ended = _revoked(registry, resource) if rows else {}
    return tuple(Waiver(**row, revoked_at=ended.get(row["id"])) for row in rows)


def waived(registry: Registry, delivery: Delivery, *, at: dt.datetime) -> frozenset[str]:
    """Return the rules that were waived for a delivery at an instant."""
    found = of_resource(registry, delivery.resource)
    return frozenset(w.rule for w in found if w.stood(at) and w.covers(delivery))


def _revoked(registry: Registry, resource: str) -> dict[str, dt.datetime]:
    said = [one.event for one in audit.events(registry, subject=f"raw.{resource}")]
    return {str(e.detail["waiver"]): e.at for e in said if e.action == REVOKED}


def _values(waiver: Waiver) -> dict[str, Any]:
    return {name: value for name, value in asdict(waiver).items() if name != "revoked_at"}
