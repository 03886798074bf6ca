from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from lake.engine import prepare, select, session
from lake.errors import LakeError
from lake.tables import Lake, open_lake
from lake.text import literal
from lake.views import Current, Pin, create_views
from tests.lake.frames import SCHEMA, readings, stage

RAW = {"meter": pl.String(), "use": pl.Int64(), "_delivery": pl.String(), "_row": pl.Int64()}


def deliver(lake: Lake, delivery: str, *rows: tuple[str, int]) -> int:
    frame = pl.DataFrame(
        [(meter, use, delivery, n) for n, (meter, use) in enumerate(rows, 1)],
        schema=RAW,
        orient="row",
    )
    path = stage(frame, lake.scratch)
    done = lake.commit("raw", "reading", [path], schema=RAW, action=delivery, metadata={})
    return done.version


def current(mode: str, *deliveries: tuple[str, int, int]) -> Current:
    order = tuple((name, dt.date(2026, 3, day), number) for name, day, number in deliveries)
    return Current(mode, ("meter",), order)


def rows(lake: Lake, pin: Pin, sql: str) -> list[tuple[object, ...]]:
    with session(lake, [pin]) as connection:
        return select(connection, sql).fetchall()


def test_a_view_shows_the_pinned_version_and_not_a_later_one(lake):
    deliver(lake, "d1", ("W1", 1))
    deliver(lake, "d2", ("W2", 2))
    sql = "select meter from raw.reading order by meter"
    assert rows(lake, Pin("raw", "reading", 0, RAW), sql) == [("W1",)]
    assert rows(lake, Pin("raw", "reading", 1, RAW), sql) == [("W1",), ("W2",)]


def test_a_table_without_a_version_is_an_empty_view_of_its_columns(local_lake):
    with session(local_lake, [Pin("base", "reading", None, SCHEMA)]) as connection:
        empty = select(connection, "from base.reading").pl()
    assert (empty.height, empty.columns) == (0, list(SCHEMA))
    assert empty.schema["usage_m3"] == pl.Decimal(10, 2)
    assert empty.schema["_rules"] == pl.List(pl.String)


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        (current("snapshot", ("d1", 1, 1), ("d2", 2, 2)), [("W2", 20), ("W3", 30)]),
        (current("snapshot", ("d1", 2, 1), ("d2", 1, 2)), [("W1", 1), ("W2", 2)]),
        (current("snapshot", ("d1", 1, 2), ("d2", 1, 1)), [("W1", 1), ("W2", 2)]),
        (current("upsert", ("d1", 1, 1), ("d2", 2, 2)), [("W1", 1), ("W2", 20), ("W3", 30)]),
        (current("append", ("d1", 2, 1), ("d2", 1, 2)), [("W1", 1), ("W2", 2), ("W3", 30)]),
        (current("append", ("d1", 1, 1)), [("W1", 1), ("W2", 2)]),
        (current("append"), []),
        (current("snapshot"), []),
    ],
)
def test_current_follows_mode_and_order_of_the_deliveries_in_force(
    local_lake, reader, described, expected
):
    deliver(local_lake, "d1", ("W1", 1), ("W2", 2))
    version = deliver(local_lake, "d2", ("W2", 20), ("W3", 30))
    create_views(reader, local_lake, [Pin("raw", "reading", version, RAW, described)])
    sql = "select meter, use from current.reading order by meter"
    assert reader.execute(sql).fetchall() == expected


def test_current_is_read_from_a_bucket(bucket_lake):
    deliver(bucket_lake, "d1", ("W1", 1), ("W2", 2))
    version = deliver(bucket_lake, "d2", ("W2", 20))
    described = current("upsert", ("d1", 1, 1), ("d2", 2, 2))
    pin = Pin("raw", "reading", version, RAW, described)
    sql = "select meter, use from current.reading order by meter"
    assert rows(bucket_lake, pin, sql) == [("W1", 1), ("W2", 20)]


def test_current_of_a_table_without_a_version_is_empty(local_lake):
    pin = Pin("raw", "reading", None, RAW, current("upsert", ("d1", 1, 1), ("d2", 2, 2)))
    assert rows(local_lake, pin, "from current.reading") == []


def test_instants_show_the_citys_time(local_lake):
    sql = "select cast(timestamptz '2026-03-01 17:00:00+00' as date)"
    assert rows(local_lake, Pin("raw", "reading", None, RAW), sql) == [(dt.date(2026, 3, 2),)]


def test_a_connection_that_has_spilled_serves_the_next_build(local_lake):
    with session(local_lake, [], memory="64MB") as connection:
        connection.execute("create temp table many as select range as n from range(20_000_000)")
        assert list((local_lake.scratch / "spill").iterdir())
        prepare(connection, local_lake, memory="1GB")
        assert connection.execute("select count(*) from many").fetchone() == (20_000_000,)


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """Return a session on one empty table, and its lake that holds more than that."""
    folder = tmp_path_factory.mktemp("closed")
    lake = open_lake(
        str(folder / "lake"), archive=str(folder), scratch=folder / "scratch", credentials=None
    )
    deliver(lake, "d1", ("W1", 1))
    stage(readings(1), lake.scratch).rename(lake.scratch / "candidate.parquet")
    return lake, session(lake, [Pin("raw", "other", None, RAW)])


@pytest.mark.parametrize(
    "sql",
    [
        "drop view raw.other",
        "create table t as select 1",
        "copy (select 1) to '{scratch}/out.csv'",
        "select 1; select 2",
        "set memory_limit = '9GB'",
        "attach '{scratch}/other.db'",
        "install spatial",
        "",
        "selec 1",
        "select * from nowhere",
        "from read_text('/etc/hostname')",
        "from read_parquet('{scratch}/candidate.parquet')",
        "from delta_scan('{other}')",
    ],
)
def test_a_session_reads_the_lake_and_does_nothing_else(closed, sql):
    lake, connection = closed
    scratch, other = (
        path.replace("'", "''") for path in (str(lake.scratch), lake.uri("raw", "reading"))
    )
    with pytest.raises(LakeError, match="query: "):
        select(connection, sql.format(scratch=scratch, other=other))


def test_a_version_that_does_not_exist_is_named(local_lake):
    deliver(local_lake, "d1", ("W1", 1))
    with pytest.raises(LakeError, match=r"raw\.reading version 7: cannot be read"):
        session(local_lake, [Pin("raw", "reading", 7, RAW)])


def test_a_literal_is_a_value_and_not_sql(local_lake):
    value = "a'; drop"
    with session(local_lake, []) as connection:
        assert select(connection, f"select {literal(value)}").fetchall() == [(value,)]


def test_a_session_does_not_import_pandas(local_lake):
    deliver(local_lake, "d1", ("W1", 1))
    code = (
        "import sys, datetime; from pathlib import Path; from lake.tables import open_lake;"
        "from lake.engine import session, select; from lake.views import Current, Pin;"
        f"lake = open_lake({local_lake.place.root!r}, archive='a', scratch=Path('.'),"
        " credentials=None);"
        "now = Current('append', ('meter',), (('d1', datetime.date(2026, 3, 1), 1),));"
        "run = session(lake, [Pin('raw', 'reading', 0, {}, now)]);"
        "print(select(run, 'from current.reading').fetchall(), 'pandas' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=local_lake.scratch,
        env={"PYTHONPATH": str(root)},
        check=True,
    )
    assert done.stdout == "[('W1', 1, 'd1', 1)] False\n"
