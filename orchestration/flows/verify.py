"""Verify: recompute every account from stored bytes and tables, and say what does not hold."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from catalog.schema import CROSSING, DELIVERY
from ingestion.delivery import DeliveryRefused
from ingestion.read import read
from lake.errors import LakeError
from orchestration.city import City
from orchestration.flows.crossing import recipient_table
from registry import audit, crossings, deliveries, releases
from registry.deliveries import Record
from registry.releases import Released
from sharing.crossing import NOBODY, Crossing
from sharing.package import verify_package

Problem = dict[str, Any]


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
    """Recompute the accounts of deliveries and crossings, and the audit chain."""
    problems: list[Problem] = []
    checked = {"deliveries": 0, "crossings": 0, "audit events": 0}
    for name in _collected(city):
        records = [r for r in deliveries.all_of(city.registry, name) if r.outcome is not None]
        checked["deliveries"] += len(records)
        problems += _deliveries(city, name, records, with_bytes=with_bytes)
    for released in releases.all_released(city.registry).values():
        count, found = _crossings(city, released)
        checked["crossings"] += count
        problems += found
    chain = audit.verify(city.registry)
    checked["audit events"] = chain.events
    if not chain.ok:
        problems.append(_problem("audit", "chain", chain.problem or "broken"))
    return Verified(checked, problems)


def _collected(city: City) -> list[str]:
    known = {entry.name for entry in city.catalog.sources()}
    stored = {name for zone, name in city.lake.tables() if zone in {"raw", "quarantine"}}
    return sorted(known | stored)


def _deliveries(
    city: City, name: str, records: list[Record], *, with_bytes: bool
) -> Iterator[Problem]:
    accepted, refused = _count(city, "raw", name), _count(city, "quarantine", name)
    for record in records:
        account = record.outcome.account if record.outcome else None
        if account is None:
            continue
        one = record.delivery
        said = {"accepted": account.accepted, "quarantined": account.quarantined}
        seen = {"accepted": accepted.pop(one.id, 0), "quarantined": refused.pop(one.id, 0)}
        for place, rows in said.items():
            if rows != seen[place]:
                what = f"{place}: account says {rows} rows, the table holds {seen[place]}"
                yield _problem(name, one.file_name, what)
        if not account.balanced:
            yield _problem(name, one.file_name, f"account does not add up: {account}")
        if with_bytes:
            yield from _bytes(city, record)
    for delivery, rows in {**accepted, **refused}.items():
        yield _problem(name, delivery, f"{rows} rows of a delivery that no account knows")


def _count(city: City, zone: str, name: str) -> dict[str, int]:
    if not city.lake.exists(zone, name):
        return {}
    rows = city.lake.scan(zone, name).group_by(DELIVERY).agg(pl.len())
    return dict(rows.collect(engine="streaming").iter_rows())


def _bytes(city: City, record: Record) -> Iterator[Problem]:
    one = record.delivery
    try:
        if not city.lake.archive.verify(one.digest):
            yield _problem(one.resource, one.file_name, "archived bytes have another digest")
            return
    except LakeError as error:
        yield _problem(one.resource, one.file_name, str(error))
        return
    counted = _recount(city, record)
    said = record.outcome.account.records if record.outcome else 0
    if counted is not None and counted != said:
        what = f"archived bytes hold {counted} records, the account says {said}"
        yield _problem(one.resource, one.file_name, what)


def _recount(city: City, record: Record) -> int | None:
    """Count the records in the archived bytes; None where the entry is gone."""
    entry = city.catalog.entries.get(record.delivery.resource)
    if entry is None:
        return None
    staging = city.staging(f"verify-{record.delivery.id}")
    try:
        path = city.lake.archive.fetch(record.delivery.digest, staging)
        return read(entry, path, file_name=record.delivery.file_name, scratch=staging).records
    except DeliveryRefused:
        return 0
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _crossings(city: City, released: Released) -> tuple[int, list[Problem]]:
    about = released.release
    table = f"{about.zone}.{about.name}"
    found = crossings.for_table(city.registry, about.zone, about.name, version=released.sequence)
    if not any(each.crossing.recipient == NOBODY for each in found):
        return 0, []  # not returned yet: there is no account to hold
    sums = crossings.sums(
        city.registry, "backflow", zone=about.zone, name=about.name, version=released.sequence
    )
    problems = []
    if sums.total != about.rows:
        what = f"{sums.crossed} crossed + {dict(sums.withheld)} withheld ≠ {about.rows} released"
        problems.append(_problem(table, "backflow", what))
    for each in found:
        one = each.crossing
        if one.target_version is None:
            continue
        name = recipient_table(about.name, one.recipient)
        problems += _received(city, table, one, name)
        folder = city.settings.outbox / one.recipient / about.name / str(released.sequence)
        package = verify_package(folder)
        if not package.ok:
            problems.append(_problem(table, one.recipient, f"package: {package.problem}"))
    return len(found), problems


def _received(city: City, table: str, one: Crossing, name: str) -> Iterator[Problem]:
    """Count the rows of a crossing in its recipient's table."""
    try:
        own = city.lake.scan("backflow", name, one.target_version)
        rows = own.filter(pl.col(CROSSING) == one.id).select(pl.len()).collect().item()
    except LakeError as error:
        yield _problem(table, one.recipient, str(error))
        return
    if rows != one.rows:
        what = f"account says {one.rows} rows, the recipient's table holds {rows}"
        yield _problem(table, one.recipient, what)


def _problem(table: str, subject: str, what: str) -> Problem:
    return {"table": table, "subject": subject, "problem": what}
