"""Identity: tables of links and of entities made from released tables, and what people decide.

Keep out: how rows are linked (linkage), gate and release (build.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Any, Literal

from catalog.entry import Entry
from catalog.linkage import Linkage
from catalog.schema import model_schema
from lake.errors import LakeError
from linkage.error import LinkageError
from linkage.outcome import Decision
from orchestration.city import City, day_of
from orchestration.flows.ask import ask
from orchestration.flows.pins import pins
from orchestration.flows.warehouse import Ran, Task
from orchestration.memory import memory_limit
from registry import audit, decisions
from registry.decisions import Decided
from registry.error import RegistryError
from sharing.audit import AuditEvent

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection


def decided_so_far(city: City, name: str) -> str:
    """Return a digest of what people decided about a table, to tell whether it is out of date."""
    text = json.dumps(
        [(d.one, d.other, d.verdict) for d in decisions.standing(city.registry, name)]
    )
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def link_table(city: City, task: Task, *, now: dt.datetime) -> Ran:
    """Make one table of links or entities and commit it; the version is not released."""
    import duckdb

    from lake.engine import session

    entry = city.entry(task.name)
    staging = city.staging(f"linkage-{entry.name}")
    out = staging / "rows.parquet"
    names = {name for _, name in entry.linkage.tables()} if entry.linkage is not None else set()
    pinned = pins(city, sorted({*names, entry.name}))
    try:
        with session(city.lake, pinned, memory=memory_limit()) as connection:
            _link(connection, city, entry, out=out, now=now)
        done = city.lake.commit(
            entry.zone, entry.name, [out],
            schema=model_schema(entry),
            action=f"{task.build}:{entry.zone}.{entry.name}",
            metadata={
                "build": task.build,
                "inputs": task.inputs,
                "model": f"linkage.{entry.name}",
                "versions": json.dumps({f"{p.zone}.{p.name}": p.version for p in pinned}),
            },
            mode="overwrite",
            required=[item.name for item in entry.items if item.key or item.required],
        )  # fmt: skip
    except (LinkageError, LakeError) as error:
        return Ran(None, str(error))
    except duckdb.Error as error:  # its message may hold a value of a row
        return Ran(None, f"{entry.name}: linking failed: {type(error).__name__}")
    return Ran(done.version, None)


def _link(
    connection: DuckDBPyConnection, city: City, entry: Entry, *, out: Path, now: dt.datetime
) -> None:
    from linkage.entities import assign
    from linkage.outcome import link

    known = [
        Decision(each.one, each.other, each.verdict)
        for each in decisions.standing(city.registry, entry.name)
        if each.verdict != "open"
    ]
    words = entry.linkage
    if isinstance(words, Linkage):
        link(connection, words, decisions=known, out=out)
    elif words is not None:
        today = day_of(now)
        assign(connection, words, table=entry.name, today=today, decisions=known, out=out)


def waiting(city: City, table: str) -> list[dict[str, Any]]:
    """Return the released pairs that wait for a decision, likeliest first."""
    entry = city.catalog.entries.get(table)
    words = None if entry is None else entry.linkage
    if not isinstance(words, Linkage):
        raise RegistryError(f"{table}: is no table of links, so no pair of it waits")
    shown = ", ".join(
        f"{side}.{item} as {side}_{item}"
        for item in ("name", "address_code")
        for side in ("claim", "record")
    )
    sql = (
        f"select link.claim, link.nth, link.record, link.score, {shown} "
        f"from base.{table} as link "
        f"join base.{words.left} as claim on link.claim = claim.claim "
        f"join base.{words.right} as record on link.record = record.record "
        "where link.outcome = 'review' order by link.score desc, link.claim, link.nth"
    )
    return ask(city, sql).rows


def decide(  # noqa: PLR0913 - one act, by keyword
    city: City,
    table: str,
    one: str,
    other: str,
    *,
    verdict: Literal["same", "different", "open"],
    by: str,
    reason: str,
    now: dt.datetime,
) -> Decided:
    """Write down that two rows are the same or not; keys are kept as digests only."""
    entry = city.catalog.entries.get(table)
    if entry is None or entry.linkage is None:
        known = sorted(e.name for e in city.catalog.models() if e.linkage is not None)
        raise RegistryError(f"{table}: is no table of links; decide in one of {', '.join(known)}")
    for word, said in (("by", by), ("reason", reason)):
        if not said.strip():
            what = "nobody is named" if word == "by" else "nothing is said"
            raise RegistryError(f"{word}: {what}: a decision needs its officer and its reason")
    digests = [hashlib.sha256(key.encode()).hexdigest() for key in (one, other)]
    if not isinstance(entry.linkage, Linkage):
        digests.sort()
    decided = Decided(table, digests[0], digests[1], verdict, by, reason, now)
    with city.registry.write():
        decisions.decide(city.registry, decided)
        audit.append(
            city.registry,
            AuditEvent(
                key=f"identity:{table}:{digests[0]}:{digests[1]}:{now.isoformat()}",
                at=now,
                actor=by,
                action=f"identity.{verdict}",
                subject=f"{entry.zone}.{table}",
                detail={"one": digests[0], "other": digests[1], "reason": reason},
            ),
        )
    return decided
