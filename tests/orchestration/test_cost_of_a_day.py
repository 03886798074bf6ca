"""A day's delivery adds its own file: of the other days it changes none, and reads the last."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ingestion.delivery import Account
from lake.slices import At, stored
from orchestration.city import City
from orchestration.flows.collect import collect
from orchestration.flows.collected import Collected
from orchestration.flows.pins import pin, released_rows
from orchestration.flows.release import release_raw
from tests.orchestration.town import NOW, again, town

COUNTER = """\
name: counter
code: "307099001/000004"
title: 计数
unit: guiyang_water
abstract: 一块表一天一行。
classification: {level: 1, category: utility}
items:
  - {name: meter, title: 表号, type: string, length: 8, key: true}
  - {name: day, title: 日期, type: date, key: true}
  - {name: total, title: 示数, type: integer, min: 0}
origin: {connector: files, format: csv, pattern: "counter_*.csv"}
update: {cycle: daily, due: "06:00", mode: append}
quality:
  max_quarantine: 60%
  rules:
    - {monotonic: {item: total, by: [meter], order: day}}
sharing: {type: unconditional}
opening: {type: unconditional}
"""
DAYS = 9
FAR = 60  # days in which nothing came: no file of before them can hold the reading before
FIRST = dt.date(2026, 1, 1)
METERS = ("A", "B", "C")


def deliver(city: City, day: int, **totals: int) -> Collected:
    """Let the meters be read on a day, and collect and release that."""
    date = FIRST + dt.timedelta(days=day)
    path = city.settings.inbox / "counter" / f"counter_{date:%Y%m%d}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    read = totals or dict.fromkeys(METERS, 10 * day)
    rows = "".join(f"{meter},{date},{total}\n" for meter, total in read.items())
    path.write_text(f"表号,日期,示数\n{rows}", encoding="utf-8")
    at = NOW + dt.timedelta(days=day)
    (done,) = collect(again(city), "counter", now=at)
    release_raw(city, "counter", now=at)
    return done


def files(city: City) -> dict[str, dt.date]:
    """Return the files of the newest version, each with its one day."""
    version = city.lake.version("raw", "counter")
    found = stored(city.lake, At("raw", "counter", version), "day")
    assert all(one.low == one.high for one in found)
    return {one.path: one.low for one in found}


@pytest.fixture
def city(tmp_path: Path) -> City:
    """Return a city in which meters have been read for some days."""
    built = town(tmp_path, COUNTER)
    for day in range(DAYS):
        assert deliver(built, day).outcome == "accepted"
    return built


def test_a_day_adds_one_file_and_leaves_the_others(city: City) -> None:
    before = files(city)
    sizes = {path: (Path(city.lake.uri("raw", "counter")) / path).stat() for path in before}
    assert deliver(city, DAYS).account == Account(3, 3, 0, 0)
    after = files(city)
    (added,) = after.keys() - before.keys()
    assert before.items() <= after.items()
    assert after[added] == FIRST + dt.timedelta(days=DAYS)
    for path, was in sizes.items():
        assert (Path(city.lake.uri("raw", "counter")) / path).stat().st_mtime_ns == was.st_mtime_ns


def test_a_day_is_judged_by_the_last_one_without_the_others(city: City) -> None:
    last = DAYS + FAR
    assert deliver(city, last).outcome == "accepted"
    for path, day in files(city).items():
        if day < FIRST + dt.timedelta(days=last):  # whoever opens it fails
            (Path(city.lake.uri("raw", "counter")) / path).unlink()
    done = deliver(city, last + 1, A=10 * last, B=10 * last - 20, C=10 * last + 5)
    assert done.account == Account(3, 2, 1, 0), done.message


def ranked(city: City) -> list[dt.date]:
    """Return the days whose rows are ranked when what is current is read."""
    current = pin(city, "counter").current
    assert current is not None
    return [day for one, day, _ in current.deliveries if one not in current.alone]


def test_only_days_that_share_keys_are_ranked_when_read(city: City) -> None:
    assert ranked(city) == []
    assert deliver(city, DAYS).outcome == "accepted"
    assert ranked(city) == []
    again = FIRST + dt.timedelta(days=3)
    path = city.settings.inbox / "counter" / f"counter_{again:%Y%m%d}b.csv"
    path.write_text(f"表号,日期,示数\nA,{again},31\n", encoding="utf-8")
    list(collect(city, "counter", now=NOW + dt.timedelta(days=DAYS + 1)))
    assert len(ranked(city)) == DAYS + 2, "not yet looked up"
    release_raw(city, "counter", now=NOW + dt.timedelta(days=DAYS + 1))
    assert ranked(city) == [again, again]
    rows = released_rows(city, "counter", city.staging("look")).collect()
    assert rows.height == len(METERS) * (DAYS + 1)
    assert rows.filter(day=again, meter="A")["total"].to_list() == [31]
