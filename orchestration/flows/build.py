"""Build (治理): dbt writes a version of a model, the gate judges it, and only a pass releases it.

A model that was judged with the same inputs and code is left alone; one that failed is retried.
Keep out: SQL (dbt_project) and rules (catalog entries).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from lake.model import Part
from orchestration.city import City
from orchestration.flows.identity import decided_so_far, link_table
from orchestration.flows.judged import judge_version
from orchestration.flows.part import Whole, made_of, part_of, restricted
from orchestration.flows.pins import pin, pins
from orchestration.flows.warehouse import Ran, Task, run_model
from orchestration.graph import Model, ancestors, read_models
from orchestration.lineage import Columns, column_lineage
from quality.verdict import Verdict
from registry import builds, releases, verdicts
from registry.builds import Build, BuildOutcome
from registry.releases import Release

Outcome = Literal["released", "unchanged", "waiting", "held", "failed"]


@dataclass(frozen=True)
class Built:
    """What became of one model."""

    zone: str
    name: str
    outcome: Outcome
    message: str
    version: int | None = None
    rows: int | None = None
    verdict: Verdict | None = None
    columns: Columns = field(default_factory=dict)  # origins of each

    @property
    def step(self) -> str:
        """Return what was being done, for people."""
        return "建库"

    @property
    def is_trouble(self) -> bool:
        """Tell whether somebody should look at it."""
        return self.outcome in {"held", "failed"}

    @property
    def line(self) -> str:
        """Say what happened in one line."""
        return f"{self.zone}.{self.name}: {self.outcome}: {self.message}"


def stale(city: City, models: Mapping[str, Model] | None = None) -> tuple[str, ...]:
    """Return the models whose inputs or code differ from their last attempt, in build order."""
    known = read_models(city.catalog) if models is None else models
    found: set[str] = set()
    for model in known.values():
        inputs = input_versions(city, model)
        changed = _digest(model, inputs) != _attempted(city, model)
        if found & set(model.models) or (changed and _is_due(city, model, inputs)):
            found.add(model.name)
    return tuple(name for name in known if name in found)


def input_versions(city: City, model: Model) -> Mapping[str, str]:
    """Return what a model would read now: a version for models, deliveries in force for sources."""
    found = {}
    for name in model.inputs:
        table = pin(city, name)
        state = "none" if table.version is None else str(table.version)
        if table.current is not None:
            ids = ",".join(d[0] for d in table.current.deliveries)
            state += f":{hashlib.sha256(ids.encode()).hexdigest()[:12]}" if ids else ""
        found[f"{table.zone}.{name}"] = state
    if city.entry(model.name).linkage is not None:
        found["decisions"] = decided_so_far(city, model.name)
    return found


def build(city: City, model: Model, *, now: dt.datetime) -> Built:
    """Build, gate and release one model; on any failure the released version stays."""
    zone, name = _table(city, model)
    inputs = input_versions(city, model)
    digest = _digest(model, inputs)
    if digest == _attempted(city, model):
        return _unchanged(city, zone, name)
    if not _is_due(city, model, inputs):
        return Built(zone, name, "waiting", f"none of {', '.join(model.inputs)} has rows yet")
    state = made_of(city, model)
    part = part_of(city, model, state)
    if isinstance(part, Part) and not part.slices.values:
        return _no_row_changed(city, model, digest, now=now)
    some = part if isinstance(part, Part) else None
    ran = _make(city, Task(zone, name, digest, json.dumps(state), some), now=now)
    if ran.error is not None or ran.version is None:
        message = ran.error or "dbt wrote nothing"
        attempt = Build(zone, name, digest, BuildOutcome.FAILED, message, now)
        builds.note(city.registry, attempt)
        return Built(zone, name, "failed", message)
    verdict = judge_version(city, name, ran.version, part=some, now=now)
    made = Release(zone, name, ran.version, verdict.rows, 0, inputs, code_digest=model.code_digest)
    _settle(city, made, verdict, digest=digest, now=now)
    outcome: Outcome = "released" if verdict.passed else "held"
    message = verdict.reason + (f" ({_extent(part)})" if city.entry(name).update.follows else "")
    message = "; ".join((message, *_left_behind(city, model)))
    columns = column_lineage(ran.sql, city.catalog) if ran.sql else {}  # linkage runs none
    return Built(zone, name, outcome, message, ran.version, verdict.rows, verdict, columns)


def _left_behind(city: City, model: Model) -> Iterator[str]:
    """Say which inputs were read as released before, since a newer build of them did not pass."""
    attempts = builds.all_last(city.registry)
    for name in model.models:
        table = city.entry(name).zone, name
        attempt = attempts.get(table)
        if attempt is None or attempt.outcome is BuildOutcome.RELEASED:
            continue
        found = releases.released(city.registry, *table)
        stands = "nothing of it" if found is None else f"its version {found.release.version}"
        yield f"{'.'.join(table)} is {attempt.outcome.value}, so {stands} was read"


def _make(city: City, task: Task, *, now: dt.datetime) -> Ran:
    """Write a version of a table: by linking where its entry says so, by dbt otherwise."""
    if city.entry(task.name).linkage is not None:
        return link_table(city, task, now=now)
    # A test may compare a model with tables further up than those that it reads.
    readable = pins(city, ancestors(read_models(city.catalog), task.name))
    if task.part is not None:
        readable = restricted(city, readable, task.part)
    return run_model(city.lake, readable, task, key=city.digest_key)


def _settle(city: City, made: Release, verdict: Verdict, *, digest: str, now: dt.datetime) -> None:
    """Keep the verdict, release what passed and note the attempt, all of it or nothing."""
    with city.registry.write():
        kept = verdicts.keep(city.registry, verdict, version=made.version, at=now)
        if verdict.passed:
            releases.release(city.registry, replace(made, verdict_id=kept), at=now)
        outcome = BuildOutcome.RELEASED if verdict.passed else BuildOutcome.HELD
        attempt = Build(made.zone, made.name, digest, outcome, verdict.reason, now)
        builds.note(city.registry, attempt)


def _extent(part: Part | Whole) -> str:
    if isinstance(part, Whole):
        return f"built whole: {part.why}"
    return f"{part.slices.column}: {len(part.slices.values)} built anew"


def _no_row_changed(city: City, model: Model, digest: str, *, now: dt.datetime) -> Built:
    """Leave a model alone whose inputs changed in no row, as by an empty delivery."""
    zone, name = _table(city, model)
    attempt = Build(zone, name, digest, BuildOutcome.RELEASED, "no row changed", now)
    builds.note(city.registry, attempt)
    return _unchanged(city, zone, name)


def _unchanged(city: City, zone: str, name: str) -> Built:
    last = builds.last(city.registry, zone, name)
    found = releases.released(city.registry, zone, name)
    if found is None or last is None or last.outcome is not BuildOutcome.RELEASED:
        reason = "" if last is None else last.reason
        return Built(zone, name, "held", f"nothing changed since its last build: {reason}")
    release = found.release
    return Built(zone, name, "unchanged", "inputs unchanged", release.version, release.rows)


def _attempted(city: City, model: Model) -> str | None:
    """Return the inputs of the last attempt that came to a verdict: a failure may pass, so try."""
    last = builds.last(city.registry, *_table(city, model))
    return None if last is None or last.outcome is BuildOutcome.FAILED else last.inputs_digest


def _table(city: City, model: Model) -> tuple[str, str]:
    return city.entry(model.name).zone, model.name


def _is_due(city: City, model: Model, inputs: Mapping[str, str]) -> bool:
    """Tell whether there is anything to build of, or rows released that were all taken back."""
    if any(state != "none" for table, state in inputs.items() if table != "decisions"):
        return True
    return releases.released(city.registry, *_table(city, model)) is not None


def _digest(model: Model, inputs: Mapping[str, str]) -> str:
    text = json.dumps([model.code_digest, sorted(inputs.items())])
    return hashlib.sha256(text.encode()).hexdigest()
