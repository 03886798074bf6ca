"""Verify facts: what the registry says of a resource's deliveries, held against itself.

Each has an arrival, its account is that of its verdict, and it counts as all that arrived and was
judged makes it count. Keep out: rows and accounts in the lake (verify.py, recount.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingestion.delivery import Account, Status
from lake.errors import LakeError
from orchestration.city import City
from orchestration.flows.past import Past, judgements
from registry import arrivals, deliveries, verdicts
from registry.deliveries import Record
from registry.verdicts import Headline

Told = Iterator[tuple[str, str]]  # a file, and what is wrong with what is written down of it


def past_of(city: City) -> Past:
    """Tell the past to its end."""
    last = Past()
    for _, past in judgements(city.registry):
        last = past
    return last


def facts(city: City, name: str, records: Sequence[Record], past: Past) -> Told:
    """Say what is written down of finished deliveries and does not agree."""
    came = {one.delivery_id for one in arrivals.history(city.registry, resource=name)}
    given = {one.id: one for one in verdicts.headlines(city.registry, f"raw.{name}")}
    stand = {one.delivery.id for one in past.in_force(name)}
    counted = {one.delivery.id for one in deliveries.in_force(city.registry, name)}
    for record in records:
        one = record.delivery
        if one.id not in came:
            yield one.file_name, "no arrival of it is written down"
        for what in _judged(record, given):
            yield one.file_name, what
        if (one.id in counted) is not (one.id in stand):
            is_, should = (
                ("counts", "does not") if one.id in counted else ("does not count", "does")
            )
            yield one.file_name, f"{is_}, and by all that arrived and was judged it {should}"


def kept(city: City, name: str, records: Sequence[Record]) -> Told:
    """Read the archived bytes that no account tells of: strays, withdrawals, what waits."""
    known = {record.delivery.digest for record in records}
    for one in arrivals.history(city.registry, resource=name):
        if one.digest is None or one.digest in known:
            continue
        known.add(one.digest)
        try:
            if not city.lake.archive.verify(one.digest):
                yield one.file_name, "archived bytes have another digest"
        except (LakeError, OSError) as error:
            yield one.file_name, " ".join(str(error).split())[:300]


def _judged(record: Record, given: dict[int, Headline]) -> Iterator[str]:
    """Hold status and account of a delivery against the verdict that it ended with."""
    outcome = record.outcome
    if outcome is None:
        return
    if outcome.verdict_id is None:
        if record.status is not Status.REFUSED or outcome.account.records:
            yield f"is {record.status.value} without a verdict"
        return
    verdict = given.get(outcome.verdict_id)
    if verdict is None or verdict.delivery != record.delivery.id:
        yield f"its verdict {outcome.verdict_id} is gone"
        return
    if verdict.passed is not (record.status is Status.ACCEPTED):
        said = "passed" if verdict.passed else "did not pass"
        yield f"is {record.status.value}, and its verdict {said}"
    accepted = verdict.rows - verdict.quarantined - verdict.repeats
    if outcome.account != Account(verdict.rows, accepted, verdict.quarantined, verdict.repeats):
        yield f"the account is not that of its verdict: {outcome.account}"
