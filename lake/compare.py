"""Comparing rows that were made again with the rows of a standing table, delivery by delivery.

DuckDB sums two hashes of every row and spills to disk; only deliveries that differ are then
compared row for row. Keep out: how the rows were made again (flows), and what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from catalog.schema import DELIVERY
from lake.columns import duckdb_type
from lake.engine import session
from lake.errors import LakeError
from lake.tables import Lake
from lake.text import literal
from lake.views import Pin

SUMS = "count(*) as rows, sum(hash({0})::hugeint) as one, sum(hash({0}, 'two')::hugeint) as two"


@dataclass(frozen=True)
class Difference:
    """A delivery whose rows differ: rows that only one side has."""

    delivery: str
    missing: int  # made again, and not in the table
    extra: int  # in the table, and not made again


def compare(
    lake: Lake, pin: Pin, files: Sequence[Path], *, memory: str = "2GB"
) -> tuple[Difference, ...]:
    """Return the deliveries whose rows in a pinned table are not those of the files."""
    with session(lake, [pin], memory=memory) as connection:
        try:
            table = f'"{pin.zone}"."{pin.name}"'
            described = connection.execute(f"describe {table}").fetchall()
            stored = {row[0]: row[1] for row in described}
            made = {name: duckdb_type(name, kind) for name, kind in pin.schema.items()}
            columns = {**stored, **made}
            _view(connection, "standing", table, has=stored, columns=columns)
            _view(connection, "again", _made(files, made), has=made, columns=columns)
            return _differences(connection, columns)
        except duckdb.Error as error:
            raise LakeError(f"{pin.zone}.{pin.name}: cannot be compared: {error}") from error


def _made(files: Sequence[Path], columns: Mapping[str, str]) -> str:
    if files:
        return f"read_parquet([{', '.join(literal(str(path)) for path in files)}])"
    nothing = ", ".join(f'null::{kind} as "{name}"' for name, kind in columns.items())
    return f"(select {nothing} where false)"


def _view(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    source: str,
    *,
    has: Mapping[str, str],
    columns: Mapping[str, str],
) -> None:
    """Create a view of the columns of both sides; what this side has not is null."""
    shown = (
        f'"{each}"' if each in has else f'null::{kind} as "{each}"'
        for each, kind in columns.items()
    )
    connection.execute(f"create temp view {name} as select {', '.join(shown)} from {source}")


def _differences(
    connection: duckdb.DuckDBPyConnection, names: Iterable[str]
) -> tuple[Difference, ...]:
    sums = SUMS.format(", ".join(f'"{name}"' for name in names))
    connection.execute(
        "create temp table differing as "
        f"with s as (select {DELIVERY}, {sums} from standing group by all), "
        f"a as (select {DELIVERY}, {sums} from again group by all) "
        f"select coalesce(s.{DELIVERY}, a.{DELIVERY}) as id "
        f"from s full join a on s.{DELIVERY} = a.{DELIVERY} "
        "where s.rows is distinct from a.rows "
        "or s.one is distinct from a.one or s.two is distinct from a.two"
    )
    only = f"from {{0}} semi join differing on {DELIVERY} = id"
    missing = _rows(connection, only.format("again"), only.format("standing"))
    extra = _rows(connection, only.format("standing"), only.format("again"))
    ids = sorted(missing.keys() | extra.keys())
    return tuple(Difference(one, missing.get(one, 0), extra.get(one, 0)) for one in ids)


def _rows(connection: duckdb.DuckDBPyConnection, these: str, those: str) -> dict[str, int]:
    """Count the rows that one side alone has, by delivery."""
    found = connection.execute(
        f"select {DELIVERY}, count(*) from (({these}) except all ({those})) group by all"
    )
    return dict(found.fetchall())
