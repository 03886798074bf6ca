"""Many small deliveries of one resource: archived, gated, committed, accounted, one by one."""

from __future__ import annotations

import shutil
from pathlib import Path

from demo.deliver.readings import write_readings
from orchestration.city import City, now
from orchestration.flows.collect import collect
from orchestration.settings import read_settings
from tests.bench import collect as one_file
from tests.bench.clock import Spent, clock

READINGS, A_SECOND, WARM = 100, 50, 3  # in a file; files at least; files of a first collection


def prepare(variant: str, rows: int, work: Path) -> None:
    """Write so many files of readings, each of other meters."""
    one_file.prepare("key", 1, work)
    (work / variant).mkdir(parents=True)
    for number in range(rows + WARM):
        write_readings(work / variant / f"{number:05d}.csv", rows=READINGS, seed=number)


def ours(variant: str, rows: int, work: Path) -> Spent:
    """Collect all files into a fresh home."""
    home = work / variant / "home"
    shutil.rmtree(home, ignore_errors=True)
    catalog = str(work / "key" / "catalog")
    city = City(read_settings({"CITYLAKE_HOME": str(home), "CITYLAKE_CATALOG": catalog}))
    folder = city.settings.inbox / one_file.RESOURCE
    folder.mkdir(parents=True)
    files = sorted((work / variant).glob("*.csv"))
    _put(files[:WARM], folder)
    list(collect(city, one_file.RESOURCE, now=now()))
    _put(files[WARM:], folder)
    with clock() as spent:
        collected = list(collect(city, one_file.RESOURCE, now=now()))
    assert [one.outcome for one in collected] == ["accepted"] * rows
    return spent


def rival(_: str, rows: int, __: Path) -> Spent:
    """Return what so many files may take."""
    return Spent(rows / A_SECOND)


def _put(files: list[Path], folder: Path) -> None:
    for file in files:
        shutil.copyfile(file, folder / f"{one_file.RESOURCE}_20260301_{file.name}")
