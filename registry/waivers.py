"""Waivers (豁免): rules that an officer answers for not being kept, by period or by delivery.

Keep out: who may waive which rule (orchestration/flows/waive.py), and the rows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from ingestion.delivery import Delivery
from registry.schema import Registry
from registry.waiver_tables import waivers


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

    def covers(self, delivery: Delivery) -> bool:
        """Tell whether it speaks of a delivery, or of the one that it amends."""
        if self.delivery_id is not None:
            return self.delivery_id in (delivery.id, delivery.amends)
        begun = self.valid_from is None or self.valid_from <= delivery.as_of
        return begun and (self.valid_until is None or delivery.as_of <= self.valid_until)


def grant(registry: Registry, waiver: Waiver) -> Waiver:
    """Write down a waiver; the same act again is returned as it stands."""
    with registry.write() as connection:
        query = sa.select(waivers).where(waivers.c.id == waiver.id)
        known = connection.execute(query).mappings().first()
        if known is not None:
            return Waiver(**known)
        connection.execute(sa.insert(waivers).values(asdict(waiver)))
        return waiver


def of_resource(registry: Registry, resource: str) -> tuple[Waiver, ...]:
    """Return the waivers of a resource, oldest first."""
    query = sa.select(waivers).where(waivers.c.resource == resource).order_by(waivers.c.at)
    with registry.read() as connection:
        rows = connection.execute(query).mappings()
        return tuple(Waiver(**row) for row in rows)


def waived(registry: Registry, delivery: Delivery, *, at: dt.datetime) -> frozenset[str]:
    """Return the rules that were waived for a delivery at an instant."""
    found = of_resource(registry, delivery.resource)
    return frozenset(w.rule for w in found if w.at <= at and w.covers(delivery))
