"""Revoke (撤销豁免): an officer takes a waiver back; the rows that it let in wait again.

Rows of deliveries that were judged while it stood are theirs: only a correction judges them anew.
Keep out: granting (waive.py).
"""

from __future__ import annotations

import datetime as dt

from ingestion.delivery import Status
from orchestration.city import City
from orchestration.flows.plea import check_officer
from orchestration.flows.refused import check_resource
from orchestration.flows.release import release_raw
from orchestration.flows.supervise import supervise
from registry import arrivals, audit, deliveries, waivers
from registry.arrivals import Arrival, ArrivalOutcome
from registry.deliveries import Record
from registry.error import RegistryError
from registry.waivers import REVOKED, Waiver
from sharing.audit import AuditEvent


def revoke(
    city: City, name: str, waiver_id: str, *, officer: str, reason: str, now: dt.datetime
) -> tuple[Waiver, int, tuple[str, ...]]:
    """End a waiver with an audit event; return it, the rows that wait again, and files that stay.

    The same act again heals what a killed one left undone.
    """
    check_resource(city, name)
    check_officer(city, city.entry(name), officer)
    if not reason.strip():
        raise RegistryError("a revocation needs a reason: say why in --reason")
    known = {one.id: one for one in waivers.of_resource(city.registry, name)}
    if waiver_id not in known:
        said = ", ".join(known) or "none"
        raise RegistryError(f"{name} has no waiver {waiver_id}: it has {said}")
    waiver = known[waiver_id]
    ended = waiver.revoked_at or now
    with city.working():
        if waiver.revoked_at is None:
            audit.append(city.registry, _event(waiver, officer=officer, reason=reason, now=now))
        records = deliveries.all_of(city.registry, name)
        back = [r for r in records if r.delivery.waiver == waiver.id and r.withdrawn_at is None]
        for record in back:
            _take_back(city, record, now)
        release_raw(city, name, now=now)
        supervise(city, now=now)
    rows = sum(r.outcome.account.accepted for r in back if r.outcome is not None)
    return waiver, rows, tuple(r.delivery.file_name for r in records if _judged(r, waiver, ended))


def _take_back(city: City, record: Record, now: dt.datetime) -> None:
    """Withdraw the amendment that brought waived rows again, as its own file would be."""
    one = record.delivery
    came = Arrival(
        resource=one.resource,
        file_name=f"{record.stem}.withdrawal",
        outcome=ArrivalOutcome.WITHDRAWAL,
        received_at=now,
        message=f"withdrawn: {one.file_name}: waiver {one.waiver} was revoked",
        fingerprint=f"revoked:{one.id}",
    )
    with city.registry.write():
        arrivals.record_arrival(city.registry, came)
        deliveries.withdraw(city.registry, one.resource, stem=record.stem, at=now)


def _judged(record: Record, waiver: Waiver, ended: dt.datetime) -> bool:
    """Tell whether a delivery of the unit was accepted without the rule."""
    one, at = record.delivery, record.finished_at
    if one.waiver is not None or record.status is not Status.ACCEPTED or not record.in_force:
        return False
    return at is not None and waiver.at <= at < ended and waiver.covers(one)


def _event(waiver: Waiver, *, officer: str, reason: str, now: dt.datetime) -> AuditEvent:
    return AuditEvent(
        key=f"waiver-revoked:{waiver.id}",
        at=now,
        actor=officer,
        action=REVOKED,
        subject=f"raw.{waiver.resource}",
        detail={"waiver": waiver.id, "rule": waiver.rule, "reason": reason},
    )
