"""MariaDB: every type exact, one snapshot, bounded in time and bytes, no word of credentials."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from decimal import Decimal
from urllib.parse import quote

import pytest

from catalog.entry import Item
from tests.ingestion.connectors.databases import (
    assert_read_as_of_one_moment,
    column,
    refusal,
    taken,
    texts,
)

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("mariadb")]

NUMBER = itertools.count(1)
LONG = "贵阳市南明区中华南路" * 100_000


@pytest.fixture
def table(maria) -> str:
    """Return a name that no other test has."""
    return f"t{next(NUMBER)}"


@pytest.mark.parametrize(
    ("kind", "written", "found"),
    [
        ("tinyint", "-128", "-128"),
        ("boolean", "true", "1"),
        ("bigint", "-9223372036854775808", "-9223372036854775808"),
        ("bigint unsigned", "18446744073709551615", "18446744073709551615"),
        ("decimal(29,9)", "12345678901234567890.123456789", "12345678901234567890.123456789"),
        ("decimal(12,3)", "-0.100", "-0.100"),
        ("float", "0.1", "0.1"),
        ("double", "0.30000000000000004", "0.30000000000000004"),
        ("text", "'水表 𠮷㐂 😀'", "水表 𠮷㐂 😀"),
        ("varchar(9) character set gbk", "'水表'", "水表"),
        ("varchar(9)", "'a''b\"c\\\\d'", "a'b\"c\\d"),
        ("blob", "x'00ff'", "00ff"),
        ("varbinary(4)", "x'e6b0b4'", "e6b0b4"),
        ("json", """'{"a": 1.10, "b": "水"}'""", '{"a": 1.10, "b": "水"}'),
        ("enum('好','坏')", "'好'", "好"),
        ("set('a','b')", "'a,b'", "a,b"),
        ("year", "2026", "2026"),
        ("time", "'-838:59:59'", "-838:59:59"),
        ("date", "'2026-02-28'", "2026-02-28"),
        ("date", "'0000-00-00'", "0000-00-00"),
        ("date", "'2026-00-00'", "2026-00-00"),
        ("date", "'9999-12-31'", "9999-12-31"),
        ("datetime", "'0000-00-00 00:00:00'", "0000-00-00 00:00:00"),
        ("datetime(6)", "'2026-03-01 08:00:00.123456'", "2026-03-01 08:00:00.123456"),
        ("timestamp null", "from_unixtime(1772323200)", "2026-03-01 08:00:00"),
        ("text", "NULL", None),
        ("decimal(12,3)", "NULL", None),
        ("date", "NULL", None),
        ("longtext", f"'{LONG}'", LONG),
    ],
)
def test_a_value_comes_as_its_owner_sees_it(kind, written, found, table, maria, tmp_path):
    maria.execute(f"create table {table} (v {kind})", f"insert into {table} values ({written})")
    assert column(maria.url, tmp_path, *texts("v"), table=table) == [found]


@pytest.mark.parametrize("password", ["geheim@:/?#[]%", "水表geheim", "geheim é"])
def test_a_password_may_hold_any_sign(password, table, maria, tmp_path):
    maria.execute(
        f"create table {table} (v int)",
        f"insert into {table} values (1)",
        f"create or replace user odd@'%' identified by '{password}'",
        f"grant select on city.{table} to odd@'%'",
    )
    url = maria.url.replace("reader:geheim-4711", f"odd:{quote(password, safe='')}")
    assert column(url, tmp_path, *texts("v"), table=table) == ["1"]


@pytest.mark.parametrize("password", ["geh/eim", "geh[eim", "geh#eim", "geheim／x"])
def test_a_password_that_was_not_encoded_is_no_address(password, maria, tmp_path):
    error = refusal(maria.url.replace("geheim-4711", password), tmp_path, table="t")
    assert error.kind == "bad_secret"
    assert "eim" not in str(error)


def test_values_of_the_declared_types_are_the_same_to_the_last_digit(maria, table, tmp_path):
    maria.execute(
        f"create table {table} (a decimal(10,2), b bigint, c date, d timestamp(6) null)",
        f"insert into {table} values (12345678.90, -1, '2026-02-28', "
        "convert_tz('2026-03-01 00:00:00.000001', '+00:00', @@time_zone)), (0, null, null, null)",
    )
    items = (
        Item(name="a", title="a", type="decimal", precision=(10, 2)),
        Item(name="b", title="b", type="integer"),
        Item(name="c", title="c", type="date"),
        Item(name="d", title="d", type="datetime"),
    )
    _, rows = taken(maria.url, tmp_path, *items, table=table)
    instant = dt.datetime(2026, 3, 1, 0, 0, 0, 1, tzinfo=dt.UTC)
    assert [tuple(row.values()) for row in rows] == [
        (Decimal("12345678.90"), -1, dt.date(2026, 2, 28), instant),
        (Decimal("0.00"), None, None, None),
    ]


def test_a_window_begins_at_the_bound_and_leaves_no_row_without_a_cursor_out(
    maria, table, tmp_path
):
    maria.execute(
        f"create table {table} (`编号` int, changed datetime)",
        f"insert into {table} values (1, '2026-03-01 07:59:59'), (2, '2026-03-01 08:00')",
        f"insert into {table} values (3, null)",
    )
    number = Item(name="number", title="编号", type="string")
    items = (number, Item(name="changed", title="changed", type="datetime"))
    words = {"extract": "incremental", "cursor": "changed", "overlap": "1h"}
    for what in ({"table": f"city.{table}"}, {"query": f"select * from {table} -- all of it"}):
        since = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
        found = column(maria.url, tmp_path, *items, since=since, **words, **what)
        assert sorted(found) == ["2", "3"]


def test_a_table_that_is_written_to_is_read_as_of_one_moment(maria, table, tmp_path):
    maria.execute(
        f"create table {table} (id int primary key, v int)",
        f"insert into {table} select seq, 0 from seq_1_to_50000",
    )
    with maria.connect() as connection, connection.cursor() as cursor:

        def write() -> None:
            cursor.execute(f"update {table} set v = v + 1 where id in (1, 50000)")
            cursor.execute(f"insert into {table} select max(id) + 1, 0 from {table}")

        assert_read_as_of_one_moment(maria.url, tmp_path, table, write)


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        ({"table": "nowhere"}, "no_such_source", "has no such table"),
        ({"query": "select nothing from one"}, "no_such_source", "has no such column"),
        ({"query": "select sleep(9) as v from one", "minutes": 0.02}, "too_slow", "for its time"),
        ({"query": "select repeat('x', 1000000) v from seq_1_to_9"}, "too_much", "1 MB"),
        ({"query": "select v from"}, "rejected", "SQLSTATE"),
        ({"table": "hidden.secret"}, "denied", "right to select"),
    ],
    ids=["table", "column", "slow", "much", "syntax", "denied"],
)
def test_what_cannot_be_fetched_is_one_refusal(words, kind, said, maria, tmp_path):
    maria.execute(
        "create table if not exists one (v int)",
        "insert into one values (1)",
        "create database if not exists hidden",
        "create table if not exists hidden.secret (v int)",
        "create or replace user clerk@'%' identified by 'geheim-4711'",
        "grant select on city.* to clerk@'%'",
    )
    as_clerk = maria.url.replace("reader:", "clerk:")
    error = refusal(as_clerk, tmp_path, max_megabytes=1, **words)
    assert (error.kind, said in str(error)) == (kind, True), str(error)


@pytest.mark.parametrize(
    ("part", "instead", "kind"),
    [
        ("geheim-4711", "geheim-other", "denied"),
        ("reader", "nobody", "denied"),
        ("/city", "/nowhere", "no_such_source"),
        (r"\d+/", "1/", "unreachable"),
        ("mysql:", "", "bad_secret"),
    ],
)
def test_an_address_that_does_not_work_is_told_by_the_name_of_its_secret(
    part, instead, kind, maria, tmp_path
):
    error = refusal(re.sub(part, instead, maria.url), tmp_path, table="t")
    assert error.kind == kind
    assert "CITY_DB" in str(error)
