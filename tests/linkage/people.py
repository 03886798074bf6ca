"""A few claims and records in a DuckDB session, as the base tables hold them.

Keep out: what is expected (the tests).
"""

from __future__ import annotations

import duckdb
import polars as pl

CLAIM = {
    "claim": pl.String, "kind": pl.String, "entity": pl.String, "core": pl.String,
    "address_code": pl.String, "division": pl.String, "road": pl.String,
    "house_number": pl.String, "building": pl.String, "room": pl.String,
    "_deliveries": pl.List(pl.String),
}  # fmt: skip
RECORD = {"record": pl.String, **{n: t for n, t in CLAIM.items() if n != "claim"}}
MEMBER = {
    "member": pl.String, "nth": pl.Int64, "entity_id": pl.String, "kind": pl.String,
    "since": pl.Date, "until": pl.Date, "_deliveries": pl.List(pl.String),
}  # fmt: skip


def person(key: str, core: str, at: str | None, *, entity: str | None = None) -> dict[str, object]:
    """Return a claim or record of a person at a home of that number on one road."""
    return {
        "claim": key, "record": key, "kind": "person", "entity": entity, "core": core,
        "address_code": at, "division": "520103", "road": "黔灵路", "house_number": "1",
        "building": "1", "room": at, "_deliveries": [key],
    }  # fmt: skip


def town(size: int = 300) -> list[dict[str, object]]:
    """Return records of people nobody asks for: a register is large beside one claim."""
    return [person(f"person:{n}", f"众{n}", f"h{n}", entity=str(n)) for n in range(size)]


def put(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rows: list[dict[str, object]],
    schema: dict[str, object],
) -> None:
    """Make a table of schema base."""
    connection.execute("create schema if not exists base")
    frame = pl.DataFrame([{n: row[n] for n in schema} for row in rows], schema=schema)
    connection.register("_rows", frame)
    connection.execute(f"create or replace table base.{table} as select * from _rows")
    connection.unregister("_rows")
