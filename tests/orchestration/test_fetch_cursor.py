"""Cursors that are no plain column of times: none hides a row that is new."""

from __future__ import annotations

import sqlite3

import pytest

from orchestration.flows.fetch import fetch
from orchestration.flows.verify import verify_lake
from tests.orchestration import fetching
from tests.orchestration.fetching import fetched, meters, town_that_fetches
from tests.orchestration.town import NOW

WORDS = "secret: CITY, table: meter, extract: incremental, cursor: changed, overlap: {}"
TYPE = "type: datetime, required: true"


class Town:
    """A table in a file, and the city that fetches from it."""

    def __init__(self, folder, monkeypatch) -> None:
        self._folder, self._patch, self._meter = folder, monkeypatch, fetching.METER
        self._base = sqlite3.connect(folder / "base.db", isolation_level=None)

    def table(self, kind: str) -> None:
        self._base.execute(f"create table meter (id int, changed {kind}, reading_m3 text)")

    def run(self, statement: str) -> None:
        self._base.execute(statement)

    def insert(self, number: int, changed: str | int | None) -> None:
        self._base.execute("insert into meter values (?, ?, ?)", (number, changed, str(number)))

    def city(self, kind: str = TYPE, overlap: str = "0"):
        self._patch.setattr(fetching, "METER", self._meter.replace(TYPE, kind))
        secrets = {"CITY": f"sqlite:///{self._folder / 'base.db'}"}
        return town_that_fetches(self._folder, secrets, words=WORDS.format(overlap))


@pytest.fixture
def town(tmp_path, monkeypatch) -> Town:
    return Town(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2026-02-09 08:00:00", "2026-02-09 08:00:01"),
        ("2026-02-09T08:00:00", "2026-02-09T08:30"),
        ("2026-02-09 08:00:00+08", "2026-02-09T08:30:00+08:00"),
        # One of another form is always taken: '2026-02-08 …Z' would stand before the bound.
        ("2026-02-09 08:00:00", "2026-02-08T23:30:00Z"),
        ("2026-02-09 08:00:00", "2026/2/9 9:00"),
        ("2026-02-09 08:00:00", "20260209090000"),
        ("2026-02-09 08:00:00", 1_770_000_000),
        ("2026-02-09 08:00:00", "soon"),
    ],
)
def test_a_cursor_of_text_hides_no_row(first, second, town):
    town.table("text")
    for number in (1, 2, 3):
        town.insert(number, first)
    city = town.city()
    fetched(city)
    town.insert(4, second)
    later, _ = fetched(city, hours=1)
    assert later.records == 4
    readable = second not in ("soon", 1_770_000_000)
    assert (4 in meters(city)) == readable
    assert verify_lake(city).ok


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ('type: date, format: "%d/%m/%Y"', "28/02/2026"),
        (TYPE, "2026/2/9 8:00"),
        (TYPE, "20260209080000"),
        (TYPE, "2026-02-09T08:00:00Z"),
        (TYPE, "2026-02-09T08:00:00-05:00"),
    ],
)
def test_a_cursor_of_text_in_an_order_of_its_own_is_refused(kind, text, town):
    town.table("text")
    town.insert(1, text)
    failed = fetch(town.city(kind), "meter", now=NOW)
    assert failed.outcome == "failed"
    assert "fetch by a query that casts it to date or timestamp" in failed.message
    assert text not in failed.message


@pytest.mark.parametrize("kind", ["integer", "text"])
def test_numbers_are_not_compared_by_their_letters(kind, town):
    town.table(kind)
    town.insert(1, 9)
    city = town.city("type: integer")
    fetched(city)
    town.insert(2, 10)
    fetched(city, hours=1)
    assert meters(city) == {1: 1, 2: 2}


def test_a_cursor_of_another_type_begins_anew(town):
    town.table("text")
    town.insert(1, 5)
    fetch(town.city("type: integer"), "meter", now=NOW)
    town.insert(2, "2026-02-09 08:00:00")
    assert fetch(town.city(), "meter", now=NOW).records == 2


def test_an_overlap_beyond_all_calendars_takes_everything(town):
    town.table("text")
    town.insert(1, "2026-02-09 08:00:00")
    city = town.city(overlap="99999999999d")
    fetched(city)
    assert fetched(city, hours=1)[0].outcome == "unchanged"
    assert meters(city) == {1: 1}


def test_rows_of_a_refused_window_come_again_with_the_next(town):
    town.table("text")
    town.insert(1, "2026-02-09 08:00:00")
    city = town.city()
    fetched(city)
    for number in (2, 3, 4, 5, 6):
        town.insert(number, f"2026-02-10 08:00:0{number}")
    town.run("update meter set reading_m3 = 'bad' where id > 2")
    _, (refused,) = fetched(city, hours=1)
    assert refused.outcome == "refused"
    # Nothing has changed: it is not landed again, nor forgotten.
    for hours in (2, 3):
        assert fetched(city, hours=hours)[0].outcome == "unchanged"
    for number in (7, 8, 9):
        town.insert(number, f"2026-02-10 09:00:0{number}")
    fetched(city, hours=4)
    assert meters(city) == {1: 1, 2: 2, 7: 7, 8: 8, 9: 9}
    assert fetched(city, hours=5)[0].outcome == "unchanged"
    assert verify_lake(city).ok


def test_a_first_window_that_was_refused_is_fetched_from_the_beginning(town):
    town.table("text")
    for number in (1, 2, 3):
        town.insert(number, f"2026-02-09 08:00:0{number}")
    town.run("update meter set reading_m3 = 'bad'")
    city = town.city()
    assert fetched(city)[1][0].outcome == "refused"
    town.run("update meter set reading_m3 = '1' where id < 3")  # mended, their cursor left as it is
    fetched(city, hours=1)
    assert meters(city) == {1: 1, 2: 1}
