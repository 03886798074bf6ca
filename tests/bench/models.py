"""Writing a model to Delta through dbt against DuckDB's own Parquet copy of the same query.

Ours: dbt's invocation, the copy, statistics, the checks of the commit, the commit. Both read
the same Delta table. Variant `by-day` writes a file for each of 30 days, as volume tables do.
"""

from __future__ import annotations

import datetime as dt
import shutil
import time
from pathlib import Path

import duckdb
import polars as pl

from lake.engine import session
from lake.tables import Lake, open_lake
from lake.views import Pin
from tests.bench.clock import Spent, clock

PROJECT = Path(__file__).parents[2] / "dbt_project"
DAYS = 30
SCHEMA: dict[str, pl.DataType] = {
    "meter_id": pl.String(),
    "read_on": pl.Date(),
    "reading_m3": pl.Decimal(10, 2),
    "usage_m3": pl.Decimal(10, 2),
    "read_kind": pl.String(),
    "_delivery": pl.String(),
    "_row": pl.Int64(),
}
SOURCES = "version: 2\nsources:\n  - name: raw\n    tables: [{name: reading}]\n"
MODEL = """
select
    'water' as utility, meter_id, read_on, usage_m3, 'm3' as unit, read_kind,
    {deliveries} as _deliveries
from {source}
"""


def prepare(variant: str, rows: int, work: Path) -> None:
    """Write the readings, a delivery a day, and a project of one model."""
    lake = _lake(work)
    if not lake.exists("raw", "reading"):
        for day in range(DAYS):
            _deliver(lake, dt.date(2026, 1, 1) + dt.timedelta(days=day), rows // DAYS)
    folder = work / variant
    shutil.copytree(PROJECT / "macros", folder / "macros")
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copyfile(PROJECT / name, folder / name)
    models = folder / "models"
    models.mkdir()
    (models / "_sources.yml").write_text(SOURCES)
    config = "schema='base'" + (", partition_by='read_on'" if variant == "by-day" else "")
    sql = MODEL.format(
        deliveries="{{ deliveries_of(['_delivery']) }}", source="{{ source('raw', 'reading') }}"
    )
    (models / "written.sql").write_text(f"{{{{ config({config}) }}}}{sql}")


def ours(variant: str, rows: int, work: Path) -> Spent:
    """Build the model; imports and parsing are paid by a build over no rows before."""
    lake = _lake(work)
    _build(lake, work / variant, Pin("raw", "reading", None, SCHEMA), "warm")
    pin = _pin(lake)
    with clock() as spent:
        _build(lake, work / variant, pin, f"build-{time.time_ns()}")
    found = lake.scan("base", "written").select(pl.len()).collect().item()
    assert found == rows // DAYS * DAYS, found
    return spent


def rival(variant: str, rows: int, work: Path) -> Spent:
    """Copy the same query to one Parquet file by DuckDB."""
    lake, target = _lake(work), work / f"{variant}.parquet"
    target.unlink(missing_ok=True)
    sql = MODEL.format(deliveries="list_sort(list_distinct([_delivery]))", source="raw.reading")
    with session(lake, [_pin(lake)]) as connection, clock() as spent:
        connection.execute(f"copy ({sql}) to '{target}' (format parquet, compression zstd)")
    assert duckdb.sql(f"select count(*) from '{target}'").fetchone() == (rows // DAYS * DAYS,)
    return spent


def _build(lake: Lake, folder: Path, pin: Pin, build: str) -> None:
    from dbt.cli.main import dbtRunner

    from lake.dbt_plugin import bind

    with bind(lake, [pin], build=build):
        done = dbtRunner().invoke(
            [
                *("run", "--quiet", "--project-dir", str(folder), "--profiles-dir", str(folder)),
                *("--target-path", str(folder / "target"), "--log-path", str(folder / "target")),
            ]
        )
    assert done.success, [r.message for r in done.result or ()]


def _deliver(lake: Lake, day: dt.date, meters: int) -> None:
    numbers = pl.int_range(meters, eager=True)
    frame = pl.select(
        pl.format("W{}", numbers.cast(pl.String).str.zfill(10)).alias("meter_id"),
        pl.lit(day).alias("read_on"),
        (numbers % 90_000 + day.day).cast(pl.Decimal(10, 2)).alias("reading_m3"),
        (numbers * 7919 % 50).cast(pl.Decimal(10, 2)).alias("usage_m3"),
        pl.lit("remote").alias("read_kind"),
        pl.lit(f"{day:%Y%m%d}").alias("_delivery"),
        (numbers + 1).alias("_row"),
    )
    path = lake.scratch / f"{day}.parquet"
    frame.write_parquet(path)
    action = f"{day}"
    lake.commit("raw", "reading", [path], schema=SCHEMA, action=action, metadata={})


def _pin(lake: Lake) -> Pin:
    return Pin("raw", "reading", lake.version("raw", "reading"), SCHEMA)


def _lake(work: Path) -> Lake:
    return open_lake(
        str(work / "lake"),
        archive=str(work / "archive"),
        scratch=work / "scratch",
        credentials=None,
    )
