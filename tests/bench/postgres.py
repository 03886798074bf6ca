"""A table of PostgreSQL fetched into the inbox, against ConnectorX's bare read of it into memory.

Ours: one snapshot, declared columns, exact text of decimals, Parquet, digest, landed durably, the
cursor written. ConnectorX: `select *` to Arrow, nothing kept.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import adbc_driver_postgresql.dbapi  # noqa: F401 - imported before the clock starts
import connectorx

import ingestion.connectors.sql  # noqa: F401 - likewise
from catalog.load import load_catalog
from catalog.render.entry_yaml import entry_yaml
from orchestration.city import City, now
from orchestration.flows.fetch import fetch
from orchestration.settings import read_settings
from tests.bench.clock import Spent, clock
from tests.servers.postgresql import PostgreSQL, postgresql

RESOURCE = "water_reading"
TABLE = """
create table reading as select
    'W24' || lpad((g % 400000)::text, 8, '0') as meter_id,
    date '2024-01-01' + (g / 400000)::int as read_on,
    ((g % 400000) / 3 + g / 400000)::numeric(12, 2) / 10 as reading_m3,
    (g % 977)::numeric(10, 2) / 100 as usage_m3,
    (array['remote', 'manual', 'estimated'])[1 + g % 3] as read_kind
from generate_series(1, {rows}) as g
"""
ORIGIN = {"connector": "sql", "sql": {"secret": "CITY", "table": "reading", "extract": "full"}}


def prepare(variant: str, rows: int, work: Path) -> None:
    """Fill the table and write the catalog."""
    work.chmod(0o755)  # the server may have to be another user than we
    with postgresql(work / "server") as server, server.connect() as connection:
        connection.execute(TABLE.format(rows=rows))
        connection.execute("vacuum analyze reading")
    shipped = load_catalog().entry(RESOURCE)
    origin = type(shipped.origin).model_validate(ORIGIN)
    quality = shipped.quality.model_copy(update={"rules": ()})  # they name other tables
    fetched = shipped.model_copy(update={"origin": origin, "quality": quality})
    (work / "catalog").mkdir()
    (work / "catalog" / f"{RESOURCE}.yaml").write_text(entry_yaml(fetched), encoding="utf-8")


def ours(variant: str, rows: int, work: Path) -> Spent:
    """Fetch the table into a fresh home; return what that spent, the server's part with it."""
    home = work / "home"
    shutil.rmtree(home, ignore_errors=True)
    with postgresql(work / "server") as server:
        _warm(server)
        city = City(
            read_settings(
                {
                    "CITYLAKE_HOME": str(home),
                    "CITYLAKE_CATALOG": str(work / "catalog"),
                    "CITYLAKE_SECRET_CITY": server.url(),
                }
            )
        )
        _ = city.registry, city.entry(RESOURCE)
        with _clock(work) as spent:
            fetched = fetch(city, RESOURCE, now=now())
    assert fetched.records == rows, fetched.message
    return spent


def rival(variant: str, rows: int, work: Path) -> Spent:
    """Read the table into memory by ConnectorX."""
    with postgresql(work / "server") as server:
        _warm(server)
        with _clock(work) as spent:
            table = connectorx.read_sql(server.url(), "select * from reading", return_type="arrow")
    assert table.num_rows == rows
    return spent


@contextmanager
def _clock(work: Path) -> Iterator[Spent]:
    """Measure what happens inside, in this process and in the server."""
    before = _served(work)
    with clock() as spent:
        yield spent
    spent.cpu_s += _served(work) - before


def _served(work: Path) -> float:
    """Return the CPU seconds of the server: of its processes, and of those that have ended."""
    postmaster = (work / "server" / "data" / "postmaster.pid").read_text().split()[0]
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if path.parent.name == postmaster:
            ticks += sum(map(int, fields[11:15]))
        elif fields[1] == postmaster:
            ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _warm(server: PostgreSQL) -> None:
    """Let the server have its table in memory, as one that is in use has."""
    with server.connect() as connection:
        connection.execute("select max(reading_m3 + usage_m3) from reading")
