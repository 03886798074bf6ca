"""Remake: every delivery read from the archive and judged again, by what was known at its time.

The rows lie in Parquet files aside; nothing of the lake or the registry is touched.
Keep out: comparing and storing them (rebuild.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from ingestion.delivery import Account, DeliveryRefused, Status
from lake.errors import LakeError
from orchestration.city import City
from orchestration.flows.amend import Beside
from orchestration.flows.aside import Aside, Difference
from orchestration.flows.basis import Bases
from orchestration.flows.known_then import answered_then, known_then, standing_then
from orchestration.flows.lookback import measured
from orchestration.flows.past import Past, judgements
from orchestration.flows.settle import judge
from orchestration.flows.turn import earlier
from quality.verdict import Split, Verdict
from registry import waivers
from registry.deliveries import Record


def remake(city: City, names: Collection[str], folder: Path) -> Aside:
    """Judge all finished deliveries of some resources again, in their order."""
    aside = Aside(folder, Bases(city))
    for name in names:
        aside.raw[name], aside.quarantine[name] = {}, {}
    for record, past in judgements(city.registry):
        one = record.delivery
        if one.resource in names:
            for problem in _again(city, aside, record, past):
                aside.differences.append(Difference(one.resource, one.id, one.file_name, problem))
    return aside


def _again(city: City, aside: Aside, record: Record, past: Past) -> Iterator[str]:
    """Judge one delivery again and keep its rows; say what is not as its account says."""
    one = record.delivery
    by = aside.bases.of(one)
    if by is None:
        yield "its catalog entry is gone and was not kept: its rows cannot be made again"
        return
    staging = city.staging(f"rebuild-{one.id}")
    try:
        before = earlier(by.entry, record, past.in_force(one.resource))
        by = replace(by, history=measured(city, by.entry, before))
        beside = Beside(
            known_then(city, aside, record, past, entry=by.entry, before=before),
            waivers.waived(city.registry, one, at=record.finished_at or one.received_at),
            standing_then(city, aside, record, past),
            answered_then(aside, record, past),
        )
        verdict, split = judge(city, one, by, beside, staging=staging)
        aside.raw[one.resource][one.id] = aside.keep("raw", one, split.files(staging))
        refused = aside.keep("quarantine", one, split.quarantined)
        aside.quarantine[one.resource][one.id] = refused
        yield from _disagreement(record, verdict, split)
    except DeliveryRefused as refusal:
        if record.outcome is None or record.outcome.verdict_id is not None:
            yield f"was read, and cannot be read now: {refusal.kind}: {refusal}"
    except LakeError as error:
        yield str(error)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _disagreement(record: Record, verdict: Verdict, split: Split) -> Iterator[str]:
    unjudged = [rule.error for rule in verdict.rules if rule.error]
    if unjudged:
        yield f"cannot be judged again: {unjudged[0]}"
        return
    account = Account(split.records, split.accepted_rows, split.quarantined_rows, split.repeats)
    status = Status.ACCEPTED if verdict.passed else Status.REFUSED
    if record.outcome is not None and account != record.outcome.account:
        yield f"the account says {_said(record.outcome.account)}, the archive {_said(account)}"
    elif status is not record.status:
        yield f"was {record.status.value}, and is {status.value} now: {verdict.reason}"


def _said(account: Account) -> str:
    return (
        f"{account.records} = {account.accepted} accepted + {account.quarantined} quarantined "
        f"+ {account.repeats} repeats"
    )
