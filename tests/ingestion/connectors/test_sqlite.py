"""SQLite, where a column may hold anything: all of it comes as text, and judged as such."""

from __future__ import annotations

import sqlite3

import pytest

from catalog.entry import Item
from tests.ingestion.connectors.databases import column, refusal, taken, texts


@pytest.fixture
def url(tmp_path) -> str:
    """Return the address of a database with a table of rubbish."""
    path = tmp_path / "城 市.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (id integer, v)")
        rows = [(1, 10), (2, "水"), (3, 0.1), (4, b"\x00\xff"), (5, None), (6, 2**62)]
        connection.executemany("insert into t values (?, ?)", rows)
    connection.close()
    return f"sqlite:///{path}"


def test_every_kind_of_value_comes_as_its_owner_sees_it(url, tmp_path):
    found = column(url, tmp_path, *texts("v"), table="t")
    assert found == ["10", "水", "0.1", "00ff", None, str(2**62)]


def test_a_window_begins_at_the_bound(url, tmp_path):
    items = (Item(name="id", title="id", type="integer"), *texts("v"))
    words = {"extract": "incremental", "cursor": "id", "overlap": 1, "query": "select * from t"}
    said, rows = taken(url, tmp_path, *items, since=5, **words)
    assert [row["id"] for row in rows] == [5, 6]
    assert said.records == 2


def test_a_database_is_never_written_to_or_made(url, tmp_path):
    missing = f"sqlite:///{tmp_path / 'nowhere.db'}"
    assert refusal(missing, tmp_path, table="t").kind == "unreachable"
    assert not (tmp_path / "nowhere.db").exists()
    error = refusal(url, tmp_path, query="select * from nowhere")
    assert error.kind == "no_such_source"


def test_a_database_of_a_kind_that_no_driver_reads_is_refused(tmp_path):
    assert refusal("duck://127.0.0.1/city", tmp_path, table="t").kind == "rejected"
