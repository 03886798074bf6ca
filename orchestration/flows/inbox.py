"""The inbox: a file is put there whole or not at all, and may be tried at the gate beforehand."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.problem import nearest
from catalog.schema import ROW, RULES, quarantine_schema
from ingestion.candidate import Candidate
from ingestion.delivery import Delivery, DeliveryRefused, Status, as_of, delivery_id, intent
from ingestion.read import read
from orchestration.city import City, day_of
from orchestration.flows.drifted import proposed
from orchestration.flows.export import ENDINGS
from orchestration.flows.lookback import lookback
from orchestration.flows.mending import is_held
from quality.gate import gate_delivery
from quality.history import History
from quality.returned import returned, write
from quality.verdict import Split, Verdict
from registry.deliveries import Record


def put(city: City, file: Path, resource: str) -> Path:
    """Copy a file into the inbox of a resource under its own name; return where it lies."""
    _known(city, resource)
    folder = city.settings.inbox / resource
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / file.name
    if target.exists():
        raise DeliveryRefused(
            "wrong_resource", f"{target.name} already waits in the inbox: run citylake run first"
        )
    part = folder / f".{file.name}.{uuid.uuid4().hex}.part"
    try:
        shutil.copyfile(file, part)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def try_gate(
    city: City, file: Path, resource: str, *, now: dt.datetime, output: Path | None = None
) -> Verdict:
    """Return the verdict that a delivery of this file would get; nothing is stored.

    Its refused rows are written to `output` (xlsx or csv) as an export would write them.
    """
    _known(city, resource)
    if output is not None and output.suffix not in ENDINGS:
        raise DeliveryRefused("unreadable", f"{output.name}: name a file ending in .xlsx or .csv")
    entry = city.entry(resource)
    known, history = lookback(city, entry, _tried(entry, file, now))
    return gate_file(city, entry, file, references=known, now=now, output=output, history=history)


def gate_file(
    city: City,
    entry: Entry,
    file: Path,
    *,
    references: Mapping[str, pl.LazyFrame],
    now: dt.datetime,
    output: Path | None = None,
    history: History | None = None,
) -> Verdict:
    """Return the verdict on a file by any entry, proposed ones too; nothing is stored."""
    staging = city.staging(f"gate-{uuid.uuid4().hex}")
    try:
        candidate = _read(city, entry, file, staging)
        verdict, split = gate_delivery(
            candidate.frame,
            candidate.malformed,
            entry,
            records=candidate.records,
            provenance=_id(entry.name, file),
            references=references,
            vocabulary=city.catalog.vocabulary,
            staging=staging,
            today=day_of(now),
            history=history,
        )
        if output is not None:
            _write(city, entry, split, output, file_name=file.name, whole=not verdict.passed)
        return verdict
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write(
    city: City, entry: Entry, split: Split, output: Path, *, file_name: str, whole: bool
) -> None:
    """Write the refused rows of a split as they would go back to their unit."""
    none = pl.LazyFrame(schema=quarantine_schema(entry))
    refused = pl.concat([none, *map(pl.scan_parquet, split.quarantined)])
    rows = refused.filter(~is_held(pl.col(RULES))).sort(ROW).collect(engine="streaming")
    vocabulary = city.catalog.vocabulary
    write(returned(rows, entry, vocabulary, file_name=file_name, whole=whole), output)


def _id(resource: str, file: Path) -> str:
    """Return the id that a delivery of this file has: its refused rows name it."""
    with file.open("rb") as handle:
        return delivery_id(resource, hashlib.file_digest(handle, "sha256").hexdigest())


def _read(city: City, entry: Entry, file: Path, staging: Path) -> Candidate:
    try:
        return read(entry, file, file_name=file.name, scratch=staging)
    except DeliveryRefused as refusal:
        told = proposed(city, entry, file, file_name=file.name, staging=staging)
        raise DeliveryRefused(refusal.kind, "; ".join((str(refusal), *told))) from refusal


def _tried(entry: Entry, file: Path, now: dt.datetime) -> Record:
    """Return a file as the delivery that it would be, the last of its name."""
    one = Delivery(
        id=_id(entry.name, file),
        resource=entry.name,
        file_name=file.name,
        digest="",
        size=0,
        received_at=now,
        as_of=as_of(entry, file.name, now),
    )
    return Record(one, sys.maxsize, intent(file.name).stem, Status.RECEIVED, None, None, None, None)


def _known(city: City, resource: str) -> None:
    names = {entry.name for entry in city.catalog.sources()}
    if resource not in names:
        raise DeliveryRefused(
            "unknown_resource",
            f"{resource}: no source resource has this name{nearest(resource, names)}",
        )
