"""A town small enough to see whole: parks by district, and what inspectors saw in them."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import polars as pl

from catalog.load import ENTRIES
from orchestration.city import City
from orchestration.flows.collect import collect
from orchestration.flows.collected import Collected
from orchestration.flows.pins import released_rows
from orchestration.settings import read_settings

NOW = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)

PARK = """\
name: park
code: "307099001/000001"
title: 公园
unit: guiyang_housing
abstract: 一个公园一行。
classification: {level: 1, category: geography}
items:
  - {name: park_id, title: 公园编号, type: string, length: 8, pattern: '^P[0-9]+$', key: true}
  - {name: division, title: 行政区划代码, type: code, codes: divisions}
  - {name: area_m2, title: 面积, type: integer, min: 0, unit: m²}
origin: {connector: files, format: csv, pattern: "park_*.csv"}
update: {cycle: monthly, mode: upsert}
quality: {max_quarantine: 60%}
sharing: {type: unconditional}
opening: {type: unconditional}
backflow: {by: division}
"""
LAW = "{type: none, legal_basis: 《中华人民共和国个人信息保护法》}"
PERSONAL = (  # the same of persons: an area tells who lives there
    PARK.replace("level: 1", "level: 3")
    .replace("unit: m²", "sensitivity: personal")
    .replace("sharing: {type: unconditional}", f"sharing: {LAW}")
    .replace("opening: {type: unconditional}", f"opening: {LAW}")
)
VISIT = """\
name: visit
code: "307099001/000002"
title: 公园巡查
unit: guiyang_housing
abstract: 一次巡查一行。
classification: {level: 1, category: geography}
items:
  - {name: visit_id, title: 巡查编号, type: string, length: 8, key: true}
  - {name: park_id, title: 公园编号, type: string, length: 8, required: true}
origin: {connector: files, format: csv, pattern: "visit_*.csv"}
update: {cycle: daily, due: "06:00", mode: append}
quality:
  rules:
    - {reference: {items: [park_id], to: park, at: [park_id]}}
sharing: {type: unconditional}
opening: {type: unconditional}
"""
HEADERS = {"park": "公园编号,行政区划代码,面积", "visit": "巡查编号,公园编号"}


def town(folder: Path, *entries: str, shipped: tuple[str, ...] = ()) -> City:
    """Return a city of these entries (text) and these shipped ones (names), with nothing in it."""
    catalog = folder / "entries"
    catalog.mkdir(exist_ok=True)
    for text in entries or (PARK,) * (not shipped):
        name = text.partition("\n")[0].removeprefix("name: ")
        (catalog / f"{name}.yaml").write_text(text, encoding="utf-8")
    for name in shipped:
        shutil.copy(next(ENTRIES.rglob(f"{name}.yaml")), catalog)
    return again(
        City(read_settings({"CITYLAKE_HOME": str(folder), "CITYLAKE_CATALOG": str(catalog)}))
    )


def again(city: City) -> City:
    """Return the city as another process would open it; its catalog must be right."""
    opened = City(city.settings)
    assert opened.problems == ()
    return opened


def moved(city: City, home: Path) -> City:
    """Return a copy of a town in another folder, to be changed."""
    shutil.copytree(city.settings.home, home)
    return again(
        City(read_settings({"CITYLAKE_HOME": str(home), "CITYLAKE_CATALOG": str(home / "entries")}))
    )


def lay(city: City, resource: str, name: str, *rows: str) -> Path:
    """Lay a file of these rows into the inbox."""
    path = city.settings.inbox / resource / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((HEADERS[resource], *rows, "")), encoding="utf-8")
    return path


def take_in(city: City, resource: str = "park", now: dt.datetime = NOW) -> list[Collected]:
    """Collect what waits for a resource."""
    return list(collect(city, resource, now=now))


def parks(city: City) -> dict[str, int]:
    """Return the area of every park that is current."""
    staging = city.staging("look")
    rows = released_rows(city, "park", staging).select("park_id", "area_m2").collect()
    return dict(rows.iter_rows())


def stored(city: City, zone: str, name: str = "park") -> int:
    """Return how many rows a table holds, in force or not."""
    if not city.lake.exists(zone, name):
        return 0
    return int(city.lake.scan(zone, name).select(pl.len()).collect().item())
