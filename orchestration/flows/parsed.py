"""The dbt project as parsed: in one process once for each state of its files.

Between processes dbt keeps it itself (partial parsing). Keep out: running it.
"""

from __future__ import annotations

import gc
import pickle
from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from orchestration.graph import DBT_PROJECT

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

FOLDERS = ("models", "macros", "tests")
_PARSED: dict[str, bytes] = {}  # by the state of the project's files


class WarehouseError(Exception):
    """The dbt project itself is wrong; no model can be built."""


def parsed_project(options: Sequence[str]) -> Manifest:
    """Return a manifest of one's own: dbt compiles into the one that it is given.

    Parsing anew and writing the manifest again cost half of a model's time (1.0 against 0.45 s).
    """
    from dbt.contracts.graph.manifest import Manifest

    state = _state()
    if state not in _PARSED:
        _PARSED.clear()
        _PARSED[state] = _parse(options)
        _spare_the_collector()
    return Manifest(**pickle.loads(_PARSED[state]))  # noqa: S301 - our own bytes


def _parse(options: Sequence[str]) -> bytes:
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    parsed = dbtRunner().invoke(["parse", *options])
    if not isinstance(parsed.result, Manifest):
        raise WarehouseError(f"dbt_project cannot be parsed: {parsed.exception}")
    # dbt's own pickling of a manifest shifts its fields (1.11.16): name them one by one.
    names = [field.name for field in fields(parsed.result) if not field.name.startswith("_")]
    return pickle.dumps({name: getattr(parsed.result, name) for name in names})


def _spare_the_collector() -> None:
    """Let garbage collection pass by what is imported by now, and come less often.

    Each model makes a manifest's worth of objects, after which all of Dagster, dbt and Great
    Expectations was gone through again: a fifth of a run's CPU (14 of 69 s; 5 s since).
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _state() -> str:
    files = sorted(DBT_PROJECT.glob("*.yml"))
    files += [path for folder in FOLDERS for path in sorted((DBT_PROJECT / folder).rglob("*.*"))]
    return "\n".join(f"{path}:{path.stat().st_mtime_ns}" for path in files)
