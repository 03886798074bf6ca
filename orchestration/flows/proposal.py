"""Propose the entry of a sample file: read it as text, profile it, write YAML to be edited."""

from __future__ import annotations

import datetime as dt
import math
import shutil
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from catalog.entry import Entry
from catalog.propose import propose
from catalog.render.entry_yaml import entry_yaml
from catalog.rules import Rule
from ingestion.delivery import DeliveryRefused
from ingestion.sample.read import read_sample
from orchestration.city import City
from orchestration.flows.inbox import gate_file
from quality.verdict import Verdict

MANY = 0.05  # of the rows: a rule that more break is not this column's


@dataclass(frozen=True)
class Proposed:
    """A proposed entry on disk, and what its author should look at."""

    path: Path
    notes: tuple[str, ...]


def propose_entry(
    city: City, file: Path, *, name: str, unit: str, output: Path, now: dt.datetime
) -> Proposed:
    """Propose the entry of a sample file and write it to `<output>/<name>.yaml`."""
    staging = city.staging(f"sample-{uuid.uuid4().hex}")
    try:
        sample = read_sample(file, staging)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    proposal = propose(
        sample.frame,
        name=name,
        unit=unit,
        origin=sample.origin,
        catalog=city.catalog,
        file_name=file.name,
        widths=sample.widths,
    )
    entry, more = _fitting(city, proposal.entry, file, now=now)
    output.mkdir(parents=True, exist_ok=True)
    path = output / f"{name}.yaml"
    path.write_text(entry_yaml(entry), encoding="utf-8")
    return Proposed(path, (*proposal.notes, *more))


def _fitting(
    city: City, entry: Entry, file: Path, *, now: dt.datetime
) -> tuple[Entry, tuple[str, ...]]:
    """Let a proposal accept its own sample: rules that it breaks go, the rest is allowed for."""
    try:
        verdict = _tried(city, entry, file, now=now)
        broken = {r.rule for r in verdict.rules if r.failed > MANY * max(verdict.rows, 1)}
        kept = tuple(rule for rule in entry.quality.rules if not _named(rule, broken))
        fitting = _without_key(_with(entry, rules=kept), broken)
        if fitting != entry:
            entry = fitting
            verdict = _tried(city, entry, file, now=now)
    except DeliveryRefused as refusal:
        return entry, (f"样本读不通：by this entry its own sample is refused: {refusal}",)
    share = verdict.quarantined / max(verdict.rows, 1)
    if share <= entry.quality.max_quarantine:
        return entry, ()
    said = f"请核对：{verdict.quarantined} of {verdict.rows} rows of the sample break rules"
    allowed = math.ceil(100 * share) / 100
    return (
        _with(entry, max_quarantine=allowed),
        (f"{said}: max_quarantine is set to let it in",),
    )


def _tried(city: City, entry: Entry, file: Path, *, now: dt.datetime) -> Verdict:
    """Return the verdict on the sample when no number of refused rows holds back the others."""
    return gate_file(city, _with(entry, max_quarantine=1.0), file, references={}, now=now)


def _named(rule: Rule, broken: Collection[str]) -> bool:
    """Tell whether a rule about one item is among those that too many rows break."""
    item = getattr(rule, "item", None)
    return any(said.endswith(f":{item}") and "check" in said for said in broken)


def _without_key(entry: Entry, broken: Collection[str]) -> Entry:
    """Return an entry without its key where that tells rows apart no better than chance."""
    if not any(said.startswith("duplicate_key:") for said in broken):
        return entry
    items = tuple(item.model_copy(update={"key": False}) for item in entry.items)
    return entry.model_copy(update={"items": items})


def _with(entry: Entry, **words: object) -> Entry:
    return entry.model_copy(update={"quality": entry.quality.model_copy(update=words)})
