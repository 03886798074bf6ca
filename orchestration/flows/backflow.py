"""Backflow (回流): each district receives its own rows of a released table, with its account.

A release is crossed once: tables and packages are written first, the crossing and its audit
event last, and rows that no district owns are counted under their reason.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import polars as pl

from catalog.entry import Entry
from catalog.schema import CROSSING, polars_schema
from orchestration.city import City, day_of
from orchestration.flows.crossing import (
    Step,
    close,
    recipient_schema,
    recipient_table,
    record,
)
from orchestration.flows.pins import released_rows
from registry import crossings, releases, verdicts
from registry.crossings import CrossingStatus
from registry.releases import Released
from sharing.backflow import address, deal, routes, tally
from sharing.crossing import NOBODY, Crossing, crossing_id
from sharing.decision import Decision
from sharing.package import write_package

SUPERSEDED = "superseded"  # a later delivery says the same key anew: only the latest row crosses


@dataclass(frozen=True)
class Returned:
    """What flowed back of one table: rows by recipient, and rows withheld by reason."""

    name: str
    outcome: Literal["returned", "unchanged", "waiting", "refused"]
    message: str
    released: int = 0
    recipients: Mapping[str, int] = field(default_factory=dict)
    withheld: Mapping[str, int] = field(default_factory=dict)

    @property
    def balanced(self) -> bool:
        """Tell whether every released row is in exactly one place."""
        return self.released == sum(self.recipients.values()) + sum(self.withheld.values())

    @property
    def account(self) -> str:
        """Say the account in one line."""
        crossed, kept = sum(self.recipients.values()), dict(self.withheld)
        return (
            f"{self.released} released = {crossed} returned + {sum(kept.values())} withheld {kept}"
        )

    @property
    def step(self) -> str:
        """Return what was being done, for people."""
        return "回流"

    @property
    def is_trouble(self) -> bool:
        """Tell whether somebody should look at it."""
        return self.outcome == "refused"

    @property
    def line(self) -> str:
        """Say what happened in one line."""
        return f"backflow.{self.name}: {self.outcome}: {self.message}"


def undelivered(city: City, *, now: dt.datetime) -> tuple[str, ...]:
    """Return the tables whose current release has not flowed back completely.

    Refused for want of a grant, a district waits for one: then it gets its rows, late.
    """
    current = releases.all_released(city.registry)
    found = []
    for entry in city.catalog.entries.values():
        release = current.get((entry.zone, entry.name))
        if entry.backflow is None or release is None:
            continue
        if not _done(city, release) or _granted_since(city, entry, release, on=day_of(now)):
            found.append(entry.name)
    return tuple(found)


def backflow(city: City, name: str, *, now: dt.datetime) -> Returned:
    """Return the rows of a table's current release to the districts, once."""
    entry = city.entry(name)
    release = releases.released(city.registry, entry.zone, name)
    if release is None:
        return Returned(name, "waiting", "nothing released yet: nothing flows back")
    if _done(city, release) and not _granted_since(city, entry, release, on=day_of(now)):
        return _as_recorded(city, release)
    staging = city.staging(f"backflow-{name}")
    try:
        return _cross(city, entry, release, staging=staging, now=now)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _cross(
    city: City, entry: Entry, release: Released, *, staging: Path, now: dt.datetime
) -> Returned:
    by = entry.backflow.by if entry.backflow else ""
    ways = routes(city.catalog.vocabulary, on=day_of(now))
    addressed = address(released_rows(city, entry.name, staging), by, ways)
    counted = tally(addressed, ways)
    nobodys = dict(counted.withheld)
    if superseded := release.release.rows - counted.total:
        nobodys[SUPERSEDED] = superseded
    kept = verdicts.get(city.registry, release.release.verdict_id)
    had = _having(city, release) if _done(city, release) else set()
    for recipient, rows in deal(addressed, ways, staging / "dealt").items():
        step = Step(city, entry, release, kept, recipient, counted.rows[recipient])
        if recipient in had:
            continue
        decision = step.decide(day_of(now))
        if decision.allowed:
            crossing = _deliver(step, rows, staging=staging, decision=decision, now=now)
        else:
            crossing = step.crossing(decision, rows=0, withheld={decision.reason: step.rows})
        record(city.registry, crossing, decision, now=now)
    close(city.registry, release, nobodys, now=now)
    done = _as_recorded(city, release)
    if done.recipients:
        return replace(done, outcome="returned", message=done.account)
    if entry.backflow is not None and (purpose := entry.backflow.purpose) is not None:
        return replace(done, outcome="waiting", message=f"no district has a grant for {purpose}")
    return replace(done, outcome="refused", message=done.account)


def _deliver(
    step: Step, rows: pl.LazyFrame, *, staging: Path, decision: Decision, now: dt.datetime
) -> Crossing:
    """Write the recipient's table and package, and return the crossing they make."""
    schema = polars_schema(step.entry)
    own = rows.select(list(schema))
    path = staging / f"{step.recipient}.parquet"
    own.with_columns(pl.lit(step.id).alias(CROSSING)).sink_parquet(path)
    committed = step.city.lake.commit(
        "backflow",
        recipient_table(step.entry.name, step.recipient),
        [path] if step.rows else [],
        schema=recipient_schema(step.entry),
        action=step.id,
        metadata={"crossing": step.id, "source": f"{step.entry.zone}.{step.entry.name}"},
        mode="overwrite",
    )
    folder = step.city.settings.outbox / step.recipient / step.entry.name
    package = write_package(
        own, target=folder / str(step.release.sequence), manifest=step.manifest(now)
    )
    return step.crossing(
        decision,
        rows=step.rows,
        target_version=committed.version,
        package_digest=package.digest,
    )


def _having(city: City, release: Released) -> set[str]:
    """Return the districts that have their rows of a release."""
    return set(_as_recorded(city, release).recipients)


def _granted_since(city: City, entry: Entry, release: Released, *, on: dt.date) -> bool:
    """Tell whether a district without its rows has a grant for them now."""
    if entry.backflow is None or entry.backflow.purpose is None:
        return False
    kept = verdicts.get(city.registry, release.release.verdict_id)
    steps = (
        Step(city, entry, release, kept, one.code, 0)
        for one in city.catalog.vocabulary.recipients()
    )
    had = _having(city, release)
    return any(step.decide(on).allowed for step in steps if step.recipient not in had)


def _done(city: City, release: Released) -> bool:
    about = release.release
    nobody = crossing_id(
        "backflow", NOBODY, zone=about.zone, name=about.name, version=release.sequence
    )
    return crossings.find(city.registry, nobody) is not None


def _as_recorded(city: City, release: Released) -> Returned:
    about = release.release
    found = crossings.for_table(city.registry, about.zone, about.name, version=release.sequence)
    own = [each for each in found if each.crossing.kind == "backflow"]
    sent = {
        each.crossing.recipient: each.crossing.rows
        for each in own
        if each.status is CrossingStatus.DELIVERED and each.crossing.recipient != NOBODY
    }
    withheld = Counter[str]()
    for each in own:
        withheld.update(each.crossing.withheld)
    return Returned(
        about.name,
        "unchanged",
        "already returned",
        released=about.rows,
        recipients=sent,
        withheld=dict(withheld),
    )
