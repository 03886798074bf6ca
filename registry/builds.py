"""The last attempt to build each model, so that a failure with unchanged inputs is not repeated.

Keep out: the build (orchestration) and what passed (releases.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from enum import StrEnum

import sqlalchemy as sa

from registry.schema import Registry
from registry.tables import builds


class BuildOutcome(StrEnum):
    """How an attempt ended: built and passed, built and held by the gate, or not built."""

    RELEASED = "released"
    HELD = "held"
    FAILED = "failed"


@dataclass(frozen=True)
class Build:
    """One attempt to build a model from certain inputs by certain code."""

    zone: str
    name: str
    inputs_digest: str
    outcome: BuildOutcome
    reason: str
    at: dt.datetime


def note(registry: Registry, build: Build) -> None:
    """Write down the last attempt, in place of the one before."""
    same = sa.and_(builds.c.zone == build.zone, builds.c.name == build.name)
    with registry.write() as connection:
        connection.execute(sa.delete(builds).where(same))
        values = {**asdict(build), "outcome": build.outcome.value}
        connection.execute(sa.insert(builds).values(values))


def forget(registry: Registry, zone: str, name: str) -> None:
    """Forget the attempts at a model whose table was lost, so that it is built again."""
    same = sa.and_(builds.c.zone == zone, builds.c.name == name)
    with registry.write() as connection:
        connection.execute(sa.delete(builds).where(same))


def last(registry: Registry, zone: str, name: str) -> Build | None:
    """Return the last attempt, or None when there was none."""
    return all_last(registry).get((zone, name))


def all_last(registry: Registry) -> dict[tuple[str, str], Build]:
    """Return the last attempt of every model, by zone and name."""
    with registry.read() as connection:
        rows = connection.execute(sa.select(builds)).mappings().all()
    attempts = (Build(**{**row, "outcome": BuildOutcome(row["outcome"])}) for row in rows)
    return {(build.zone, build.name): build for build in attempts}
