"""DuckDB sessions over the lake: views of tables at pinned versions, for reading only.

Keep out: writing (commit) and what a view of a zone means (views).
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

import duckdb

from catalog.schema import CITY_ZONE
from lake.errors import LakeError
from lake.tables import Lake
from lake.text import literal
from lake.views import Pin, create_views

READING = {"SELECT", "EXPLAIN"}


def session(
    lake: Lake, pins: Sequence[Pin], *, memory: str = "2GB", threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """Open a session with the pinned views, for code of ours; `select` is for others' SQL."""
    connection = duckdb.connect(config={"threads": threads} if threads else {})
    prepare(connection, lake, memory=memory)
    create_views(connection, lake, pins)
    tables = ", ".join(literal(lake.uri(pin.zone, pin.name)) for pin in pins)
    connection.execute(f"set allowed_directories = [{tables}]")
    return connection


def prepare(connection: duckdb.DuckDBPyConnection, lake: Lake, *, memory: str = "2GB") -> None:
    """Give a connection what it needs to read the lake: extensions, zone, bounds, secret."""
    connection.execute("set autoinstall_known_extensions = false")
    _load(connection, "delta")
    # Dates taken from instants are the city's dates.
    connection.execute(f"set global TimeZone = {literal(CITY_ZONE)}")
    connection.execute(f"set global memory_limit = {literal(memory)}")
    # A folder of its own: DuckDB lets queries read where it spills, and scratch holds candidates.
    _spill_into(connection, str(lake.scratch.absolute() / "spill"))
    _secret(connection, lake)


def _spill_into(connection: duckdb.DuckDBPyConnection, folder: str) -> None:
    """Name the folder once: a database that has spilled refuses to be told even the same again."""
    told = connection.execute("select current_setting('temp_directory')").fetchone()
    if told != (folder,):
        connection.execute(f"set global temp_directory = {literal(folder)}")


def select(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyConnection:
    """Run one statement that only reads; the session then reaches its tables' files alone."""
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.ParserException as error:
        raise LakeError(f"query: {error}") from error
    if len(statements) != 1 or statements[0].type.name not in READING:
        raise LakeError("query: one select statement is expected: the lake is read-only here")
    _close(connection)
    try:
        return connection.execute(statements[0])
    except duckdb.Error as error:
        raise LakeError(f"query: {error}") from error


def _close(connection: duckdb.DuckDBPyConnection) -> None:
    """Shut a session off from other files, for good."""
    locked = connection.execute("select current_setting('lock_configuration')").fetchone()
    if locked == (False,):
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")


def _load(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load an extension from its Python package: no download, nothing written at home."""
    package = resources.files(f"duckdb_extension_{name}")
    path = package / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    connection.execute(f"load {literal(str(path))}")


def _secret(connection: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    who = lake.place.credentials
    if who is None:
        return
    _load(connection, "httpfs")
    scheme, _, host = who.endpoint.partition("://")
    connection.execute(
        f"create or replace secret lake (type s3, key_id {literal(who.key)}, "
        f"secret {literal(who.secret)}, region {literal(who.region)}, endpoint {literal(host)}, "
        f"use_ssl {str(scheme == 'https').lower()}, url_style 'path')"
    )
