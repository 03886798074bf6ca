import datetime as dt

import polars as pl
import pytest

from catalog.entry import Item
from ingestion.conform.cells import reader_of
from ingestion.conform.reader import again
from tests.ingestion.conform.cell import read_cell


def value(text: str, kind: str, *, serials: bool = False, style: str | None = None):
    """Return what one cell is read as."""
    item = Item(name="moment", title="时间", type=kind, format=style)
    return read_cell(text, item, serials=serials)


@pytest.mark.parametrize(
    "text",
    ["2026-03-01", "2026-3-1", "2026/3/1", "2026/03/01", "20260301", "2026年3月1日",
     "2026年03月01日",
     " 2026-03-01 ", "２０２６－０３－０１", "2026-03-01 00:00:00", "2026-03-01T00:00:00",
     "2026/3/1 0:00", "2026/3/1 0:00:00"],
)  # fmt: skip
def test_a_date_is_read_in_every_accepted_style(text):
    assert value(text, "date") == dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "26-03-01", "2026-13-01", "01/03/2026", "2026.3.1", "46082", "2026-03",
     "2026-03-01 08:00:00", "2026-3/1", "三月一日", "2026031", "202603010", "20260230", "",
     "+2026-03-01", "-2026-03-01", "12026-03-01", "2026- 3-01", "0026-03-01", "0001-01-01"],
)  # fmt: skip
def test_what_is_no_date_is_null(text):
    assert value(text, "date") is None


@pytest.mark.parametrize(
    ("text", "day"),
    [("46082", dt.date(2026, 3, 1)), ("61", dt.date(1900, 3, 1)), ("20260301", dt.date(2026, 3, 1)),
     ("46082.5", None), ("0", None), ("2958466", None), ("2026", None), ("202603", None),
     ("60", None), ("2126", dt.date(1905, 10, 26))],
)  # fmt: skip
def test_a_number_is_a_day_only_in_a_workbook(text, day):
    assert value(text, "date", serials=True) == day
    assert value(text, "date", style="excel") == day


def test_a_declared_style_is_accepted_beside_the_usual_ones():
    assert value("01/03/2026", "date", style="%d/%m/%Y") == dt.date(2026, 3, 1)
    assert value("2026-03-01", "date", style="%d/%m/%Y") == dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    "text",
    ["2026-03-01 08:05:00", "2026-3-1 8:05:00", "2026/3/1 8:05", "2026-03-01T08:05:00",
     "20260301080500", "2026年3月1日 08:05:00", "2026年3月1日8时5分", "2026年3月1日 8时5分0秒",
     "2026-03-01 08:05:00.000", "2026-03-01T00:05:00Z", "2026-03-01T08:05:00+08:00",
     "2026-02-28 19:05:00-0500", "2026-03-01 08:05:00+08", "2026-02-28 19:05:00.000-05",
     "２０２６-０３-０１ ０８：０５：００"],
)  # fmt: skip
def test_an_instant_without_an_offset_is_the_citys(text):
    assert value(text, "datetime") == dt.datetime(2026, 3, 1, 0, 5, tzinfo=dt.UTC)


def test_a_declared_style_reads_no_year_of_two_digits():
    assert value("01/03/26", "date", style="%d/%m/%Y") is None


@pytest.mark.parametrize(
    "text",
    ["2026-03-01", "2026-03-01 25:00:00", "08:05", "2026-02-30 08:00:00", "昨天", "46082.5",
     "2026-03-01 23:59:60", "20260301235960", "2026-03-01T23:59:60Z", "2026- 3-01 08:05:00",
     "26-03-01T08:05:00+08:00", "-2026-03-01T08:05:00Z", "0026-03-01 08:05:00"],
)  # fmt: skip
def test_what_is_no_instant_is_null(text):
    assert value(text, "datetime") is None


@pytest.mark.parametrize(
    ("text", "year"),
    [("0999-12-31 23:59:59", None), ("1000-01-01 08:05:43", 1000), ("9999-12-31 23:59:59", 9999),
     ("9999-12-31 23:59:59-01:00", None), ("9999-12-31T16:00:00Z", None)],
)  # fmt: skip
def test_an_instant_has_a_year_in_the_city_and_in_utc(text, year):
    found = value(text, "datetime")
    assert (found and found.year) == year


def test_a_wall_clock_hour_that_never_was_is_null():
    assert value("1986-05-04 02:30:00", "datetime") is None  # summer time began


@pytest.mark.parametrize(("text", "hour"), [("46082.5", 4), ("46082", -8), ("2026-03-01", -8)])
def test_a_workbooks_instant_may_be_a_number_or_a_day(text, hour):
    midnight = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    assert value(text, "datetime", serials=True) == midnight + dt.timedelta(hours=hour)


def test_a_time_without_a_day_is_no_instant_of_1899():
    assert value("1899-12-31 08:05:00", "datetime", serials=True) is None
    assert value("1899-12-31", "date") == dt.date(1899, 12, 31)


@pytest.mark.parametrize("kind", ["date", "datetime"])
@pytest.mark.parametrize("sign", " +-0\n\u3000")
@pytest.mark.parametrize("at", range(20))
def test_the_quick_way_reads_nothing_that_the_lenient_one_does_not(kind, sign, at):
    text = "2026-03-01" if kind == "date" else "2026-03-01 08:05:00"
    odd = pl.Series([text[:at] + sign + text[at:], text[:at] + sign + text[at + 1 :]])
    reader = reader_of(Item(name="moment", title="时间", type=kind))
    quick = again(odd, reader.quick)
    assert (quick.is_null() | quick.eq_missing(reader.lenient(odd))).all()


@pytest.mark.parametrize(
    "text",
    ["2026-03", "202603", "2026年3月", "2026年03月", "2026/3", "2026/03", "2026-3", " 2026-03 ",
     "２０２６０３"],
)  # fmt: skip
def test_a_month_is_written_one_way(text):
    assert value(text, "month") == "2026-03"


def test_a_month_in_a_date_cell_of_a_workbook_is_that_month():
    assert value("2026-03-01 00:00:00", "month", serials=True) == "2026-03"
    assert value("2026-03-02 00:00:00", "month", serials=True) is None
    assert value("2026-03-01 00:00:00", "month") is None


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026", "20263", "2026-03-01", "三月", "26-03"]
)
def test_what_is_no_month_is_null(text):
    assert value(text, "month") is None
