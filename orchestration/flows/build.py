"""Build (治理): dbt writes a version of a model, the gate judges it, and only a pass releases it.

A model that was judged with the same inputs and code is left alone; one that failed is retried.
Keep out: SQL (dbt_project) and rules (catalog entries).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from orchestration.city import City, day_of
from orchestration.flows.pins import pin, pins, rows_in_force
from orchestration.flows.warehouse import run_model
from orchestration.graph import Model, ancestors, read_models, references
from quality.gate import gate_version
from quality.verdict import Verdict
from registry import builds, releases, verdicts
from registry.builds import Build, BuildOutcome
from registry.releases import Release


@dataclass(frozen=True)
class Built:
    """What became of one model."""

    zone: str
    name: str
    outcome: Literal["released", "unchanged", "waiting", "held", "failed"]
    message: str
    version: int | None = None
    rows: int | None = None
    verdict: Verdict | None = None

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
    # A test may compare a model with tables further up than those that it reads.
    readable = pins(city, ancestors(read_models(city.catalog), name))
    ran = run_model(city.lake, readable, zone=zone, name=name, build=digest)
    if ran.error is not None or ran.version is None:
        message = ran.error or "dbt wrote nothing"
        attempt = Build(zone, name, digest, BuildOutcome.FAILED, message, now)
        builds.note(city.registry, attempt)
        return Built(zone, name, "failed", message)
    return _judge(city, model, ran.version, inputs=inputs, digest=digest, now=now)


def _judge(
    city: City,
    model: Model,
    version: int,
    *,
    inputs: Mapping[str, str],
    digest: str,
    now: dt.datetime,
) -> Built:
    zone, name = _table(city, model)
    entry = city.entry(name)
    known = {n: rows_in_force(city, n) for n in references(city.catalog, name)}
    verdict = gate_version(
        city.lake.scan(zone, name, version),
        entry,
        references={n: rows for n, rows in known.items() if rows is not None},
        vocabulary=city.catalog.vocabulary,
        today=day_of(now),
    )
    with city.registry.write():
        kept = verdicts.keep(city.registry, verdict, version=version, at=now)
        if verdict.passed:
            candidate = Release(
                zone, name, version, verdict.rows, kept, inputs, code_digest=model.code_digest
            )
            releases.release(city.registry, candidate, at=now)
        outcome = BuildOutcome.RELEASED if verdict.passed else BuildOutcome.HELD
        attempt = Build(zone, name, digest, outcome, verdict.reason, now)
        builds.note(city.registry, attempt)
    return Built(
        zone,
        name,
        "released" if verdict.passed else "held",
        verdict.reason,
        version,
        verdict.rows,
        verdict,
    )


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
    if any(state != "none" for state in inputs.values()):
        return True
    return releases.released(city.registry, *_table(city, model)) is not None


def _digest(model: Model, inputs: Mapping[str, str]) -> str:
    text = json.dumps([model.code_digest, sorted(inputs.items())])
    return hashlib.sha256(text.encode()).hexdigest()
