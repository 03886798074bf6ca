"""The analysts' file: a DuckDB database of views that any client opens, no extension needed.

Views name the Parquet files of released versions. It is written beside and renamed, so that who
has it open goes on reading what was there. Keep out: what is released (flows).
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from lake.engine import prepare
from lake.errors import LakeError
from lake.tables import Lake
from lake.text import identifier, literal
from lake.views import Pin, create_views

SHOWN = "citylake.tables"  # what the file shows: one row a table, for people and for ourselves
COLUMNS = "zone varchar, name varchar, title varchar, version bigint, release bigint, "
COLUMNS += "released_at timestamptz, rows bigint"
READ_ONLY = 0o444


@dataclass(frozen=True)
class Shown:
    """A released table with the words that a reader needs."""

    pin: Pin
    title: str
    items: Mapping[str, str]  # column → title
    release: int
    released_at: dt.datetime
    rows: int


def shown(path: Path) -> dict[tuple[str, str], int]:
    """Return the release that the file shows of each table; nothing when it is not there."""
    if not path.exists():
        return {}
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            found = connection.execute(f"select zone, name, release from {SHOWN}").fetchall()
    except duckdb.Error:  # of another version, or damaged: it is made anew
        return {}
    return {(zone, name): release for zone, name, release in found}


def publish(
    path: Path,
    lake: Lake,
    tables: Sequence[Shown],
    *,
    gone: Collection[tuple[str, str]] = (),
    anew: bool = False,
) -> None:
    """Show these tables in the file, and no longer those that are gone; the others stay.

    `anew`: there is no file that can be read, so that nothing of it stays.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    try:
        if not anew:
            shutil.copyfile(path, part)
        with duckdb.connect(str(part)) as connection:
            if lake.place.credentials is not None:
                prepare(connection, lake)
            connection.execute("begin")
            _write(connection, lake, tables, gone)
            connection.execute("commit")
        part.chmod(READ_ONLY)
        part.rename(path)
    except (duckdb.Error, OSError) as error:
        raise LakeError(f"{path}: cannot be written: {error}") from error
    finally:
        part.unlink(missing_ok=True)


def _write(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    tables: Sequence[Shown],
    gone: Collection[tuple[str, str]],
) -> None:
    connection.execute("create schema if not exists citylake")
    connection.execute(f"create table if not exists {SHOWN} ({COLUMNS})")
    for zone, name in {*gone, *((one.pin.zone, one.pin.name) for one in tables)}:
        where = f"zone = {literal(zone)} and name = {literal(name)}"
        connection.execute(f"delete from {SHOWN} where {where}")
    for zone, name in gone:
        connection.execute(f"drop view if exists {identifier(zone)}.{identifier(name)} cascade")
    create_views(connection, lake, [one.pin for one in tables], plain=True)
    for one in tables:
        _describe(connection, one)


def _describe(connection: duckdb.DuckDBPyConnection, one: Shown) -> None:
    """Write the titles onto the views, and what is shown of which release into the list."""
    pin = one.pin
    for zone in (pin.zone, *(("current", "history") if pin.current is not None else ())):
        view = f"{identifier(zone)}.{identifier(pin.name)}"
        connection.execute(f"comment on view {view} is {literal(one.title)}")
        for column, title in one.items.items():
            about = f"{view}.{identifier(column)}"
            connection.execute(f"comment on column {about} is {literal(title)}")
    at = literal(one.released_at.isoformat())
    texts = ", ".join(literal(text) for text in (pin.zone, pin.name, one.title))
    version = "null" if pin.version is None else pin.version  # nothing of it was ever stored
    numbers = f"{version}, {one.release}, timestamptz {at}, {one.rows}"
    connection.execute(f"insert into {SHOWN} values ({texts}, {numbers})")
