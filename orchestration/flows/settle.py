"""Settle one delivery: read its archived bytes, gate the rows, commit them, close its account.

Every step can be run again: reading is deterministic and both commits carry the delivery's id.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.schema import quarantine_schema, raw_schema
from ingestion.candidate import Candidate
from ingestion.delivery import Account, Delivery, DeliveryRefused, Status
from orchestration.city import City, day_of
from orchestration.flows import ahead, basis
from orchestration.flows.amend import Beside, circumstances, open_amendment, standing
from orchestration.flows.answered import leave_answered
from orchestration.flows.basis import Basis
from orchestration.flows.commit_rows import commit_rows
from orchestration.flows.drifted import DRIFT, drift_notes, with_proposal
from orchestration.flows.lookback import lookback
from orchestration.flows.standing import stir, supersede
from quality.gate import gate_delivery
from quality.verdict import Split, Verdict
from registry import deliveries, verdicts, waivers
from registry.belonging import holding
from registry.deliveries import Outcome, Record
from registry.error import RegistryError

SMALL = 1 << 20  # bytes of a delivery that costs more to settle than to judge
ELSEWHERE = "another process collected it at the same time: counted, not stored twice"


@dataclass(frozen=True)
class Settled:
    """How a delivery ended: accepted, refused, or held until it can be judged."""

    status: Status
    message: str
    account: Account
    verdict: Verdict | None
    elsewhere: bool = False  # another process settled it at the same time


@dataclass(frozen=True)
class Judged:
    """What the gate said of a delivery, and the files of its rows: nothing of it is stored yet."""

    delivery: Delivery
    verdict: Verdict
    split: Split
    notes: tuple[str, ...]


def settle(city: City, delivery: Delivery, *, now: dt.datetime) -> Settled:
    """Read, gate and commit one delivery, and close its account in the registry.

    Of several processes that would, one does, whichever homes and machines they are of.
    """
    with holding(city.registry, delivery.resource):
        return elsewhere(city, delivery) or _settle(city, delivery, now)


def elsewhere(city: City, delivery: Delivery) -> Settled | None:
    """Return how another process settled a delivery, just before the resource was ours."""
    other = deliveries.find(city.registry, delivery.id)
    if other is None or other.outcome is None:
        return None
    return Settled(other.status, ELSEWHERE, other.outcome.account, None, elsewhere=True)


def _settle(city: City, delivery: Delivery, now: dt.datetime) -> Settled:
    record = deliveries.find(city.registry, delivery.id)
    if record is None:
        raise RegistryError(f"delivery {delivery.id} is unknown: open it first")
    staging = city.staging(f"delivery-{delivery.id}")
    beside = beside_now(city, record, city.entry(delivery.resource), at=now)
    try:
        found = examine(city, delivery, beside, staging=staging, now=now)
        if isinstance(found, Settled):
            return found
        return close(city, found, _store(city, found, staging), now=now)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def examine(
    city: City, delivery: Delivery, beside: Beside, *, staging: Path, now: dt.datetime
) -> Judged | Settled:
    """Read and gate one delivery; one that cannot be read is refused, one not judged is held."""
    by = replace(basis.present(city, delivery.resource), history=beside.history)
    try:
        rows, (verdict, split) = _read_soundly(city, delivery, by, beside, staging=staging)
    except DeliveryRefused as refusal:
        told = refusal if beside.standing else with_proposal(city, delivery, refusal, staging)
        return _refuse(city, delivery, told, now)
    if any(rule.error for rule in verdict.rules):
        return _hold(verdict, split)
    notes = (*rows.notes, *drift_notes(city, by.entry, rows, verdict))
    return Judged(delivery, verdict, split, notes)


def _read_soundly(
    city: City, delivery: Delivery, by: Basis, beside: Beside, *, staging: Path
) -> tuple[Candidate, tuple[Verdict, Split]]:
    """Read and gate a delivery from bytes that were those of the archive until the end."""
    try:
        rows = open_candidate(city, delivery, by, beside, staging=staging)
        said = gate(delivery, rows, by, beside, staging=staging)
    except DeliveryRefused:
        if city.lake.archive.sound(delivery.digest):
            raise
    else:
        if city.lake.archive.sound(delivery.digest):
            return rows, said
    return _read_soundly(city, delivery, by, beside, staging=staging)


def judge(
    city: City, delivery: Delivery, by: Basis, beside: Beside, *, staging: Path
) -> tuple[Verdict, Split]:
    """Read the archived bytes of a delivery and gate its rows; nothing is stored."""
    rows = open_candidate(city, delivery, by, beside, staging=staging)
    return gate(delivery, rows, by, beside, staging=staging)


def open_candidate(
    city: City, delivery: Delivery, by: Basis, beside: Beside, *, staging: Path
) -> Candidate:
    """Read the archived bytes of a delivery, or of what amends one."""
    path = city.lake.archive.fetch(delivery.digest, staging)
    if beside.standing is not None:
        name = delivery.file_name
        return open_amendment(by.entry, path, beside.standing, file_name=name, staging=staging)
    return ahead.candidate(city, by.entry, path, file_name=delivery.file_name, scratch=staging)


def gate(
    delivery: Delivery,
    candidate: Candidate,
    by: Basis,
    beside: Beside,
    *,
    staging: Path,
) -> tuple[Verdict, Split]:
    """Judge what was read of a delivery."""
    verdict, split = gate_delivery(
        candidate.frame,
        candidate.malformed,
        by.entry,
        records=candidate.records,
        provenance=delivery.id,
        references=beside.references,
        vocabulary=by.vocabulary,
        staging=staging,
        today=day_of(delivery.received_at),
        about=replace(circumstances(beside), small=delivery.size <= SMALL),
        history=by.history,
    )
    if beside.stays is None:
        return verdict, split
    return leave_answered(verdict, split, beside.stays, staging=staging)


def beside_now(
    city: City, record: Record, entry: Entry, *, at: dt.datetime, stays: pl.LazyFrame | None = None
) -> Beside:
    """Return what a delivery is judged by now beside its bytes and its entry."""
    references, history = lookback(city, entry, record)
    found = besides(city, record.delivery, references, now=at)
    return replace(found, stays=stays, history=history)


def besides(
    city: City, delivery: Delivery, references: Mapping[str, pl.LazyFrame], *, now: dt.datetime
) -> Beside:
    """Return what a delivery is judged by beside its bytes and its entry, references given."""
    waived = waivers.waived(city.registry, delivery, at=now)
    return Beside(references, waived, standing(city, delivery))


def _refuse(city: City, delivery: Delivery, refusal: DeliveryRefused, now: dt.datetime) -> Settled:
    account = Account(0, 0, 0, 0)
    outcome = Outcome(Status.REFUSED, account, reason=f"{refusal.kind}: {refusal}")
    with city.registry.write():
        basis.keep(city, delivery, now=now)
        deliveries.close_delivery(city.registry, delivery.id, outcome, at=now)
    return Settled(Status.REFUSED, f"{refusal.kind}: {refusal}", account, None)


def _hold(verdict: Verdict, split: Split) -> Settled:
    errors = "; ".join(f"{rule.rule}: {rule.error}" for rule in verdict.rules if rule.error)
    account = Account(split.records, 0, 0, 0)
    return Settled(Status.RECEIVED, f"held, not judged yet: {errors}", account, verdict)


def close(city: City, found: Judged, versions: tuple[int, int], *, now: dt.datetime) -> Settled:
    """Close the account of a delivery whose rows stand in these versions of raw and quarantine."""
    delivery, verdict, split, notes = found.delivery, found.verdict, found.split, found.notes
    judged = () if verdict.passed else (verdict.reason,)
    said = "; ".join((verdict.reason, *(note for note in notes if note.startswith(DRIFT))))
    account = Account(split.records, split.accepted_rows, split.quarantined_rows, split.repeats)
    status = Status.ACCEPTED if verdict.passed else Status.REFUSED
    with city.registry.write():
        outcome = Outcome(
            status,
            account,
            reason="; ".join((*judged, *notes)) or None,
            raw_version=versions[0],
            quarantine_version=versions[1],
            verdict_id=verdicts.keep(city.registry, verdict, delivery=delivery.id, at=now),
        )
        basis.keep(city, delivery, now=now)
        deliveries.close_delivery(city.registry, delivery.id, outcome, at=now)
        if status is Status.ACCEPTED:
            supersede(city, delivery, now)
            stir(city, delivery)
    return Settled(status, said, account, verdict)


def _store(city: City, found: Judged, staging: Path) -> tuple[int, int]:
    """Commit accepted and refused rows; return the versions in which they are."""
    delivery, split = found.delivery, found.split
    entry = city.entry(delivery.resource)
    return (
        commit_rows(city, "raw", delivery, split.files(staging), schema=raw_schema(entry)),
        commit_rows(
            city, "quarantine", delivery, split.quarantined, schema=quarantine_schema(entry)
        ),
    )
