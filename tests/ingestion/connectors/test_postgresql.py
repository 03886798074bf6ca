"""PostgreSQL: every type exact, one snapshot, bounded in time and bytes, no word of credentials."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from decimal import Decimal

import pytest

from catalog.entry import Item
from ingestion.connectors.source import SourceRefused
from tests.ingestion.connectors.databases import (
    assert_read_as_of_one_moment,
    column,
    refusal,
    taken,
    texts,
)
from tests.servers.postgresql import PASSWORD

pytestmark = pytest.mark.xdist_group("postgresql")

NUMBER = itertools.count(1)
LONG = "贵阳市南明区中华南路" * 100_000
METER = Item(name="meter_id", title="水表编号", type="string", key=True)
READ_ON = Item(name="read_on", title="抄表日期", type="date")
USAGE = Item(name="usage_m3", title="用水量", type="decimal", precision=(10, 2))


@pytest.fixture
def url(postgres) -> str:
    """Return the address of a database of this test's own."""
    return postgres.new_database(f"source{next(NUMBER)}")


@pytest.fixture
def run(postgres, url):
    """Return a function that runs statements in this test's database."""

    def execute(*statements: str) -> None:
        with postgres.connect(url.rpartition("/")[2]) as connection:
            for statement in statements:
                connection.execute(statement)

    return execute


@pytest.mark.parametrize(
    ("kind", "written", "found"),
    [
        ("smallint", "-32768", "-32768"),
        ("bigint", "9223372036854775807", "9223372036854775807"),
        ("numeric", "12345678901234567890.123456789", "12345678901234567890.123456789"),
        ("numeric(12,3)", "-0.100", "-0.100"),
        ("numeric", "'NaN'", "NaN"),
        ("real", "0.1", "0.1"),
        ("double precision", "0.30000000000000004", "0.30000000000000004"),
        ("money", "1234.56", "1234.56"),
        ("boolean", "true", "true"),
        ("text", "'水表 𠮷㐂 😀'", "水表 𠮷㐂 😀"),
        ("varchar(9)", "'a''b\"c\\d'", "a'b\"c\\d"),
        ("bytea", r"'\x00ff'", "00ff"),
        ("json", """'{"a": 1.10, "b": "水"}'""", '{"a": 1.10, "b": "水"}'),
        ("jsonb", """'{"a": 1.10}'""", '{"a": 1.10}'),
        ("mood", "'好'", "好"),
        ("integer[]", "'{1,NULL,3}'", "{1,NULL,3}"),
        ("text[]", """'{"a,b",水}'""", '{"a,b",水}'),
        ("uuid", "'6F9619FF-8B86-D011-B42D-00C04FC964FF'", "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
        ("inet", "'10.0.0.1'", "10.0.0.1/32"),
        ("interval", "'1 month 2 days'", "1 mon 2 days"),
        ("time", "'12:30:00.5'", "12:30:00.5"),
        ("date", "'2026-02-28'", "2026-02-28"),
        ("date", "'infinity'", "infinity"),
        ("date", "'0044-03-15 BC'", "0044-03-15 BC"),
        ("timestamp", "'2026-03-01 08:00:00.123456'", "2026-03-01 08:00:00.123456"),
        ("timestamp", "'-infinity'", "-infinity"),
        ("timestamptz", "'2026-03-01 00:00:00+00'", "2026-03-01 08:00:00"),
        ("timestamptz", "'infinity'", "infinity"),
        ("text", "NULL", None),
        ("numeric", "NULL", None),
        ("text", f"'{LONG}'", LONG),
    ],
)
def test_a_value_comes_as_its_owner_sees_it(kind, written, found, run, url, tmp_path):
    run("create type mood as enum ('好', '坏')", f"create table t (v {kind})")
    run(f"insert into t values ({written})")
    assert column(url, tmp_path, *texts("v"), table="t") == [found]


def test_values_of_the_declared_types_are_the_same_to_the_last_digit(run, url, tmp_path):
    run("create table t (a numeric(10,2), b bigint, c date, d timestamptz, e timestamp, f boolean)")
    row = "(12345678.90, -1, '2026-02-28', '2026-03-01 00:00:00.000001+00',"
    run(f"insert into t values {row} '2026-03-01 08:00', false), (0, null, null, null, null, null)")
    at = Item(name="d", title="d", type="datetime")
    items = (
        Item(name="a", title="a", type="decimal", precision=(10, 2)),
        Item(name="b", title="b", type="integer"),
        Item(name="c", title="c", type="date"),
        at,
        at.model_copy(update={"name": "e", "title": "e"}),
        Item(name="f", title="f", type="boolean"),
    )
    _, rows = taken(url, tmp_path, *items, table="t")
    eight = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    first = (Decimal("12345678.90"), -1, dt.date(2026, 2, 28), eight.replace(microsecond=1), eight)
    assert [tuple(row.values()) for row in rows] == [
        (*first, False),
        (Decimal("0.00"), None, None, None, None, None),
    ]


@pytest.mark.parametrize("kind", ["timestamptz", "timestamp"])
@pytest.mark.parametrize("odd", ["infinity", "9999-12-31 23:59:59.999999", "0044-03-15 BC"])
def test_one_moment_without_a_place_in_the_calendar_costs_no_other_row(
    kind, odd, run, url, tmp_path
):
    rows = f"('2026-03-01 08:00'), ('1988-07-01 09:00'), ('{odd}')"
    run(
        f"create table t (v {kind})",
        "set timezone = 'Asia/Shanghai'",
        f"insert into t values {rows}",
    )
    at = Item(name="v", title="v", type="datetime")
    found = column(url, tmp_path, at, table="t")
    assert found[:2] == [
        dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
        dt.datetime(1988, 7, 1, tzinfo=dt.UTC),  # in summer time
    ]
    assert (found[2] and found[2].year) == (9999 if odd.startswith("9999") else None)


def test_a_window_begins_at_the_bound_and_leaves_no_row_without_a_cursor_out(run, url, tmp_path):
    run("create table t (id int, changed timestamptz)")
    run("insert into t values (1, '2026-03-01 07:59:59+08'), (2, '2026-03-01 08:00+08'), (3, null)")
    items = (*texts("id"), Item(name="changed", title="changed", type="datetime"))
    words = {"extract": "incremental", "cursor": "changed", "overlap": "1h"}
    for what in ({"table": "t"}, {"query": "select * from t -- all of it"}):
        since = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
        found = column(url, tmp_path, *items, since=since, **words, **what)
        assert sorted(found) == ["2", "3"]


@pytest.mark.parametrize(
    ("kind", "item", "casts"),
    [("text", "integer", "bigint"), ("varchar(30)", "date", "date"), ("char(30)", "datetime", "d")],
)
def test_a_cursor_that_is_text_is_not_compared_by_its_letters(
    kind, item, casts, run, url, tmp_path
):
    run(f"create table t (id int, changed {kind})", "insert into t values (1, '28/02/2026')")
    items = (*texts("id"), Item(name="changed", title="changed", type=item))
    words = {"extract": "incremental", "cursor": "changed", "table": "t"}
    with pytest.raises(SourceRefused, match=f"fetch by a query that casts it to {casts}"):
        taken(url, tmp_path, *items, **words)


def test_of_a_table_only_declared_columns_leave_their_owner(run, url, tmp_path):
    run("create schema 用水", 'create table 用水."抄表" (水表编号 text, 密码 text)')
    run("insert into 用水.抄表 values ('W1', 'x')")
    said, rows = taken(url, tmp_path, METER, table="用水.抄表")
    assert rows == [{"meter_id": "W1"}]
    assert said.note == "undeclared columns not taken: 密码"
    assert b"x" not in (tmp_path / "window.parquet").read_bytes().split(b"PAR1")[1][:40]


def test_a_table_that_is_written_to_is_read_as_of_one_moment(run, url, postgres, tmp_path):
    run("create table t (id int primary key, v int)")
    run("insert into t select g, 0 from generate_series(1, 50000) g")
    with postgres.connect(url.rpartition("/")[2]) as connection:

        def write() -> None:
            connection.execute("update t set v = v + 1 where id in (1, 50000)")
            connection.execute("insert into t select max(id) + 1, 0 from t")

        assert_read_as_of_one_moment(url, tmp_path, "t", write)


def test_a_column_that_is_gone_is_told_by_the_gate_with_its_name(run, url, tmp_path):
    from ingestion.delivery import DeliveryRefused

    run("create table t (水表编号 text, 抄表日期 date)", "insert into t values ('W1', null)")
    with pytest.raises(DeliveryRefused, match="用水量"):
        taken(url, tmp_path, METER, READ_ON, USAGE, table="t")


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        ({"table": "nowhere"}, "no_such_source", "has no such table"),
        ({"query": "select nothing from t"}, "no_such_source", "has no such column"),
        ({"query": "select pg_sleep(9), 1 as id", "minutes": 0.005}, "too_slow", "for its time"),
        ({"query": "select repeat('x', 1000000) v from generate_series(1, 9)"}, "too_much", "1 MB"),
        ({"query": "select 1/0 as v"}, "rejected", "SQLSTATE 22012"),
        ({"query": "with d as (delete from t returning *) select * from d"}, "rejected", "query"),
        ({"table": "secret"}, "denied", "right to select"),
    ],
    ids=["table", "column", "slow", "much", "division", "writing", "denied"],
)
def test_what_cannot_be_fetched_is_one_refusal(words, kind, said, run, url, tmp_path):
    run("create table t (id int)", "insert into t values (1)", "create table secret (id int)")
    clerk = f"clerk{next(NUMBER)}"
    run(f"create role {clerk} login password '{PASSWORD}'", f"grant select on t to {clerk}")
    error = refusal(url.replace("reader:", f"{clerk}:"), tmp_path, max_megabytes=1, **words)
    assert (error.kind, said in str(error)) == (kind, True), str(error)


@pytest.mark.parametrize(
    ("part", "instead", "kind"),
    [
        ("geheim-4711", "geheim-other", "denied"),
        ("reader", "nobody", "denied"),
        ("/source", "/nosource", "no_such_source"),
        (r"\d+/", "1/", "unreachable"),
        ("postgresql:", "", "bad_secret"),
    ],
)
def test_an_address_that_does_not_work_is_told_by_the_name_of_its_secret(
    part, instead, kind, url, tmp_path
):
    error = refusal(re.sub(part, instead, url), tmp_path, table="t")
    assert error.kind == kind
    assert "CITY_DB" in str(error)
