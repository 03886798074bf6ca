from __future__ import annotations

import datetime as dt
import json
import shutil
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from dbt.cli.main import dbtRunner
from deltalake import DeltaTable
from polars.testing import assert_frame_equal

from lake.dbt_plugin import bind
from lake.tables import Lake
from lake.views import Current, Pin
from tests.lake.frames import stage

PROJECT = Path(__file__).parents[2] / "dbt_project"
SOURCES = """
version: 2
sources:
  - name: raw
    tables: [{name: reading}]
  - name: current
    tables: [{name: reading}]
"""
STAGING = "select meter_id, usage_m3, _delivery from {{ source('current', 'reading') }}\n"
METER = "select meter_id, usage_m3, list_value(_delivery) as _deliveries from {{ ref('stg') }}\n"
TOTAL = (
    "select count(*) as meters, cast(sum(usage_m3) as decimal(20,2)) as usage_m3,"
    " {extra} as extra from {{{{ ref('meter') }}}} {where}\n"
)
CONTRACT = """
version: 2
models:
  - name: meter
    columns:
      - {name: meter_id, data_type: varchar, constraints: [{type: not_null}]}
      - {name: usage_m3, data_type: "decimal(10,2)"}
      - {name: _deliveries, data_type: "varchar[]"}
"""
RAW = {
    "meter_id": pl.String(),
    "usage_m3": pl.Decimal(10, 2),
    "_delivery": pl.String(),
    "_row": pl.Int64(),
}


def rows(delivery: str, *meters: str | None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "meter_id": meters,
            "usage_m3": [Decimal(n) for n in range(len(meters))],
            "_delivery": delivery,
            "_row": range(1, len(meters) + 1),
        },
        schema=RAW,
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dbt")
    for name in ("dbt_project.yml", "profiles.yml", "macros"):
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copyfile
        copy(PROJECT / name, folder / name)
    write(folder, "staging/_sources.yml", SOURCES)
    write(folder, "staging/stg.sql", STAGING)
    write(folder, "base/contract.yml", CONTRACT)
    write(folder, "base/meter.sql", METER)
    write(folder, "total.sql", total())
    return folder


def write(project: Path, name: str, text: str) -> None:
    path = project / "models" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def total(extra: str = "1", where: str = "") -> str:
    config = "{{ config(schema='thematic') }}\n"
    return config + TOTAL.format(extra=extra, where=where)


@pytest.fixture
def lake(local_lake: Lake) -> Lake:
    return local_lake


def deliver(lake: Lake, frame: pl.DataFrame, delivery: str) -> int:
    path = stage(frame, lake.scratch)
    return lake.commit("raw", "reading", [path], schema=RAW, action=delivery, metadata={}).version


def pin(version: int | None, *deliveries: str) -> Pin:
    order = tuple((name, dt.date(2026, 3, 1), n) for n, name in enumerate(deliveries))
    return Pin("raw", "reading", version, RAW, Current("append", ("meter_id",), order))


def build(project: Path, lake: Lake, pins: list[Pin], *, name: str = "b1", select: str = "*"):
    folders = ["--project-dir", str(project), "--profiles-dir", str(project)]
    quiet = ["--quiet", "--log-level-file", "none", "--select", select]
    with bind(lake, pins, build=name) as binding:
        result = dbtRunner().invoke(["run", *folders, *quiet])
    said = "" if result.success else " ".join(str(r.message) for r in result.result.results)
    return binding.results, said


def test_models_become_versions_of_their_zone_built_from_pinned_rows(project, lake):
    deliver(lake, rows("d1", "W1", "W2"), "d1")
    deliver(lake, rows("d2", "W2", "W3"), "d2")
    results, said = build(project, lake, [pin(0, "d1")])
    assert (said, {key: done.version for key, done in results.items()}) == (
        "",
        {("base", "meter"): 0, ("thematic", "total"): 0},
    )
    assert lake.scan("thematic", "total").collect().row(0) == (2, Decimal(1), 1)
    results, _ = build(project, lake, [pin(1, "d1", "d2")], name="b2")
    assert results["base", "meter"].version == 1
    meters = lake.scan("base", "meter").sort("meter_id").collect()
    assert meters["_deliveries"].to_list() == [["d1"], ["d2"], ["d2"]]
    assert meters["usage_m3"].to_list() == [Decimal(0), Decimal(0), Decimal(1)]


def test_models_are_read_from_and_written_to_a_bucket(project, bucket_lake):
    deliver(bucket_lake, rows("d1", "W1", "W2"), "d1")
    results, said = build(project, bucket_lake, [pin(0, "d1")])
    assert (said, results["base", "meter"].rows) == ("", 2)
    assert bucket_lake.scan("thematic", "total").collect()["meters"].to_list() == [2]


def test_a_repeated_build_finds_its_versions(project, lake):
    deliver(lake, rows("d1", "W1"), "d1")
    build(project, lake, [pin(0, "d1")])
    results, said = build(project, lake, [pin(0, "d1")])
    assert said == ""
    assert {(done.version, done.replayed) for done in results.values()} == {(0, True)}


def test_the_commit_names_build_model_and_the_versions_it_read(project, lake):
    deliver(lake, rows("d1", "W1"), "d1")
    build(project, lake, [pin(0, "d1")])
    info = DeltaTable(lake.uri("thematic", "total")).history(1)[0]
    assert (info["build"], info["model"]) == ("b1", "model.citylake.total")
    assert json.loads(info["versions"]) == {"raw.reading": 0, "base.meter": 0}


def test_sources_without_a_version_give_empty_tables(project, lake):
    results, said = build(project, lake, [pin(None)])
    assert (said, results["base", "meter"].rows) == ("", 0)
    assert lake.scan("base", "meter").collect().schema == {
        "meter_id": pl.String,
        "usage_m3": pl.Decimal(10, 2),
        "_deliveries": pl.List(pl.String),
    }


def test_one_model_builds_on_the_pinned_version_of_another(project, lake):
    schema = {"meter_id": pl.String(), "usage_m3": pl.Decimal(10, 2)}
    frame = rows("d1", "W1", "W2", "W3").select(*schema)
    lake.commit(
        "base", "meter", [stage(frame, lake.scratch)], schema=schema, action="a", metadata={}
    )
    pins = [pin(None), Pin("base", "meter", 0, schema)]
    results, said = build(project, lake, pins, select="total")
    assert (said, list(results)) == ("", [("thematic", "total")])
    assert lake.scan("thematic", "total").collect()["meters"].to_list() == [3]


def test_a_null_in_a_required_column_commits_nothing_and_is_named(project, lake):
    deliver(lake, rows("d1", "W1", None), "d1")
    results, said = build(project, lake, [pin(0, "d1")])
    assert "column meter_id must not be null" in said
    assert (results, lake.exists("base", "meter")) == ({}, False)


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ("sum(cast(1 as bigint))", "column extra: no Delta type for DuckDB HUGEINT"),
        ("timestamp '2026-01-01'", "column extra: no Delta type for DuckDB TIMESTAMP"),
        ("uuid()", "column extra: no Delta type for DuckDB UUID"),
    ],
)
def test_a_type_that_delta_lacks_is_refused_by_column(project, lake, extra, says):
    write(project, "total.sql", total(extra))
    _, said = build(project, lake, [pin(None)])
    write(project, "total.sql", total())
    assert says in said
    assert not lake.exists("thematic", "total")


def test_a_model_that_breaks_its_contract_is_refused(project, lake):
    write(project, "base/meter.sql", METER.replace("usage_m3,", "1 as usage_m3,"))
    _, said = build(project, lake, [pin(None)])
    write(project, "base/meter.sql", METER)
    assert "usage_m3" in said
    assert not lake.exists("base", "meter")


def test_a_model_may_change_its_columns(project, lake):
    build(project, lake, [pin(None)])
    write(project, "total.sql", total("cast('x' as varchar)"))
    results, said = build(project, lake, [pin(None)], name="b2")
    write(project, "total.sql", total())
    assert (said, results["thematic", "total"].version) == ("", 1)
    assert lake.scan("thematic", "total").collect()["extra"].to_list() == ["x"]
    assert_frame_equal(
        lake.scan("thematic", "total", 0).select("extra").collect(),
        pl.DataFrame({"extra": [1]}, schema={"extra": pl.Int32}),
    )


def test_dbt_without_a_lake_says_so(project):
    folders = ["--project-dir", str(project), "--profiles-dir", str(project)]
    result = dbtRunner().invoke(["run", *folders, "--quiet", "--log-level-file", "none"])
    assert not result.success
    said = str(result.exception) + " ".join(str(r.message) for r in result.result or ())
    assert "dbt runs without a lake" in said
