"""Windows of a database: each row once in the lake, whatever the table did in between."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from orchestration.flows.fetch import fetch
from orchestration.flows.status import read_status
from orchestration.flows.verify import verify_lake
from registry import arrivals, cursors, deliveries
from tests.orchestration.fetching import fetched, meters, town_that_fetches
from tests.orchestration.town import LATER, NOW

pytestmark = pytest.mark.xdist_group("postgresql")

NUMBER = itertools.count(1)
NEW = "secret: CITY, table: meter, extract: incremental, cursor: changed, overlap: 30m"
AT = {number: f"'2026-03-01 0{number}:00+08'" for number in range(1, 10)}


@pytest.fixture
def table(postgres):
    """Return a database with two meters in it: its address, and what runs statements there."""
    url = postgres.new_database(f"town{next(NUMBER)}")

    def run(*statements: str) -> None:
        with postgres.connect(url.rpartition("/")[2]) as connection:
            for statement in statements:
                connection.execute(statement)

    run(
        "create table meter (id int, changed timestamptz, reading_m3 numeric(10,2))",
        f"insert into meter values (1, {AT[1]}, 10.5), (2, {AT[2]}, 20)",
    )
    return url, run


def test_a_full_fetch_of_a_table_that_grew_doubles_nothing(table, tmp_path):
    url, run = table
    city = town_that_fetches(tmp_path, {"CITY": url})
    first, _ = fetched(city)
    assert (first.outcome, first.records, meters(city)) == ("fetched", 2, {1: 10.5, 2: 20})
    run(f"insert into meter values (3, {AT[3]}, 30)", "update meter set reading_m3 = 11 where id=1")
    assert fetched(city, hours=1)[0].records == 3
    assert meters(city) == {1: 11, 2: 20, 3: 30}
    assert verify_lake(city).ok


def test_a_table_that_has_not_changed_is_no_delivery(table, tmp_path):
    city = town_that_fetches(tmp_path, {"CITY": table[0]})
    fetched(city)
    again, collected = fetched(city, hours=1)
    assert (again.outcome, collected) == ("unchanged", [])
    assert len(deliveries.all_of(city.registry, "meter")) == 1


def test_a_snapshot_takes_deleted_rows_away_and_returns_to_an_earlier_state(table, tmp_path):
    url, run = table
    words = "secret: CITY, table: meter, extract: snapshot"
    city = town_that_fetches(tmp_path, {"CITY": url}, words=words, mode="snapshot")
    fetched(city)
    run("delete from meter where id = 1")
    fetched(city, hours=1)
    assert meters(city) == {2: 20}
    run("truncate meter", f"insert into meter values (1, {AT[1]}, 10.5), (2, {AT[2]}, 20)")
    fetched(city, hours=2)
    assert meters(city) == {1: 10.5, 2: 20}
    assert verify_lake(city).ok


@pytest.mark.parametrize(
    "words", [NEW, NEW.replace("table: meter", "query: select * from meter where id < 100")]
)
def test_an_incremental_fetch_takes_what_is_new_and_the_overlap_once(words, table, tmp_path):
    url, run = table
    city = town_that_fetches(tmp_path, {"CITY": url}, words=words)
    fetched(city)
    run(
        f"insert into meter values (3, {AT[4]}, 30), (101, {AT[1]}, 1)",
        # Late, but within the overlap of half an hour before the last cursor.
        "insert into meter values (4, '2026-03-01 01:30+08', 40)",
    )
    second, _ = fetched(city, hours=1)
    assert second.records == 3  # 2 stands in the overlap and comes again
    assert meters(city) == {1: 10.5, 2: 20, 3: 30, 4: 40}
    stored = city.lake.scan("raw", "meter").select(pl.len()).collect().item()
    assert stored == 5
    run(f"update meter set reading_m3 = 21, changed = {AT[5]} where id = 2")
    fetched(city, hours=2)
    assert meters(city) == {1: 10.5, 2: 21, 3: 30, 4: 40}
    assert verify_lake(city).ok


def test_nothing_new_is_no_delivery(table, tmp_path):
    city = town_that_fetches(tmp_path, {"CITY": table[0]}, words=NEW)
    fetched(city)
    for hours in (1, 2):
        again, collected = fetched(city, hours=hours)
        assert (again.outcome, collected, again.is_trouble) == ("unchanged", [], False)


def test_a_cursor_that_goes_backward_is_told_once_and_loses_nothing(table, tmp_path):
    url, run = table
    city = town_that_fetches(tmp_path, {"CITY": url}, words=NEW)
    fetched(city)
    run("delete from meter where id = 2")
    told, _ = fetched(city, hours=1)
    assert told.is_trouble
    assert "no longer has its last cursor" in told.message
    assert fetched(city, hours=2)[0].is_trouble
    counted = arrivals.counts(city.registry)
    assert counted[arrivals.ArrivalOutcome.NOT_FETCHED] == 1
    run(f"insert into meter values (3, {AT[3]}, 30)")
    assert not fetched(city, hours=3)[0].is_trouble
    assert meters(city) == {1: 10.5, 2: 20, 3: 30}


def test_a_date_far_ahead_does_not_hide_what_comes_until_then(table, tmp_path):
    url, run = table
    city = town_that_fetches(tmp_path, {"CITY": url}, words=NEW)
    run("insert into meter values (9, '2999-01-01', 90)")
    fetched(city)
    run(f"insert into meter values (3, {AT[3]}, 30)")
    fetched(city, hours=1)
    assert meters(city) == {1: 10.5, 2: 20, 3: 30, 9: 90}


def test_a_column_that_the_source_gained_is_noted_and_one_that_it_lost_refused(table, tmp_path):
    url, run = table
    city = town_that_fetches(tmp_path, {"CITY": url})
    run("alter table meter add owner text default '张三'")
    first, _ = fetched(city)
    assert "undeclared columns not taken: owner" in first.message
    run("alter table meter drop reading_m3")
    _, (collected,) = fetched(city, hours=1)
    assert collected.outcome == "refused"
    assert "示数" in collected.message
    assert meters(city) == {1: 10.5, 2: 20}


def test_a_source_that_is_gone_is_one_trouble_in_the_registry(table, tmp_path):
    url, run = table
    city = town_that_fetches(tmp_path, {"CITY": url})
    fetched(city)
    run("alter table meter rename to other")
    failed, _ = fetched(city, hours=1)
    assert (failed.outcome, failed.is_trouble) == ("failed", True)
    row = read_status(city, now=LATER).resources[0]
    assert row["fetched_at"] == NOW.isoformat(timespec="seconds")
    assert row["trouble"] == failed.message
    run("alter table other rename to meter")
    fetched(city, hours=2)
    assert read_status(city, now=LATER).resources[0]["trouble"] is None


def test_a_secret_that_is_not_set_is_named(tmp_path):
    failed, _ = fetched(town_that_fetches(tmp_path, {}))
    assert failed.line.startswith("meter: failed: meter: CITYLAKE_SECRET_CITY: is not set")


def test_two_fetchers_at_once_fetch_once(table, tmp_path):
    city = town_that_fetches(tmp_path, {"CITY": table[0]})
    start = threading.Barrier(4)
    outcomes = []

    def one() -> None:
        start.wait()
        outcomes.append(fetch(city, "meter", now=NOW).outcome)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("fetched") == 1
    assert len(fetched(city, hours=1)[1]) == 1
    assert meters(city) == {1: 10.5, 2: 20}


def test_a_window_fetched_twice_before_it_is_collected_is_the_first_and_a_repeat(table, tmp_path):
    """A death between landing a file and writing down where the source stands leaves it so."""
    city = town_that_fetches(tmp_path, {"CITY": table[0]})
    before = fetch(city, "meter", now=NOW)
    cursors.write(city.registry, replace(cursors.every(city.registry)["meter"], digest=None))
    first, second = fetched(city)[1]
    assert (first.outcome, second.outcome) == ("accepted", "repeat")
    assert first.file_name == before.files[0]


KILLED = """
import os, signal, sys
from pathlib import Path
from orchestration.flows import {module} as at
real = at.{seam}
def dying(*given, **more):
    {before}
    done = real(*given, **more)
    os.kill(os.getpid(), signal.SIGKILL)
at.{seam} = dying
from orchestration.city import open_city
from orchestration.flows.fetch import fetch
from tests.orchestration.town import NOW
fetch(open_city(), "meter", now=NOW)
"""
DIE = "os.kill(os.getpid(), signal.SIGKILL)"


@pytest.mark.parametrize(
    ("module", "seam", "before"),
    [
        ("windows", "_take", "pass"),
        ("windows", "land", DIE),
        ("windows", "land", "pass"),
        ("fetch", "cursors.write", "pass"),
    ],
    ids=["taken", "not-landed", "landed", "written-down"],
)
def test_a_fetch_that_was_killed_is_as_if_it_had_not_been(module, seam, before, table, tmp_path):
    url, run = table
    city = town_that_fetches(tmp_path, {"CITY": url}, words=NEW)
    environment = {
        **os.environ,
        "CITYLAKE_HOME": str(city.settings.home),
        "CITYLAKE_CATALOG": str(city.settings.catalog),
        "CITYLAKE_SECRET_CITY": url,
    }
    killed = subprocess.run(
        [sys.executable, "-c", KILLED.format(module=module, seam=seam, before=before)],
        check=False,
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    run(f"insert into meter values (3, {AT[3]}, 30)")
    fetched(city, hours=1)
    assert meters(city) == {1: 10.5, 2: 20, 3: 30}
    assert verify_lake(city).ok
    assert cursors.every(city.registry)["meter"].trouble is None
    assert list((city.settings.inbox / "meter").iterdir()) == []
