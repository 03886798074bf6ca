"""The analysts' file shows what is released, to any client, also to one that has it open."""

from __future__ import annotations

import subprocess
import sys

import duckdb
import pytest

from orchestration.city import City
from orchestration.flows.analyst import analyst_file, refresh
from orchestration.flows.release import release_raw
from tests.orchestration.town import NOW, PARK, VISIT, lay, take_in, town


@pytest.fixture
def city(tmp_path) -> City:
    home = tmp_path / "市 home"
    home.mkdir()
    city = town(home, PARK, VISIT)
    deliver(city, "park_202601.csv", "P1,520102,10", "P2,520103,20")
    return city


def deliver(city: City, name: str, *rows: str) -> None:
    lay(city, "park", name, *rows)
    take_in(city)
    release_raw(city, "park", now=NOW)


def areas(path, table: str = "current.park") -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as client:
        return client.execute(f"select park_id, area_m2 from {table} order by 1, 2").fetchall()


def test_what_is_released_is_shown_once_and_again_when_it_changes(city) -> None:
    assert refresh(city) == ("raw.park",)
    assert refresh(city) == ()
    assert areas(analyst_file(city)) == [("P1", 10), ("P2", 20)]
    deliver(city, "park_202602.csv", "P1,520102,11")
    assert areas(analyst_file(city)) == [("P1", 10), ("P2", 20)], "not shown before it is asked for"
    assert refresh(city) == ("raw.park",)
    assert areas(analyst_file(city)) == [("P1", 11), ("P2", 20)]
    assert areas(analyst_file(city), "raw.park") == [("P1", 10), ("P1", 11), ("P2", 20)]


def test_views_and_columns_bear_their_titles(city) -> None:
    refresh(city)
    with duckdb.connect(str(analyst_file(city)), read_only=True) as client:
        views = client.execute("select schema_name, comment from duckdb_views() where not internal")
        assert ("current", "公园：一个公园一行。") in views.fetchall()
        titles = client.execute("select comment from duckdb_columns() where column_name='area_m2'")
        assert set(titles.fetchall()) == {("面积",)}
        said = client.execute("select zone, name, rows from citylake.tables").fetchall()
    assert said == [("raw", "park", 2)]


def test_a_client_without_extensions_opens_it_and_cannot_write(city) -> None:
    refresh(city)
    script = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True);"
        "c.execute('set autoinstall_known_extensions = false');"
        "print(c.execute('select sum(area_m2) from current.park').fetchone()[0]);"
        'print(c.execute("select count(*) from duckdb_extensions() where loaded and'
        " extension_name in ('delta', 'httpfs')\").fetchone()[0])"
    )
    command = [sys.executable, "-c", script, str(analyst_file(city))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["30", "0"]
    assert analyst_file(city).stat().st_mode & 0o222 == 0


def test_who_has_it_open_goes_on_reading_what_was_there(city) -> None:
    refresh(city)
    script = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True);"
        "print(c.execute('select count(*) from current.park').fetchone()[0], flush=True);"
        "sys.stdin.readline();"
        "print(c.execute('select count(*) from current.park').fetchone()[0])"
    )
    command = [sys.executable, "-c", script, str(analyst_file(city))]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "2\n"
        deliver(city, "park_202602.csv", "P3,520102,30")
        assert refresh(city) == ("raw.park",)
        assert reader.communicate("\n")[0] == "2\n"
    assert len(areas(analyst_file(city))) == 3


def test_a_damaged_file_is_made_anew(city) -> None:
    refresh(city)
    analyst_file(city).unlink()
    analyst_file(city).write_bytes(b"not a database")
    assert refresh(city) == ("raw.park",)
    assert len(areas(analyst_file(city))) == 2
