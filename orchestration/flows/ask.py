"""Ask: read-only SQL over what everybody may read, at pinned versions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catalog.problem import nearest
from lake.engine import select, session
from lake.errors import LakeError
from lake.views import Pin
from orchestration.city import City
from orchestration.flows.crossing import recipient_schema, recipient_table
from orchestration.flows.pins import pins
from orchestration.flows.supervise import ZONE, supervision_pins
from registry import crossings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TABLE = re.compile(r"\b(?:raw|current|base|thematic)\.\w+")


@dataclass(frozen=True)
class Answer:
    """Rows of a query with the names of its columns, in order."""

    columns: tuple[str, ...]
    rows: list[dict[str, Any]]


def ask(city: City, sql: str) -> Answer:
    """Run one select statement over released tables; LakeError says what is wrong with it."""
    named = set(re.findall(r"\w+", sql))
    tables = [name for name in city.catalog.entries if name in named]
    watched = supervision_pins(city) if ZONE in named else []
    seen = [*pins(city, tables), *_returned(city, named), *watched]
    with session(city.lake, seen) as connection:
        found = _select(city, connection, sql)
        columns = tuple(column[0] for column in found.description or ())
        rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    return Answer(columns, rows)


def _select(city: City, connection: DuckDBPyConnection, sql: str) -> DuckDBPyConnection:
    """Run the statement; where it fails, say which of the tables it names there are not."""
    try:
        return select(connection, sql)
    except LakeError as error:
        known = {f"{e.zone}.{e.name}" for e in city.catalog.entries.values()}
        known |= {f"current.{e.name}" for e in city.catalog.sources()}
        unknown = [name for name in TABLE.findall(sql) if name not in known]
        if "does not exist" not in str(error) or not unknown:
            raise
        raise LakeError(f"query: no table {unknown[0]}{nearest(unknown[0], known)}") from error


def _returned(city: City, named: set[str]) -> list[Pin]:
    """Return the pins of recipients' tables that a query names."""
    found = []
    for each in crossings.latest(city.registry, "backflow"):
        crossing = each.crossing
        table = recipient_table(crossing.name, crossing.recipient)
        if table in named and crossing.target_version is not None:
            schema = recipient_schema(city.entry(crossing.name))
            found.append(Pin("backflow", table, crossing.target_version, schema))
    return found
