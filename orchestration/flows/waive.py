"""Waive (豁免): rows that break one rule alone are accepted, since a named officer answers for it.

Refused rows come again as they were, in an amendment of the officer's, judged without the rule;
deliveries of the period are judged so from now on. Keep out: judging (amend.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl

from catalog.amendment import REASONS
from catalog.schema import DELIVERY, ROW, RULES
from ingestion.delivery import Delivery, Status, delivery_id
from orchestration.city import City, day_of
from orchestration.flows.collect import again, settled
from orchestration.flows.collected import Collected
from orchestration.flows.mending import open_records
from orchestration.flows.plea import Plea, check_plea
from orchestration.flows.release import release_raw
from orchestration.flows.supervise import supervise
from quality.returned import returned, write
from registry import arrivals, audit, deliveries, waivers
from registry.arrivals import Arrival, ArrivalOutcome
from registry.deliveries import Record
from registry.error import RegistryError
from registry.waivers import Waiver
from sharing.audit import AuditEvent


def waive(city: City, plea: Plea, *, now: dt.datetime) -> tuple[Waiver, tuple[Collected, ...]]:
    """Waive a rule with an audit event, and accept what was refused by it alone."""
    check_plea(city, plea, now=now)
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
            if waiver.revoked_at is not None:
                day = waiver.revoked_at.date()
                raise RegistryError(
                    f"{plea.resource}: this very waiver was revoked on {day}: "
                    "what has changed since belongs into --reason"
                )
            audit.append(city.registry, _event(waiver))
        done = (*_accept(city, waiver, now), *again(city, now=now))
        release_raw(city, plea.resource, now=now)
        supervise(city, now=now)
    return waiver, done


def every_waiver(city: City) -> list[dict[str, Any]]:
    """Return the waivers of every resource: rule, scope, who answers for it, and since when."""
    return [
        {
            "resource": one.resource,
            "rule": one.rule,
            "delivery": one.delivery_id,
            "from": one.valid_from,
            "until": one.valid_until,
            "officer": one.officer,
            "reason": one.reason,
            "state": "in_force" if one.revoked_at is None else f"revoked {day_of(one.revoked_at)}",
            "waiver": one.id,
        }
        for entry in city.catalog.sources()
        for one in waivers.of_resource(city.registry, entry.name)
    ]


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
