"""What has a key is joined by it: at a city's size a nested loop over accounts never ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from catalog.load import Catalog
from catalog.schema import table_schema
from lake.digest import define_digest
from lake.engine import session
from lake.tables import open_lake
from lake.views import Pin
from orchestration.flows.pins import raw_pin

LOOP = "BLOCKWISE_NL_JOIN"  # every row of one side against every row of the other


@pytest.fixture(scope="module")
def tables(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Return a session in which every view that a model reads is a table, though an empty one.

    A view of no rows would be planned away, and the joins over it.
    """
    home = tmp_path_factory.mktemp("plans")
    lake = open_lake(
        str(home / "lake"),
        archive=str(home / "archive"),
        scratch=home / "scratch",
        credentials=None,
    )
    pins = [raw_pin(entry, ()) for entry in catalog.sources()]
    pins += [Pin(e.zone, e.name, None, table_schema(e)) for e in catalog.models()]
    connection = session(lake, pins)
    define_digest(connection, b"")
    views = "select schema_name, view_name from duckdb_views() where not internal"
    for schema, view in connection.execute(views).fetchall():
        name = f'"{schema}"."{view}"'
        connection.execute(f"create or replace temp table shown as from {name}")
        connection.execute(f"drop view {name} cascade")
        connection.execute(f"create table {name} as from shown")
    return connection


def loops(plan: dict[str, Any]) -> Iterator[str]:
    """Yield the conditions of the nested loops of a plan."""
    if plan["name"] == LOOP:
        yield plan["extra_info"]["Condition"]
    for child in plan["children"]:
        yield from loops(child)


def explained(tables: duckdb.DuckDBPyConnection, sql: str) -> set[str]:
    found = tables.execute(f"explain (format json) {sql}").fetchone()
    assert found is not None
    return {condition for plan in json.loads(found[1]) for condition in loops(plan)}


def test_no_model_compares_all_rows_where_there_is_a_key(
    compiled: dict[str, str], tables: duckdb.DuckDBPyConnection
) -> None:
    said = {name: explained(tables, sql) for name, sql in compiled.items()}
    assert len(said) > 100
    keyed = {(name, each) for name, all_ in said.items() for each in all_ if " = " in each}
    assert keyed == set()


def test_a_condition_on_the_left_alone_would_be_told(tables: duckdb.DuckDBPyConnection) -> None:
    sql = (
        "select * from base.utility_account as a left join base.address_reading as r "
        "on a.kind = 'residential' and a.address_code = r.address_code"
    )
    (condition,) = explained(tables, sql)
    assert " = " in condition
