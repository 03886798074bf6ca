"""Waive (豁免): rows that break one rule alone are accepted, since a named officer answers for it.

Refused rows come again as they were, in an amendment of the officer's, judged without the rule;
deliveries of the period are judged so from now on. Keep out: judging (amend.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from catalog.amendment import REASONS
from catalog.problem import nearest
from catalog.schema import DELIVERY, ROW, RULES
from ingestion.delivery import Delivery, Status, delivery_id
from orchestration.city import City
from orchestration.flows.collect import Collected, settled
from orchestration.flows.mending import open_records
from orchestration.flows.refused import check_resource
from orchestration.flows.release import release_raw
from orchestration.flows.supervise import supervise
from quality.returned import returned, write
from quality.rules import checks
from registry import arrivals, audit, deliveries, waivers
from registry.arrivals import Arrival, ArrivalOutcome
from registry.deliveries import Record
from registry.error import RegistryError
from registry.waivers import Waiver
from sharing.audit import AuditEvent

# A row without these is no row of its table, whoever answers for it.
NEVER = frozenset({"null_key", "duplicate_key", "wrong_type"})


@dataclass(frozen=True)
class Plea:
    """What is to be waived, for what, by whom and why."""

    resource: str
    rule: str
    officer: str
    reason: str
    delivery: str | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


def waive(city: City, plea: Plea, *, now: dt.datetime) -> tuple[Waiver, tuple[Collected, ...]]:
    """Waive a rule with an audit event, and accept what was refused by it alone."""
    _check(city, plea)
    # The same words again are the same act: what a killed one left undone is done then.
    text = "\n".join(map(str, vars(plea).values()))
    waiver = Waiver(
        id=hashlib.sha256(text.encode()).hexdigest()[:20],
        resource=plea.resource,
        rule=plea.rule,
        delivery_id=plea.delivery,
        valid_from=plea.valid_from,
        valid_until=plea.valid_until,
        officer=plea.officer,
        reason=plea.reason,
        at=now,
    )
    with city.working():
        with city.registry.write():
            waiver = waivers.grant(city.registry, waiver)
            audit.append(city.registry, _event(waiver))
        done = tuple(_accept(city, waiver, now))
        release_raw(city, plea.resource, now=now)
        supervise(city, now=now)
    return waiver, done


def _check(city: City, plea: Plea) -> None:
    check_resource(city, plea.resource)
    entry = city.entry(plea.resource)
    known = {check.label for check in checks(entry, city.catalog.vocabulary)}
    if plea.rule not in known or plea.rule.partition(":")[0] in NEVER:
        may = sorted(label for label in known if label.partition(":")[0] not in NEVER)
        raise RegistryError(
            f"{plea.resource}: rule {plea.rule} cannot be waived{nearest(plea.rule, may)}; "
            "what makes a row unreadable or ambiguous never can"
        )
    officers = {u.chief_data_officer for u in city.catalog.vocabulary.units if u.name == entry.unit}
    if plea.officer not in officers:
        raise RegistryError(
            f"{plea.resource}: {plea.officer} is not the chief data officer of {entry.unit}: "
            "only that officer may waive its rules (vocabulary/units.yaml)"
        )
    _check_scope(city, plea)


def _check_scope(city: City, plea: Plea) -> None:
    if not plea.reason.strip():
        raise RegistryError("a waiver needs a reason: say why in --reason")
    period = plea.valid_from is not None or plea.valid_until is not None
    if (plea.delivery is None) != period:
        raise RegistryError("name either one delivery, or a period with --from and --until")
    if period and (plea.valid_from is None or plea.valid_until is None):
        raise RegistryError("a period has a first and a last day: give both --from and --until")
    if plea.valid_from and plea.valid_until and plea.valid_until < plea.valid_from:
        raise RegistryError(f"--until {plea.valid_until} is before --from {plea.valid_from}")
    if plea.delivery is not None:
        found = deliveries.find(city.registry, plea.delivery)
        if found is None or found.delivery.resource != plea.resource:
            raise RegistryError(f"{plea.resource} has no delivery {plea.delivery}")


def _accept(city: City, waiver: Waiver, now: dt.datetime) -> Iterator[Collected]:
    """Bring the rows again that broke this rule alone, an amendment for each delivery."""
    found = open_records(city, waiver.resource)
    if found is None:
        return
    rows = found.filter(pl.col(RULES) == pl.lit([waiver.rule])).collect(engine="streaming")
    for record in deliveries.all_of(city.registry, waiver.resource):
        one = record.delivery
        mine = rows.filter(pl.col(DELIVERY) == one.id).sort(ROW)
        if mine.is_empty() or record.status is not Status.ACCEPTED or not waiver.covers(one):
            continue
        again = _again(city, waiver, one, mine, now=now)
        if again.status is Status.RECEIVED:
            yield settled(city, again.delivery, now)


def _again(
    city: City, waiver: Waiver, amended: Delivery, rows: pl.DataFrame, *, now: dt.datetime
) -> Record:
    """Archive refused rows as an amendment by the officer, and open it as a delivery."""
    staging = city.staging(f"delivery-waiver-{waiver.id}")
    path = staging / f"{amended.file_name}.waiver-{waiver.id}.csv"
    vocabulary = city.catalog.vocabulary
    back = returned(rows, city.entry(waiver.resource), vocabulary, file_name=amended.file_name)
    said = pl.lit(f"{waiver.officer} 豁免：{waiver.reason}").alias(REASONS.name)
    write(replace(back, rows=back.rows.with_columns(said)), path)
    stored = city.lake.archive.put(path)
    shutil.rmtree(staging)
    again = Delivery(
        id=delivery_id(waiver.resource, stored.digest),
        resource=waiver.resource,
        file_name=path.name,
        digest=stored.digest,
        size=stored.size,
        received_at=now,
        as_of=amended.as_of,
        amends=amended.id,
        waiver=waiver.id,
    )
    came = Arrival(
        resource=again.resource,
        file_name=again.file_name,
        outcome=ArrivalOutcome.COLLECTED,
        received_at=now,
        digest=again.digest,
        size=again.size,
        delivery_id=again.id,
        fingerprint=f"waiver:{again.id}",
    )
    with city.registry.write():
        arrivals.record_arrival(city.registry, came)
        return deliveries.open_delivery(city.registry, again, stem=path.stem)


def _event(waiver: Waiver) -> AuditEvent:
    until = waiver.valid_until.isoformat() if waiver.valid_until else None
    return AuditEvent(
        key=f"waiver:{waiver.id}",
        at=waiver.at,
        actor=waiver.officer,
        action="quarantine.waived",
        subject=f"raw.{waiver.resource}",
        detail={
            "rule": waiver.rule,
            "delivery": waiver.delivery_id,
            "from": waiver.valid_from.isoformat() if waiver.valid_from else None,
            "until": until,
            "reason": waiver.reason,
        },
    )
