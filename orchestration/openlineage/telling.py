"""What is told of a collection and of a build: start, then how it ended, and the gate's word.

Keep out: the form of events (event.py).
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace

from catalog.entry import Entry
from orchestration.city import City, now
from orchestration.flows.build import Built
from orchestration.flows.collected import Collected
from orchestration.graph import Model
from orchestration.openlineage.channel import Channel
from orchestration.openlineage.event import (
    Dataset,
    Event,
    Kind,
    delivered,
    item_lineage_facet,
    lineage_facet,
    quality_facet,
    schema_facet,
    statistics_facet,
    table,
    version_facet,
)
from quality.verdict import Verdict
from registry.releases import Released


@dataclass
class Telling:
    """One run of a job: its flow says what came of it before it ends."""

    job: str
    run: str
    channel: Channel
    inputs: Sequence[Dataset]
    outputs: Sequence[Dataset]
    error: str | None = None
    judged: list[tuple[str, Verdict]] = field(default_factory=list)


@contextmanager
def telling(
    to: Channel, job: str, *, inputs: Sequence[Dataset], output: Dataset
) -> Iterator[Telling]:
    """Tell that a job starts and, however the block ends, how it did."""
    run = Telling(job, str(uuid.uuid4()), to, inputs, (output,))
    to.send(Event("START", job, run.run, now(), inputs, (output,)))
    try:
        yield run
    finally:
        # The message of a failure of ours may quote a row: its kind is enough here.
        broken = sys.exception()
        run.error = run.error if broken is None else type(broken).__name__
        kind: Kind = "COMPLETE" if run.error is None else "FAIL"
        to.send(Event(kind, job, run.run, now(), run.inputs, run.outputs, run.error))
        for subject, verdict in run.judged:
            to.send(_gate(subject, verdict))


def telling_collect(city: City, entry: Entry) -> AbstractContextManager[Telling]:
    """Tell of the collection of a resource."""
    job = f"collect.{entry.name}"
    return telling(city.lineage, job, inputs=(delivered(entry),), output=_described(entry))


def telling_build(city: City, entry: Entry, model: Model) -> AbstractContextManager[Telling]:
    """Tell of the build of a model."""
    inputs = tuple(table(city.entry(name)) for name in model.inputs)
    return telling(city.lineage, f"build.{entry.name}", inputs=inputs, output=_described(entry))


def collected(
    run: Telling, entry: Entry, done: Sequence[Collected], released: Released | None
) -> None:
    """Say what a collection brought: the table as it is read now, and each verdict."""
    output = _with(_described(entry), columnLineage=item_lineage_facet(entry))
    if released is not None:
        about = released.release
        output = _counted(output, about.version, about.rows)
    run.outputs = (output,)
    run.judged = [(f"raw.{entry.name}", one.verdict) for one in done if one.verdict is not None]


def built(run: Telling, entry: Entry, done: Built) -> None:
    """Say what a build made: version, rows, origins of columns, and the verdict."""
    output = _described(entry)
    if done.columns:
        output = _with(output, columnLineage=lineage_facet(done.columns))
    if done.version is not None and done.rows is not None:
        output = _counted(output, done.version, done.rows)
    run.outputs = (output,)
    if done.is_trouble:
        run.error = done.outcome
    if done.verdict is not None:
        run.judged = [(f"{entry.zone}.{entry.name}", done.verdict)]


def _described(entry: Entry) -> Dataset:
    return _with(table(entry), schema=schema_facet(entry))


def _with(one: Dataset, **facets: dict[str, object]) -> Dataset:
    return replace(one, facets={**one.facets, **facets})


def _counted(one: Dataset, version: int, rows: int) -> Dataset:
    counted = {"outputStatistics": statistics_facet(rows)}
    return replace(_with(one, version=version_facet(version)), statistics=counted)


def _gate(subject: str, verdict: Verdict) -> Event:
    said = {"dataQualityAssertions": quality_facet(verdict.rules)}
    run = str(uuid.uuid4())
    return Event("COMPLETE", f"gate.{subject}", run, now(), (Dataset(subject, quality=said),))
