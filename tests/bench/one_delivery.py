"""One day's readings delivered into a table of many days, against the same into an empty one.

Ours: archive, parse, gate with rules in time, commit, account, release, upkeep, in a table of
the variant's days. Rival: the very same of the same file, in a table that holds nothing. What
differs is what the standing table costs: seconds, and the bytes read and written.
"""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import numpy as np
import polars as pl

from catalog.load import load_catalog
from catalog.render.entry_yaml import entry_yaml
from demo.city.identifiers import meter_numbers, scattered
from orchestration.city import City, now
from orchestration.flows.collect import collect
from orchestration.flows.release import release_raw
from orchestration.flows.upkeep import tend
from orchestration.settings import read_settings
from tests.bench.clock import Spent, clock

RESOURCE = "water_reading"
FIRST = dt.date(2025, 1, 1)
RULES = {"meter_number", "monotonic", "difference"}


def prepare(variant: str, rows: int, work: Path) -> None:
    """Fill one home with the days of the variant, each day a delivery of so many rows."""
    folder = work / variant
    (folder / "catalog").mkdir(parents=True)
    entry = load_catalog().entry(RESOURCE)
    rules = tuple(rule for rule in entry.quality.rules if rule.kind in RULES)
    quality = entry.quality.model_copy(update={"rules": rules})
    fewer = entry.model_copy(update={"quality": quality})
    (folder / "catalog" / f"{RESOURCE}.yaml").write_text(entry_yaml(fewer), encoding="utf-8")
    city = _city(folder, "filled")
    for day in range(int(variant)):
        _put(city, day, rows)
        _work_off(city)


def ours(variant: str, rows: int, work: Path) -> Spent:
    """Deliver the next day into a copy of the filled home; return what it spent."""
    return _deliver(work / variant, "filled", rows, day=int(variant))


def rival(variant: str, rows: int, work: Path) -> Spent:
    """Deliver the same day into a home that holds nothing."""
    return _deliver(work / variant, "nothing", rows, day=int(variant))


def _deliver(folder: Path, home: str, rows: int, *, day: int) -> Spent:
    shutil.rmtree(folder / "tried", ignore_errors=True)
    if (folder / home).exists():
        shutil.copytree(folder / home, folder / "tried")
    warm = _city(folder, "warm")  # so that imports and compilation are not measured
    _put(warm, day, rows)
    _work_off(warm)
    city = _city(folder, "tried")
    _put(city, day, rows)
    with clock() as spent:
        _work_off(city)
    shutil.rmtree(folder / "warm")
    return spent


def _work_off(city: City) -> None:
    """Do what a run does with a delivery of a source, models left out."""
    (one,) = collect(city, RESOURCE, now=now())
    assert one.outcome == "accepted", one.message
    release_raw(city, RESOURCE, now=now())
    tend(city, RESOURCE, now=now())


def _put(city: City, day: int, rows: int) -> None:
    date = FIRST + dt.timedelta(days=day)
    year = np.random.default_rng(1).integers(2008, 2026, rows)
    start = np.random.default_rng(2).integers(10, 50_000, rows)
    frame = pl.DataFrame(
        [
            meter_numbers("W", year, scattered(rows, start=101, width=7)).alias("水表编号"),
            pl.Series("抄表日期", [date.isoformat()]).new_from_index(0, rows),
            pl.Series("本次示数", start + day * 0.5),
            pl.Series("用水量", [0.5]).new_from_index(0, rows),
            pl.Series("抄表方式", ["remote"]).new_from_index(0, rows),
        ]
    )
    folder = city.settings.inbox / RESOURCE
    folder.mkdir(parents=True, exist_ok=True)
    text = frame.write_csv().encode("gb18030")
    (folder / f"{RESOURCE}_{date:%Y%m%d}.csv").write_bytes(text)


def _city(folder: Path, home: str) -> City:
    return City(
        read_settings(
            {"CITYLAKE_HOME": str(folder / home), "CITYLAKE_CATALOG": str(folder / "catalog")}
        )
    )
