"""The real dbt, run in process over a real lake: once on a small city, once on nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from catalog.entry import Entry
from catalog.load import Catalog, load_catalog
from catalog.schema import DELIVERY, ROW, raw_schema, table_schema
from lake.tables import Lake, open_lake
from lake.views import Current, Pin
from tests.dbt.raw_city import Rows, raw_city

PROJECT = Path(__file__).parents[2] / "dbt_project"
Tables = Mapping[str, pl.DataFrame]


def linked(catalog: Catalog) -> list[Entry]:
    """Return the tables that linking makes, which dbt reads: they are empty here."""
    return [entry for entry in catalog.models() if entry.linkage is not None]


def row(table: pl.DataFrame, **key: str) -> dict[str, Any]:
    """Return the one row of that key."""
    return table.filter(**key).row(0, named=True) if table.filter(**key).height == 1 else {}


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that dbt compiles into."""
    return tmp_path_factory.mktemp("target")


@pytest.fixture(scope="session")
def build(
    catalog: Catalog, target: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Tables]:
    """Return the build of all models over the given raw rows, dbt's own tests included."""

    def run(raw: Mapping[str, Rows]) -> Tables:
        home = tmp_path_factory.mktemp("home")
        lake = open_lake(
            str(home / "lake"),
            archive=str(home / "archive"),
            scratch=home / "scratch",
            credentials=None,
        )
        pins = [_pin(lake, entry, raw.get(entry.name), home) for entry in catalog.sources()]
        pins += [Pin(e.zone, e.name, None, table_schema(e)) for e in linked(catalog)]
        # Unit tests bring rows of their own: once is enough for both cities.
        return _run_dbt(lake, pins, target, () if raw else ("--exclude-resource-type", "unit_test"))

    return run


@pytest.fixture(scope="session")
def city(build: Callable[..., Tables]) -> Tables:
    return build(raw_city())


@pytest.fixture(scope="session")
def nothing(build: Callable[..., Tables]) -> Tables:
    return build({})


@pytest.fixture
def compiled(nothing: Tables, target: Path) -> dict[str, str]:
    """Return the SQL of every model as dbt compiled it."""
    files = (target / "compiled").rglob("models/**/*.sql")
    models = [path for path in files if not any(part.endswith(".yml") for part in path.parts)]
    return {path.stem: path.read_text(encoding="utf-8") for path in models}


def _pin(lake: Lake, entry: Entry, rows: Rows | None, home: Path) -> Pin:
    """Commit the rows as the one delivery `<resource>-1`; None was never delivered."""
    schema = raw_schema(entry)
    delivery = f"{entry.name}-1"
    current = Current(entry.update.mode, entry.key, ((delivery, dt.date(2026, 1, 1), 1),))
    if rows is None:
        return Pin("raw", entry.name, None, schema, current)
    numbered = [row | {DELIVERY: delivery, ROW: n} for n, row in enumerate(rows, start=1)]
    staged = home / f"{entry.name}.parquet"
    pl.DataFrame(numbered, schema=schema).write_parquet(staged)
    done = lake.commit("raw", entry.name, [staged], schema=schema, action=delivery, metadata={})
    return Pin("raw", entry.name, done.version, schema, current)


def _run_dbt(lake: Lake, pins: list[Pin], target: Path, but: tuple[str, ...]) -> Tables:
    from dbt.cli.main import dbtRunner

    from lake.dbt_plugin import bind

    with bind(lake, pins, build="test") as binding:
        ran = dbtRunner().invoke(
            [
                *("build", "--quiet", "--project-dir", str(PROJECT)),
                *("--profiles-dir", str(PROJECT)),
                *("--target-path", str(target), "--log-path", str(target), *but),
            ]
        )
    if not ran.success:
        failed = [r for r in getattr(ran.result, "results", ()) if r.status in ("error", "fail")]
        pytest.fail(f"{ran.exception}; {[(r.node.name, r.message) for r in failed]}", pytrace=False)
    return {
        name: lake.scan(zone, name, done.version).collect()
        for (zone, name), done in binding.results.items()
    }
