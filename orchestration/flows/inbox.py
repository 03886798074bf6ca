"""The inbox: a file is put there whole or not at all, and may be tried at the gate beforehand."""

from __future__ import annotations

import datetime as dt
import shutil
import uuid
from pathlib import Path

from catalog.entry import Entry
from catalog.problem import nearest
from ingestion.candidate import Candidate
from ingestion.delivery import DeliveryRefused
from ingestion.read import read
from orchestration.city import City, day_of
from orchestration.flows.drifted import proposed
from orchestration.flows.settle import reference_rows
from quality.gate import gate_delivery
from quality.verdict import Verdict


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


def try_gate(city: City, file: Path, resource: str, *, now: dt.datetime) -> Verdict:
    """Return the verdict that a delivery of this file would get; nothing is stored."""
    _known(city, resource)
    entry = city.entry(resource)
    staging = city.staging(f"gate-{uuid.uuid4().hex}")
    try:
        candidate = _read(city, entry, file, staging)
        verdict, _ = gate_delivery(
            candidate.frame,
            candidate.malformed,
            entry,
            records=candidate.records,
            provenance="gate",
            references=reference_rows(city, entry),
            vocabulary=city.catalog.vocabulary,
            staging=staging,
            today=day_of(now),
        )
        return verdict
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _read(city: City, entry: Entry, file: Path, staging: Path) -> Candidate:
    try:
        return read(entry, file, file_name=file.name, scratch=staging)
    except DeliveryRefused as refusal:
        told = proposed(city, entry, file, file_name=file.name, staging=staging)
        raise DeliveryRefused(refusal.kind, "; ".join((str(refusal), *told))) from refusal


def _known(city: City, resource: str) -> None:
    names = {entry.name for entry in city.catalog.sources()}
    if resource not in names:
        raise DeliveryRefused(
            "unknown_resource",
            f"{resource}: no source resource has this name{nearest(resource, names)}",
        )
