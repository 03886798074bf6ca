"""Judge again: a late delivery, or one taken back, ends where a punctual one would have ended.

What was judged by the rows of a stirred delivery is judged again in the order of places in
time, until nothing changes. Keep out: which deliveries those are (depends.py).
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingestion.delivery import Account, Delivery, DeliveryRefused, Status
from orchestration.city import City
from orchestration.flows.answered import answered_now
from orchestration.flows.basis import Bases
from orchestration.flows.commit_rows import follow, same_rows
from orchestration.flows.depends import depending
from orchestration.flows.pins import pin
from orchestration.flows.settle import beside_now, judge
from orchestration.flows.standing import stir, supersede
from orchestration.flows.turn import by_id, turn
from orchestration.graph import collection_order
from quality.verdict import RuleResult, Split, Verdict
from registry import audit, deliveries, judgements, verdicts
from registry.belonging import holding
from registry.deliveries import Outcome, Record
from registry.judgements import Stirred
from sharing.audit import AuditEvent

ACTOR, ACTION = "citylake", "delivery.judged_again"


@dataclass(frozen=True)
class Rejudged:
    """A delivery whose verdict or rows are others now, and for the sake of which ones."""

    before: Record
    after: Record
    verdict: Verdict
    causes: tuple[str, ...]

    @property
    def message(self) -> str:
        """Say what changed in one line."""
        was, now = (_account(record) for record in (self.before, self.after))
        states = " → ".join(dict.fromkeys(r.status.value for r in (self.before, self.after)))
        rows = f"accepted {was.accepted} → {now.accepted}, quarantined {was.quarantined} → "
        return f"{states}: {rows}{now.quarantined}, since other deliveries count than before"


def judge_stirred(city: City, *, now: dt.datetime) -> Iterator[Rejudged]:
    """Judge again what depends on stirred deliveries, and on what changes by that."""
    seen: dict[str, int] = {}  # by delivery: the last that had been stirred when it was judged
    while pending := judgements.stirred(city.registry):
        for record, causes in _due(city, pending, seen):
            one = record.delivery
            seen[one.id] = max(each.number for each in judgements.stirred(city.registry))
            done = judge_again(city, one, causes, now=now)
            if done is not None:
                yield done
        judgements.calm(city.registry, [one.number for one in pending])


def _due(
    city: City, pending: Iterable[Stirred], seen: Mapping[str, int]
) -> list[tuple[Record, tuple[str, ...]]]:
    """Return what is to be judged again: tables that others refer to first, then by place."""
    by_resource: defaultdict[str, list[Stirred]] = defaultdict(list)
    causes: defaultdict[str, dict[str, None]] = defaultdict(dict)
    found: dict[str, Record] = {}
    for one in pending:
        by_resource[one.resource].append(one)
    for resource, every in by_resource.items():
        for record, stirring in depending(city, resource, every):
            new = [one for one in stirring if one.number > seen.get(record.delivery.id, 0)]
            if new:
                found[record.delivery.id] = record
                causes[record.delivery.id].update(dict.fromkeys(one.delivery for one in new))
    return [(record, tuple(causes[record.delivery.id])) for record in _in_order(city, found)]


def _in_order(city: City, found: Mapping[str, Record]) -> Iterator[Record]:
    names = {record.delivery.resource for record in found.values()}
    for name in collection_order(city.catalog, names):
        entry, known = city.entry(name), by_id(deliveries.all_of(city.registry, name))
        mine = [record for record in found.values() if record.delivery.resource == name]
        yield from sorted(mine, key=lambda r: (turn(entry, r, known), r.sequence))


def judge_again(
    city: City, one: Delivery, causes: Sequence[str], *, now: dt.datetime
) -> Rejudged | None:
    """Judge a delivery by what stands now; None where it stays as it was judged."""
    with holding(city.registry, one.resource):
        record = deliveries.find(city.registry, one.id)
        by = Bases(city).of(one)
        if record is None or by is None or record.finished_at is None:
            return None
        counted = deliveries.in_force(city.registry, one.resource)
        stays = answered_now(city, record, counted)
        beside = beside_now(city, record, by.entry, at=record.finished_at, stays=stays)
        staging = city.staging(f"delivery-{one.id}")
        try:
            by = replace(by, history=beside.history)
            verdict, split = judge(city, one, by, beside, staging=staging)
            split = replace(split, accepted=split.files(staging), kept=None)
            if any(rule.error for rule in verdict.rules):
                return None  # the table that it refers to has no row any more
            return _changed(city, record, verdict, split, causes=causes, now=now)
        except DeliveryRefused:
            return None
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def _changed(
    city: City,
    record: Record,
    verdict: Verdict,
    split: Split,
    *,
    causes: Sequence[str],
    now: dt.datetime,
) -> Rejudged | None:
    """Let rows and account follow a new judgement; None where it says what stands already."""
    before = record.outcome
    assert before is not None
    one = record.delivery
    # Its rows change before its account does: whoever comes after a kill in between knows by this.
    mark = judgements.stir(city.registry, one.id, one.resource, itself=True)
    versions = _follow(city, record, split)
    account = Account(split.records, split.accepted_rows, split.quarantined_rows, split.repeats)
    status = Status.ACCEPTED if verdict.passed else Status.REFUSED
    kept = verdicts.get(city.registry, before.verdict_id or 0)
    same = kept is not None and _blamed(kept.verdict.rules) == _blamed(verdict.rules)
    if same and not versions and (before.status, before.account) == (status, account):
        judgements.calm(city.registry, [mark])
        return None
    notes = [] if before.reason is None else before.reason.split("; ")
    reason = "; ".join(_reasons(record, notes, verdict)) or None
    outcome = replace(
        before,
        status=status,
        account=account,
        reason=reason,
        raw_version=city.lake.version("raw", one.resource),
        quarantine_version=city.lake.version("quarantine", one.resource),
    )
    with city.registry.write():
        judgements.calm(city.registry, [mark])
        _write(city, record, outcome, verdict, causes=causes, now=now)
        after = deliveries.find(city.registry, record.delivery.id)
        assert after is not None
        return Rejudged(record, after, verdict, tuple(causes))


def _reasons(record: Record, notes: Sequence[str], verdict: Verdict) -> list[str]:
    """Return why a delivery is refused now, and what was noted when it was read."""
    noted = notes[1:] if record.status is Status.REFUSED else notes
    return [*([] if verdict.passed else [verdict.reason]), *noted]


def _write(
    city: City,
    record: Record,
    outcome: Outcome,
    verdict: Verdict,
    *,
    causes: Sequence[str],
    now: dt.datetime,
) -> None:
    """Write down verdict, account and trace, and what this stirs in turn."""
    one = record.delivery
    number = verdicts.keep(city.registry, verdict, delivery=one.id, at=now)
    outcome = replace(outcome, verdict_id=number)
    judgements.rejudge(city.registry, record, outcome, causes=causes, at=now)
    audit.append(city.registry, _event(record, outcome, causes, now=now))
    if Status.ACCEPTED in (record.status, outcome.status):
        stir(city, one)
    if record.status is not outcome.status:
        supersede(city, one, now)


def _event(
    record: Record, outcome: Outcome, causes: Sequence[str], *, now: dt.datetime
) -> AuditEvent:
    before = record.outcome
    assert before is not None
    return AuditEvent(
        key=f"judged_again:{record.delivery.id}:{outcome.verdict_id}",
        at=now,
        actor=ACTOR,
        action=ACTION,
        subject=f"raw.{record.delivery.resource}",
        detail={
            "delivery": record.delivery.id,
            "file": record.delivery.file_name,
            "causes": list(causes),
            "before": {"verdict": before.verdict_id, **vars(before.account)},
            "after": {"verdict": outcome.verdict_id, **vars(outcome.account)},
        },
    )


def _follow(city: City, record: Record, split: Split) -> dict[str, int]:
    """Let the stored rows be those of the last judgement; return the versions to be read now."""
    one = record.delivery
    shown = pin(city, one.resource).version if record.in_force else None
    is_shown = shown is None or same_rows(city, "raw", one, split.accepted, version=shown)
    raw = follow(city, "raw", one, split.accepted)
    if raw is None and not is_shown:  # a killed process had stored them already
        raw = city.lake.version("raw", one.resource)
    quarantine = follow(city, "quarantine", one, split.quarantined)
    found = {"raw": raw, "quarantine": quarantine}
    return {zone: version for zone, version in found.items() if version is not None}


def _blamed(rules: Iterable[RuleResult]) -> list[tuple[str, int, bool]]:
    """Return what refused how many rows, and what failed."""
    return [(r.rule, r.failed, r.passed) for r in rules if r.severity != "warn"]


def _account(record: Record) -> Account:
    return Account(0, 0, 0, 0) if record.outcome is None else record.outcome.account
