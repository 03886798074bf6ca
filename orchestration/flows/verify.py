"""Verify: recompute every account from stored bytes and tables, and say what does not hold.

Keep out: how a delivery (recount.py) or a crossing (recross.py) is worked out anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from catalog.entry import Entry
from catalog.schema import DELIVERY
from ingestion.delivery import Account, Delivery, DeliveryRefused
from lake.damage import damage
from lake.errors import LakeError
from orchestration.city import City
from orchestration.flows.basis import Bases
from orchestration.flows.recount import Marks, Recount, batches, marks, recount
from orchestration.flows.recross import recross
from orchestration.flows.verify_facts import facts, kept, past_of
from registry import arrivals, audit, deliveries, releases
from registry.deliveries import Record
from registry.error import RegistryError
from registry.releases import Released

AT_ONCE = 20_000_000  # rows whose numbers and hashes are held at once: 0.5 GB
Problem = dict[str, Any]
Counts = dict[str, int]


@dataclass(frozen=True)
class Verified:
    """What was recomputed, and every account that does not hold."""

    checked: dict[str, int]
    problems: list[Problem]

    @property
    def ok(self) -> bool:
        """Tell whether every account holds."""
        return not self.problems


def verify_lake(city: City, *, with_bytes: bool = True) -> Verified:
    """Recompute the accounts of deliveries, releases and crossings, and the audit chain."""
    problems: list[Problem] = []
    checked = {"deliveries": 0, "releases": 0, "crossings": 0, "audit events": 0}
    past = past_of(city)
    for name in _collected(city):
        records = [r for r in deliveries.all_of(city.registry, name) if r.outcome is not None]
        checked["deliveries"] += len(records)
        whole = [r for r in records if not _is_lost(r)]
        problems += [
            _problem(name, r.delivery.file_name, "its account is lost")
            for r in records
            if _is_lost(r)
        ]
        problems += _deliveries(city, name, whole, with_bytes=with_bytes)
        problems += [_problem(name, file, what) for file, what in facts(city, name, records, past)]
        if with_bytes:
            problems += [_problem(name, file, what) for file, what in kept(city, name, records)]
    problems += _strays(city) if with_bytes else ()
    for released in releases.all_released(city.registry).values():
        table = f"{released.release.zone}.{released.release.name}"
        problems += [_problem(table, "release", what) for what in _release(city, released)]
        count, found = recross(city, released)
        checked["releases"] += 1
        checked["crossings"] += count
        problems += [_problem(table, subject, what) for subject, what in found]
    chain = audit.verify(city.registry)
    checked["audit events"] = chain.events
    if not chain.ok:
        problems.append(_problem("audit", "chain", chain.problem or "broken"))
    return Verified(checked, problems)


def _collected(city: City) -> list[str]:
    known = {entry.name for entry in city.catalog.sources()}
    stored = {name for zone, name in city.lake.tables() if zone in {"raw", "quarantine"}}
    return sorted(known | stored | set(deliveries.resources(city.registry)))


def _strays(city: City) -> Iterator[Problem]:
    """Look for the bytes of what was nobody's delivery."""
    for name in sorted(set(arrivals.resources(city.registry)) - set(_collected(city))):
        for file, what in kept(city, name, ()):
            yield _problem(name or "inbox", file, what)


def _deliveries(
    city: City, name: str, records: list[Record], *, with_bytes: bool
) -> Iterator[Problem]:
    """Hold the accounts of a resource against its tables, then against the archived bytes."""
    tables: dict[str, Counts] = {}
    for zone in ("raw", "quarantine"):
        try:
            tables[zone] = _count(city, zone, name)
        except (LakeError, OSError, pl.exceptions.PolarsError) as error:
            yield _problem(name, zone, f"{zone}.{name} cannot be read: {_line(error)}")
    if len(tables) < 2:
        return
    known = {record.delivery.id for record in records}
    for zone, counted in tables.items():
        for delivery in counted.keys() - known - _open(city, name):
            what = f"{zone}: {counted[delivery]} rows of a delivery that no account knows"
            yield _problem(name, delivery, what)
    for record in records:
        yield from _said(record, tables)
    if with_bytes:
        yield from _bytes(city, records, tables)


def _open(city: City, name: str) -> set[str]:
    """Return deliveries that a killed run may have stored: their accounts are not closed yet."""
    waiting = deliveries.unfinished(city.registry)
    return {record.delivery.id for record in waiting if record.delivery.resource == name}


def _said(record: Record, tables: dict[str, Counts]) -> Iterator[Problem]:
    """Hold what an account says against the rows that the tables hold."""
    one, account = record.delivery, _account(record)
    for zone, said in (("raw", account.accepted), ("quarantine", account.quarantined)):
        if said != (held := tables[zone].get(one.id, 0)):
            what = f"{zone}: the account says {said} rows, the table holds {held}"
            yield _problem(one.resource, one.file_name, what)
    if not account.balanced:
        yield _problem(one.resource, one.file_name, f"account does not add up: {account}")


def _bytes(city: City, records: Sequence[Record], tables: dict[str, Counts]) -> Iterator[Problem]:
    """Recount the deliveries of a resource, as many at once as can be held."""
    bases = Bases(city)
    counts = {
        r.delivery.id: sum(tables[zone].get(r.delivery.id, 0) for zone in tables) for r in records
    }
    by_id = {record.delivery.id: record for record in records}
    for ids in batches(counts, AT_ONCE):
        batch = _Batch(city, bases, ids)
        for record in map(by_id.__getitem__, ids):
            for what in _one(batch, record):
                yield _problem(record.delivery.resource, record.delivery.file_name, what)


@dataclass
class _Batch:
    """Deliveries whose stored rows are held at once, read once for each entry they had."""

    city: City
    bases: Bases
    ids: Sequence[str]
    held: dict[tuple[str, str], Marks] = field(default_factory=dict)

    def recount(self, one: Delivery) -> Recount:
        """Work out the account of one delivery anew; LakeError when that cannot be done."""
        archive = self.city.lake.archive
        if not archive.verify(one.digest):
            raise LakeError("archived bytes have another digest")
        if (size := archive.size(one.digest)) != one.size:
            raise LakeError(f"the account says {one.size} bytes, the archive has {size}")
        by = self.bases.of(one)
        if by is None:
            raise LakeError("its catalog entry is gone and was not kept: nothing can be counted")
        raw, refused = (self._marks(zone, by.entry) for zone in ("raw", "quarantine"))
        return recount(self.city, one, by.entry, raw=raw, quarantine=refused)

    def _marks(self, zone: str, entry: Entry) -> Marks:
        key = (zone, entry.model_dump_json())
        if key not in self.held:
            self.held[key] = marks(self.city, zone, entry, self.ids)
        return self.held[key]


def _one(batch: _Batch, record: Record) -> Iterator[str]:
    """Say what does not hold of one delivery."""
    said = _account(record)
    try:
        found = batch.recount(record.delivery)
    except DeliveryRefused:
        if said.records:
            yield f"archived bytes cannot be read, the account says {said.records} records"
        return
    except (LakeError, RegistryError, OSError, pl.exceptions.PolarsError) as error:
        yield _line(error)
        return
    yield from found.problems
    for number in ("records", "repeats"):
        here, there = getattr(said, number), getattr(found.account, number)
        if here != there:
            yield f"{number}: the account says {here}, the archived bytes {there}"


def _release(city: City, released: Released) -> Iterator[str]:
    """Count the rows of a release where it stands."""
    about = released.release
    try:
        if wrong := damage(city.lake, about.zone, about.name, about.version):
            yield from wrong
            return
        rows = city.lake.scan(about.zone, about.name, about.version)
        if about.zone == "raw":
            rows = rows.filter(pl.col(DELIVERY).is_in(list(about.inputs)))
        held = int(rows.select(pl.len()).collect(engine="streaming").item())
    except (LakeError, OSError, pl.exceptions.PolarsError) as error:
        yield f"version {about.version} cannot be read: {_line(error)}"
        return
    if held != about.rows:
        yield f"says {about.rows} rows, version {about.version} holds {held}"


def _count(city: City, zone: str, name: str) -> Counts:
    if not city.lake.exists(zone, name):
        return {}
    if wrong := damage(city.lake, zone, name):
        raise LakeError("; ".join(wrong))
    rows = city.lake.scan(zone, name).group_by(DELIVERY).agg(pl.len())
    return dict(rows.collect(engine="streaming").iter_rows())


def _account(record: Record) -> Account:
    return record.outcome.account if record.outcome is not None else Account(0, 0, 0, 0)


def _is_lost(record: Record) -> bool:
    return None in vars(_account(record)).values()


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def _problem(table: str, subject: str, what: str) -> Problem:
    return {"table": table, "subject": subject, "problem": what}
