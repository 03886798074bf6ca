"""The dbt-duckdb plugin that reads pinned versions and writes models to Delta by the commit.

dbt makes the plugin itself, so a caller binds the lake around `dbtRunner().invoke`.
Keep out: the macros that call it (dbt_project/macros) and running dbt (orchestration).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.duckdb.utils import TargetConfig

from lake.change import Committed
from lake.digest import define_digest
from lake.engine import prepare
from lake.errors import LakeError
from lake.model import Order, Part, write_part, write_whole
from lake.slices import At, files_of
from lake.tables import Lake
from lake.text import literal
from lake.views import Pin, create_views


@dataclass(frozen=True)
class Binding:
    """The lake that models of one build read and write; `results` by (zone, name)."""

    lake: Lake
    pins: tuple[Pin, ...]
    build: str
    memory: str
    inputs: str = "{}"  # what the models of this build are made of, as the commit is to keep it
    part: Part | None = None  # what of one model is made anew; None: models as a whole
    key: bytes = field(default=b"", repr=False)  # of digests of what must not be shown
    results: dict[tuple[str, str], Committed] = field(default_factory=dict)

    def versions(self) -> dict[str, int | None]:
        """Return the version of every table that a model of this build may have read."""
        pinned = {f"{pin.zone}.{pin.name}": pin.version for pin in self.pins}
        return pinned | {f"{z}.{n}": done.version for (z, n), done in self.results.items()}


# One at a time: two invocations of dbt in one process share its state and are unsafe.
_TURN = threading.Lock()
_BOUND: list[Binding] = []


@contextmanager
def bind(
    lake: Lake,
    pins: Sequence[Pin],
    *,
    build: str,
    memory: str = "2GB",
    inputs: str = "{}",
    part: Part | None = None,
    key: bytes = b"",
) -> Iterator[Binding]:
    """Hand a lake to the dbt that runs inside this block; others wait for their turn."""
    with _TURN:
        _BOUND.append(Binding(lake, tuple(pins), build, memory, inputs, part, key))
        try:
            yield _BOUND[-1]
        finally:
            _BOUND.clear()


class Plugin(BasePlugin):
    """What dbt calls: `pins` before a run, `delta` for each model."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Start without a connection: dbt hands it over later."""
        self._connection: duckdb.DuckDBPyConnection | None = None

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Keep the connection that dbt opened; it outlives an invocation."""
        self._connection = conn

    def store(self, target_config: TargetConfig) -> None:
        """Do what a macro asks: apply pins, or write one model."""
        if not _BOUND or self._connection is None:
            raise LakeError("dbt runs without a lake: use citylake, or lake.dbt_plugin.bind")
        cursor = self._connection.cursor()
        try:
            if target_config.location is not None and target_config.location.format == "pins":
                _apply_pins(cursor, _BOUND[0])
            else:
                _write_model(cursor, _BOUND[0], target_config)
        finally:
            cursor.close()


def _apply_pins(cursor: duckdb.DuckDBPyConnection, binding: Binding) -> None:
    """Show exactly the pinned versions: views of an earlier build or lake must not remain."""
    prepare(cursor, binding.lake, memory=binding.memory)
    found = "select schema_name, view_name from duckdb_views() where not internal"
    for schema, view in cursor.execute(found).fetchall():
        cursor.execute(f'drop view "{schema}"."{view}" cascade')
    create_views(cursor, binding.lake, binding.pins)
    define_digest(cursor, binding.key)


def _write_model(cursor: duckdb.DuckDBPyConnection, binding: Binding, target: TargetConfig) -> None:
    config: dict[str, Any] = target.config
    zone, name = str(target.relation.schema), str(target.relation.identifier)
    order = Order(
        zone,
        name,
        config["sql"],
        action=f"{binding.build}:{zone}.{name}",
        metadata={
            "build": binding.build,
            "model": config["model"],
            "versions": json.dumps(binding.versions()),
            "inputs": binding.inputs,
        },
        required=tuple(config["required"]),
        partition_by=config["partition_by"],
    )
    part = binding.part
    if part is not None and (part.zone, part.name) == (zone, name):
        done = write_part(cursor, binding.lake, order, part)
        view = files_of(binding.lake, At(zone, name, done.version), part.slices)
    else:
        done = write_whole(cursor, binding.lake, order)
        uri = literal(binding.lake.uri(zone, name))
        view = f"select * from delta_scan({uri}, version := {done.version})"
    binding.results[(zone, name)] = done
    config["out"].update(view=view)
