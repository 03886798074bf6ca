"""The same job with the lake in a bucket: the same rows, accounts and answers as on files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from lake.store.bucket import s3_client
from orchestration.city import City
from orchestration.flows.ask import ask
from orchestration.flows.trace import trace_row
from orchestration.flows.verify import verify_lake
from orchestration.run import plan
from orchestration.settings import read_settings
from orchestration.summary import Summary
from registry import deliveries
from tests.careless_s3 import Careless, serve
from tests.cli.door import citylake
from tests.flow.conftest import Ran, deliver_tiny, run_city
from tests.flow.few_entries import copy_entries, keep_only
from tests.s3_server import Server, start

pytestmark = pytest.mark.xdist_group("tiny_city")

# The whole tiny city takes 70 s here; these have every kind of rule, repair and backflow.
SOURCES = (
    *("division", "standard_address", "dwelling"),
    *("water_account", "power_account", "gas_account", "water_reading", "hotline_complaint"),
)
MODELS = ("administrative_division", "address", "registered_dwelling")


@dataclass(frozen=True)
class InBucket:
    """A city that has run with its lake in a bucket."""

    city: City
    summary: Summary
    server: Server


@pytest.fixture(scope="module")
def in_bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InBucket]:
    home = tmp_path_factory.mktemp("city_in_bucket")
    deliver_tiny(home)
    keep_only(home / "inbox", SOURCES)
    with start(tmp_path_factory.mktemp("weed")) as server:
        city = City(
            read_settings(
                {
                    "CITYLAKE_HOME": str(home),
                    "CITYLAKE_CATALOG": str(copy_entries((*SOURCES, *MODELS), home / "entries")),
                    "CITYLAKE_LAKE_URL": f"s3://{server.bucket}/guiyang/lake",
                    "AWS_ACCESS_KEY_ID": server.key,
                    "AWS_SECRET_ACCESS_KEY": server.secret,
                    "AWS_ENDPOINT_URL": server.endpoint,
                }
            )
        )
        yield InBucket(city, run_city(city), server)


def rows(city: City) -> dict[str, int]:
    """Count the rows of every table of the few entries."""
    return {
        f"{zone}.{name}": city.lake.scan(zone, name).select(pl.len()).collect().item()
        for zone, name in city.lake.tables()
        if name.partition("__")[0] in {*SOURCES, *MODELS}
    }


def test_the_job_does_its_work_in_a_bucket(in_bucket: InBucket) -> None:
    assert in_bucket.summary.failures == []
    outcomes = {one["table"]: one["outcome"] for one in in_bucket.summary.by_model()}
    assert outcomes == {f"base.{name}": "released" for name in MODELS}


def test_every_account_holds_in_a_bucket(in_bucket: InBucket) -> None:
    found = verify_lake(in_bucket.city)
    assert found.ok, found.problems
    assert found.checked["deliveries"] > 25
    assert found.checked["crossings"] == 3 * 15


def test_tables_hold_as_many_rows_as_on_files(in_bucket: InBucket, ran: Ran) -> None:
    counted = rows(in_bucket.city)
    assert counted == rows(ran.city)
    assert len(counted) == 2 * len(SOURCES) + len(MODELS) + 3 * 14


def test_a_second_run_in_a_bucket_finds_nothing_to_do(in_bucket: InBucket) -> None:
    before = {table: in_bucket.city.lake.version(*table) for table in in_bucket.city.lake.tables()}
    assert plan(in_bucket.city) == ()
    assert run_city(in_bucket.city) == Summary()
    after = {table: in_bucket.city.lake.version(*table) for table in in_bucket.city.lake.tables()}
    assert after == before


@pytest.mark.parametrize("table", ["raw.division", "current.water_reading", "base.address"])
def test_questions_get_the_same_answers_from_a_bucket(table, in_bucket: InBucket, ran: Ran):
    sql = f"select count(*) as n, min(_row) as first from {table}"
    if table == "base.address":
        sql = "select division, count(*) as n from base.address group by all order by all"
    assert ask(in_bucket.city, sql).rows == ask(ran.city, sql).rows


def test_a_row_in_a_bucket_is_traced_to_its_file_and_recipients(in_bucket: InBucket) -> None:
    found = trace_row(in_bucket.city, "raw.division", {"code": "520102"})
    assert [(one["file"], one["outcome"]) for one in found.back] == [
        ("division_2026.csv", "accepted")
    ]
    assert "base.administrative_division" in {one["table"] for one in found.forward}


def test_a_source_that_no_table_reads_goes_nowhere(in_bucket: InBucket) -> None:
    readings = in_bucket.city.lake.scan("raw", "water_reading").head(1).collect()
    row = readings.row(0, named=True)
    key = {"meter_id": row["meter_id"], "read_on": str(row["read_on"])}
    trace = trace_row(in_bucket.city, "raw.water_reading", key)
    assert trace.back
    assert trace.forward == []


def test_every_delivered_byte_is_in_the_bucket_and_no_table_beside_it(in_bucket: InBucket) -> None:
    client = s3_client(in_bucket.server.credentials)
    found = client.list_objects(in_bucket.server.bucket, "guiyang/lake/_archive/", recursive=True)
    digests = {item.object_name.rpartition("/")[2] for item in found}
    registry = in_bucket.city.registry
    delivered = {r.delivery.digest for name in SOURCES for r in deliveries.all_of(registry, name)}
    assert delivered
    assert delivered <= digests
    home = in_bucket.city.settings.home
    assert not (home / "lake").exists()
    assert not (home / "archive").exists()


def test_a_run_on_a_store_that_loses_commits_is_refused_in_one_line(tmp_path: Path) -> None:
    waiting = tmp_path / "inbox" / "division" / "division_2026.csv"
    waiting.parent.mkdir(parents=True)
    waiting.write_text("anything", encoding="utf-8")
    with serve(Careless) as who:
        said = citylake(
            "run",
            home=tmp_path,
            CITYLAKE_LAKE_URL="s3://lake/x",
            AWS_ENDPOINT_URL=who.endpoint,
            AWS_ACCESS_KEY_ID=who.key,
            AWS_SECRET_ACCESS_KEY=who.secret,
        )
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("citylake: s3://lake/x: unfit for concurrent writers")
    assert "ignores If-None-Match" in said.err
    assert said.err.count("\n") == 1
    assert waiting.read_text(encoding="utf-8") == "anything"
