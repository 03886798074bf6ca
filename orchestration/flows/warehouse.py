"""Run dbt in this process: one model at a time, reading pinned versions, writing Delta.

A subprocess would cost 3.5 s a model against 0.2 s here (measured); dbt is imported on first use.
Keep out: what to build and when (build.py).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lake.model import Part
from lake.tables import Lake
from lake.views import Pin
from orchestration.flows.parsed import WarehouseError, parsed_project
from orchestration.graph import DBT_PROJECT
from orchestration.memory import memory_limit

# Unit tests prove the SQL before it is deployed; a test over two tables waits for both.
BUILD = ("build", "--exclude-resource-type", "unit_test", "--indirect-selection", "buildable")
_ONE_AT_A_TIME = threading.Lock()  # two invocations in one process are unsafe


@dataclass(frozen=True)
class Ran:
    """What dbt did: the Delta version it wrote, or why it did not."""

    version: int | None
    error: str | None
    sql: str | None = None  # as compiled


@dataclass(frozen=True)
class Task:
    """One model to build: what identifies the build, what it is made of, and how much of it."""

    zone: str
    name: str
    build: str
    inputs: str = "{}"
    part: Part | None = None


def run_model(lake: Lake, pins: Sequence[Pin], task: Task, *, key: bytes) -> Ran:
    """Build one model and run its dbt tests; the version is written but not released."""
    from lake.dbt_plugin import bind

    bound = bind(
        lake, pins, build=task.build, memory=memory_limit(), inputs=task.inputs, part=task.part,
        key=key,
    )  # fmt: skip
    with _ONE_AT_A_TIME, bound as binding:
        results, error = _invoke(lake, *BUILD, "--select", task.name)
        committed = binding.results.get((task.zone, task.name))
    sql = next((r.node.compiled_code for r in results if r.node.name == task.name), None)
    return Ran(committed.version if committed else None, error, sql)


def write_docs(lake: Lake, target: Path) -> None:
    """Write dbt's documentation site, manifest and compiled SQL into a folder."""
    from dbt.cli.main import dbtRunner

    from lake.dbt_plugin import bind

    with _ONE_AT_A_TIME, bind(lake, (), build="docs"):
        done = dbtRunner().invoke(
            ["docs", "generate", "--empty-catalog", *_options(lake), "--target-path", str(target)]
        )
    if not done.success:
        raise WarehouseError(f"dbt_project cannot be documented: {done.exception}")


def _invoke(lake: Lake, *arguments: str) -> tuple[list[Any], str | None]:
    """Return dbt's results and, in one line, what went wrong."""
    from dbt.cli.main import dbtRunner

    os.environ["DO_NOT_TRACK"] = "1"  # dbt reads its telemetry switch from nowhere else
    options = _options(lake)
    manifest = parsed_project(options)
    result = dbtRunner(manifest=manifest).invoke([*arguments, "--no-write-json", *options])
    results = list(getattr(result.result, "results", ()))
    if result.success:
        return results, None
    if result.exception is not None:
        return results, f"dbt: {result.exception}"
    failed = [r for r in results if r.status in ("error", "fail")]
    return results, "; ".join(f"{r.node.name}: {(r.message or r.status).strip()}" for r in failed)


def _options(lake: Lake) -> tuple[str, ...]:
    target = str(lake.scratch / "dbt")
    return (
        *("--project-dir", str(DBT_PROJECT)),
        *("--profiles-dir", str(DBT_PROJECT)),
        *("--target-path", target),
        *("--log-path", target),
        *("--log-level", "none", "--log-level-file", "info"),
        *("--no-use-colors", "--no-version-check"),
    )
