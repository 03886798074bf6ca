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
from lake.slices import At, slices_of
from orchestration.city import City, day_of
from orchestration.flows.crossing import (
    Step,
    close,
    granted_since,
    having,
    purpose_of,
    recipient_schema,
    recipient_table,
    record,
)
from orchestration.flows.pins import released_rows
from orchestration.flows.reflow import Since, replace_periods, routes_digest, since_last
from registry import crossings, releases, verdicts
from registry.crossings import CrossingStatus
from registry.releases import Released
from sharing.backflow import Tally, address, deal, routes, tally
from sharing.crossing import NOBODY, Crossing, crossing_id
from sharing.decision import Decision
from sharing.manifest import Periods
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
        if not _done(city, release) or granted_since(city, entry, release, on=day_of(now)):
            found.append(entry.name)
    return tuple(found)


def backflow(city: City, name: str, *, now: dt.datetime) -> Returned:
    """Return the rows of a table's current release to the districts, once."""
    entry = city.entry(name)
    release = releases.released(city.registry, entry.zone, name)
    if release is None:
        return Returned(name, "waiting", "nothing released yet: nothing flows back")
    if _done(city, release) and not granted_since(city, entry, release, on=day_of(now)):
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
    # Under grants some have the last release and some do not: then each gets the whole.
    since = None if purpose_of(entry) else since_last(city, entry, release, ways)
    if since is None:
        addressed = address(released_rows(city, entry.name, staging), by, ways)
        counted = tally(addressed, ways)
    else:
        at = At(entry.zone, entry.name, release.release.version)
        addressed = address(slices_of(city.lake, at, since.slices), by, ways)
        former = address(slices_of(city.lake, since.before, since.slices), by, ways)
        counted = _brought_up(since, tally(former, ways), tally(addressed, ways))
    nobodys = dict(counted.withheld)
    if superseded := release.release.rows - counted.total:
        nobodys[SUPERSEDED] = superseded
    kept = verdicts.get(city.registry, release.release.verdict_id)
    had = having(city, release) if _done(city, release) else set()
    route = {"routes": routes_digest(ways)}
    for recipient, rows in deal(addressed, ways, staging / "dealt").items():
        step = Step(city, entry, release, kept, recipient, counted.rows[recipient])
        if recipient in had:
            continue
        decision = step.decide(day_of(now))
        if decision.allowed:
            parcel = _Parcel(step, rows, staging / f"{recipient}.parquet", since, route)
            crossing = _deliver(parcel, decision=decision, now=now)
        else:
            crossing = step.crossing(decision, rows=0, withheld={decision.reason: step.rows})
        record(city.registry, crossing, decision, now=now)
    close(city.registry, release, nobodys, now=now)
    done = _as_recorded(city, release)
    extent = "" if since is None else f" ({since.slices.column}: {len(since.slices.values)} anew)"
    if done.recipients:
        return replace(done, outcome="returned", message=done.account + extent)
    if (purpose := purpose_of(entry)) is not None:
        return replace(done, outcome="waiting", message=f"no district has a grant for {purpose}")
    return replace(done, outcome="refused", message=done.account)


def _brought_up(since: Since, former: Tally, new: Tally) -> Tally:
    """Return the account of the whole: what it was, with what the changed periods have now."""
    before = {name: one.rows for name, one in since.last.items()}
    rows = {name: before[name] - former.rows[name] + count for name, count in new.rows.items()}
    withheld = Counter(since.last[NOBODY].withheld)
    withheld.subtract(former.withheld)
    withheld.update(new.withheld)
    return Tally(rows, {reason: count for reason, count in withheld.items() if count})


@dataclass(frozen=True)
class _Parcel:
    """Rows for one recipient: all that it is to have, or those of the periods that changed."""

    step: Step
    rows: pl.LazyFrame
    path: Path
    since: Since | None
    route: Mapping[str, str]


def _deliver(parcel: _Parcel, *, decision: Decision, now: dt.datetime) -> Crossing:
    """Write the recipient's table and package, and return the crossing they make."""
    step, since = parcel.step, parcel.since
    own = parcel.rows.select(list(polars_schema(step.entry)))
    said = {"crossing": step.id, "source": f"{step.entry.zone}.{step.entry.name}", **parcel.route}
    periods = None
    if since is None:
        version = _write_whole(parcel, own, said)
    else:
        version = replace_periods(step, own, since, path=parcel.path, metadata=said)
        values = tuple(str(value) for value in since.slices.values)
        periods = Periods(item=since.slices.column, values=values, since=since.release)
    folder = step.city.settings.outbox / step.recipient / step.entry.name
    package = write_package(
        own, target=folder / str(step.release.sequence), manifest=step.manifest(now, periods)
    )
    return step.crossing(
        decision, rows=step.rows, target_version=version, package_digest=package.digest
    )


def _write_whole(parcel: _Parcel, own: pl.LazyFrame, said: Mapping[str, str]) -> int:
    step = parcel.step
    own.with_columns(pl.lit(step.id).alias(CROSSING)).sink_parquet(parcel.path)
    return step.city.lake.commit(
        "backflow",
        recipient_table(step.entry.name, step.recipient),
        [parcel.path] if step.rows else [],
        schema=recipient_schema(step.entry),
        action=step.id,
        metadata=said,
        mode="overwrite",
    ).version


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
