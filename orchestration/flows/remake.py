"""Remake: every delivery read from the archive and judged again, by what was known at its time.

The rows lie in Parquet files aside; nothing of the lake or the registry is touched.
Keep out: comparing and storing them (rebuild.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.schema import DELIVERY
from ingestion.delivery import Account, Delivery, DeliveryRefused, Status
from lake.errors import LakeError
from orchestration.city import City
from orchestration.flows.amend import Beside, Standing, family, hindrance
from orchestration.flows.basis import Bases
from orchestration.flows.earlier import standing_before
from orchestration.flows.looked_into import looked_into, looks_back
from orchestration.flows.past import Past, judgements
from orchestration.flows.settle import judge
from quality.verdict import Split, Verdict
from registry import releases, waivers
from registry.deliveries import Record

Rows = dict[str, tuple[Path, ...]]  # files of a table by delivery


@dataclass(frozen=True)
class Difference:
    """What is not as the registry or a standing table says."""

    resource: str
    delivery: str
    file_name: str
    problem: str


@dataclass(frozen=True)
class Remade:
    """A whole table made again: its files and its columns."""

    zone: str
    name: str
    files: Sequence[Path]
    columns: Mapping[str, pl.DataType]


@dataclass(frozen=True)
class Aside:
    """The rows made again of each resource, and where they are not as their accounts say."""

    folder: Path
    bases: Bases
    raw: dict[str, Rows] = field(default_factory=dict)
    quarantine: dict[str, Rows] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    def files(self, zone: str, name: str) -> list[Path]:
        """Return the files of a table, in the order of judgement."""
        rows = (self.raw if zone == "raw" else self.quarantine).get(name, {})
        return [path for paths in rows.values() for path in paths]

    def table(self, zone: str, name: str) -> Remade:
        """Return a table as it was made again."""
        return Remade(zone, name, self.files(zone, name), self.bases.columns(name, zone))

    def rows(self, zone: str, name: str) -> int:
        """Return how many rows the files of a table hold."""
        files = self.files(zone, name)
        return int(pl.scan_parquet(files).select(pl.len()).collect().item()) if files else 0

    def scan(self, zone: str, name: str, ids: Collection[str]) -> pl.LazyFrame:
        """Return the rows made again of some deliveries."""
        made = (self.raw if zone == "raw" else self.quarantine)[name]
        files = [path for one in ids for path in made.get(one, ())]
        if files:
            return pl.scan_parquet(files)
        return pl.LazyFrame(schema=self.bases.columns(name, zone))

    def keep(self, zone: str, delivery: Delivery, files: Collection[Path]) -> tuple[Path, ...]:
        """Move the files of a delivery out of its staging folder, with all columns of its table."""
        target = self.folder / zone
        target.mkdir(parents=True, exist_ok=True)
        columns = self.bases.columns(delivery.resource, zone)
        kept = [target / f"{delivery.id}-{number}.parquet" for number in range(len(files))]
        for path, place in zip(files, kept, strict=True):
            if dict(pl.read_parquet_schema(path)) == columns:
                path.rename(place)
            else:  # judged by an entry of other columns
                _widened(path, columns).sink_parquet(place)
        return tuple(kept)


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
        verdict_id = None if record.outcome is None else record.outcome.verdict_id
        by = by.remembering(city, before=verdict_id)
        beside = Beside(
            _known(city, aside, record, past, entry=by.entry),
            waivers.waived(city.registry, one, at=record.finished_at or one.received_at),
            _standing(city, aside, record, past),
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


def _widened(path: Path, columns: Mapping[str, pl.DataType]) -> pl.LazyFrame:
    """Return the rows of a file with the columns that later entries added, empty."""
    rows = pl.scan_parquet(path)
    has = rows.collect_schema()
    for name, kind in has.items():
        if columns[name] != kind:
            raise LakeError(f"column {name} was {kind}, and is {columns[name]} now")
    none = [pl.lit(None, kind).alias(name) for name, kind in columns.items() if name not in has]
    return rows.with_columns(none).select(list(columns))


def _known(
    city: City, aside: Aside, record: Record, past: Past, *, entry: Entry
) -> Mapping[str, pl.LazyFrame]:
    """Return the rows that a delivery's rules looked into when it was judged."""
    found = {}
    for name in looked_into(entry):
        other = aside.bases.newest(name)
        if other is None:
            continue
        rows = (
            _raw_then(city, aside, name, past)
            if other.zone == "raw"
            else _model_then(city, other, record)
        )
        if rows is not None:
            found[name] = rows
    if looks_back(entry) and entry.name in found:
        stood, file = past.in_force(entry.name), record.delivery.file_name
        own = standing_before(found[entry.name], entry, stood, file_name=file)
        found[entry.name] = own
    return found


def _standing(city: City, aside: Aside, record: Record, past: Past) -> Standing | None:
    """Return what there was of the delivery that one amends."""
    one = record.delivery
    if one.amends is None:
        return None
    accepted = past.accepted[one.resource].values()
    ids = [
        r.delivery.id
        for r in family(accepted, one)
        if past.counts(r) or r.delivery.id == one.amends
    ]
    return Standing(
        aside.scan("quarantine", one.resource, [one.amends]),
        aside.scan("raw", one.resource, ids),
        hindrance(city, one),
    )


def _raw_then(city: City, aside: Aside, name: str, past: Past) -> pl.LazyFrame | None:
    """Return the accepted rows that counted; None where there were none yet."""
    counted = past.in_force(name)
    if not any(r.outcome is not None and r.outcome.account.accepted for r in counted):
        return None
    ids = [record.delivery.id for record in counted]
    if name not in aside.raw:
        return city.lake.scan("raw", name).filter(pl.col(DELIVERY).is_in(ids))
    return aside.scan("raw", name, ids)


def _model_then(city: City, entry: Entry, record: Record) -> pl.LazyFrame | None:
    """Return the release that was read; None before the first one."""
    verdict = record.outcome.verdict_id if record.outcome is not None else None
    before = [
        released.release.version
        for released in releases.history(city.registry, entry.zone, entry.name)
        if verdict is not None and released.release.verdict_id < verdict
    ]
    return city.lake.scan(entry.zone, entry.name, before[-1]) if before else None
