"""Deliveries judged again: which stir others, and the accounts that gave way to later ones.

What a delivery stirs is written down with the act that stirs it, and stays until all that
depends on it was looked at; so a kill in between loses nothing. Keep out: judging (flows).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from ingestion.delivery import Account, Status
from registry import repeats
from registry.deliveries import Outcome, Record
from registry.judgement_tables import BEFORE, judged_again
from registry.judgement_tables import stirred as waiting
from registry.schema import Registry
from registry.tables import arrivals, deliveries
from registry.tables import verdicts as given


@dataclass(frozen=True)
class Stirred:
    """A delivery whose rows count otherwise than before: others may have to be judged again."""

    number: int
    delivery: str
    resource: str
    itself: bool  # it counts again, and may have been judged by what was known long ago
    verdicts: int  # number of the last verdict given before: later ones have seen it


@dataclass(frozen=True)
class Again:
    """One judgement that took the place of another, with the outcome that it took it of."""

    verdict: int
    delivery: str
    causes: tuple[str, ...]  # deliveries that it was judged again for
    arrivals: int  # that had been written down by then
    before: Outcome
    at: dt.datetime


def stir(registry: Registry, delivery: str, resource: str, *, itself: bool = False) -> int:
    """Write down that a delivery's rows count otherwise than before; return the line's number."""
    with registry.write() as connection:
        last = connection.execute(sa.select(sa.func.max(given.c.id))).scalar() or 0
        values = {
            "delivery_id": delivery,
            "resource": resource,
            "itself": itself,
            "verdicts": last,
        }
        query = sa.insert(waiting).values(values).returning(waiting.c.number)
        return int(connection.execute(query).scalar_one())


def stirred(registry: Registry) -> tuple[Stirred, ...]:
    """Return what has been stirred and not been followed up yet, the oldest first."""
    with registry.read() as connection:
        rows = connection.execute(sa.select(waiting).order_by(waiting.c.number)).all()
    return tuple(
        Stirred(row.number, row.delivery_id, row.resource, row.itself, row.verdicts) for row in rows
    )


def calm(registry: Registry, numbers: Collection[int]) -> None:
    """Forget what has been followed up."""
    with registry.write() as connection:
        connection.execute(sa.delete(waiting).where(waiting.c.number.in_(numbers)))


def rejudge(
    registry: Registry,
    record: Record,
    outcome: Outcome,
    *,
    causes: Sequence[str],
    at: dt.datetime,
) -> None:
    """Let another outcome take the place of a delivery's, and keep the one that gives way."""
    before = record.outcome
    assert before is not None
    assert before.verdict_id is not None
    with registry.write() as connection:
        came = connection.execute(sa.select(sa.func.count()).select_from(arrivals)).scalar_one()
        values: dict[str, Any] = {
            "verdict_id": outcome.verdict_id,
            "delivery_id": record.delivery.id,
            "causes": ",".join(causes),
            "arrivals": came,
            "verdict_before": before.verdict_id,
            "status_before": before.status.value,
            **{f"{name}_before": getattr(before.account, name) for name in BEFORE},
            "at": at,
        }
        connection.execute(sa.insert(judged_again).values(values))
        now = {**asdict(outcome), **asdict(outcome.account), "status": outcome.status.value}
        del now["account"]
        repeats.forget(registry, record.delivery.id)
        mine = deliveries.c.id == record.delivery.id
        connection.execute(sa.update(deliveries).where(mine).values(now))


def history(registry: Registry) -> dict[str, list[Again]]:
    """Return every judgement that took the place of another, by delivery, the oldest first."""
    found: defaultdict[str, list[Again]] = defaultdict(list)
    with registry.read() as connection:
        query = sa.select(judged_again).order_by(judged_again.c.verdict_id)
        for row in connection.execute(query):
            found[row.delivery_id].append(_again(row))
    return dict(found)


def last_again(registry: Registry) -> dict[str, int]:
    """Return the number of the last verdict on each delivery that was judged again."""
    number = sa.func.max(judged_again.c.verdict_id).label("number")
    query = sa.select(judged_again.c.delivery_id, number).group_by(judged_again.c.delivery_id)
    with registry.read() as connection:
        return {row.delivery_id: int(row.number) for row in connection.execute(query)}


def _again(row: sa.Row[Any]) -> Again:
    account = Account(*(getattr(row, f"{name}_before") for name in BEFORE))
    status = Status(row.status_before)
    return Again(
        verdict=row.verdict_id,
        delivery=row.delivery_id,
        causes=tuple(row.causes.split(",")),
        arrivals=row.arrivals,
        before=Outcome(status, account, verdict_id=row.verdict_before),
        at=row.at,
    )
