"""A table of spots, a file a day, of which each release replaces the days that changed.

Keep out: what must hold of its flowing back (test_reflow.py).
"""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import polars as pl

from catalog.schema import model_schema
from lake.slices import At, Slices, stored
from orchestration.city import City
from orchestration.flows.backflow import Returned, backflow
from orchestration.flows.crossing import recipient_table
from orchestration.flows.judged import judge_version
from registry import crossings, releases, verdicts
from registry.releases import Release
from sharing.package import read_package
from tests.orchestration.town import NOW

SPOT = """\
name: spot
code: "201099001/000001"
title: 点位日用量
unit: guiyang_big_data
abstract: 一个点位一天一行。
classification: {level: 2, category: utility}
items:
  - {name: day, title: 日期, type: date, key: true}
  - {name: spot, title: 点位, type: integer, key: true}
  - {name: division, title: 行政区划代码, type: code, codes: divisions}
  - {name: usage, title: 用量, type: integer, required: true}
origin: {model: thematic, theme: energy_and_water}
update: {cycle: daily, mode: snapshot, period: day}
sharing: {type: unconditional}
opening: {type: unconditional}
backflow: {by: division}
"""
FIRST = dt.date(2026, 1, 1)
PLACES = ("520102", "520103", "520102016", "520100", None)
Days = dict[int, list[tuple[int, str | None, int]]]


class Spots:
    """A table of a file a day, of which each release replaces the days that changed."""

    def __init__(self, city: City, days: Days | None = None, step: int = 0) -> None:
        self.city, self.days, self.step = city, days or {}, step

    def release(self, changed: Days) -> Returned:
        """Write the days that changed, none for an empty one, and let the table flow back."""
        self.days = {d: rows for d, rows in (self.days | changed).items() if rows}
        self.step += 1
        name, schema = "spot", model_schema(self.city.entry("spot"))
        files = [self._file(day, rows, schema) for day, rows in changed.items() if rows]
        said = {"schema": schema, "action": f"spot-{self.step}", "metadata": {}}
        version = self.city.lake.version("thematic", name)
        if version is None:
            done = self.city.lake.commit("thematic", name, files, **said)  # type: ignore[arg-type]
        else:
            only = Slices("day", tuple(date(day) for day in changed))
            old = stored(self.city.lake, At("thematic", name, version), "day")
            gone = [file.path for file in old if only.meet(file)]
            done = self.city.lake.replace(  # type: ignore[call-arg]
                "thematic",
                name,
                files,
                gone=gone,
                onto=version,
                **said,  # type: ignore[arg-type]
            )
        self.publish(done.version)
        return backflow(self.city, name, now=NOW)

    def publish(self, version: int) -> None:
        """Let the gate pass a version."""
        verdict = judge_version(self.city, "spot", version, part=None, now=NOW)
        kept = verdicts.keep(self.city.registry, verdict, version=version, at=NOW)
        made = Release("thematic", "spot", version, self.rows().height, kept)
        releases.release(self.city.registry, made, at=NOW)

    def rows(self) -> pl.DataFrame:
        """Return every row of the table as it is now."""
        told = [(date(d), *row) for d, rows in self.days.items() for row in rows]
        columns = ("day", "spot", "division", "usage")
        return pl.DataFrame(told, schema={n: self.schema[n] for n in columns}, orient="row")

    @property
    def schema(self) -> dict[str, pl.DataType]:
        return dict(model_schema(self.city.entry("spot")))

    def _file(self, day: int, rows: object, schema: object) -> Path:
        folder = self.city.staging(f"day-{self.step}-{day}")
        frame = pl.DataFrame(
            [(date(day), *row) for row in rows],  # type: ignore[attr-defined]
            schema=["day", "spot", "division", "usage"],
            orient="row",
        )
        blank = [
            pl.lit(None, kind).alias(n) for n, kind in self.schema.items() if n not in frame.columns
        ]
        path = folder / "rows.parquet"
        frame.with_columns(blank).select(
            pl.col(n).cast(kind) for n, kind in self.schema.items()
        ).write_parquet(path)
        return path

    def has(self, district: str) -> list[tuple[object, ...]]:
        """Return what a district's table holds at the version of its last crossing."""
        found = crossings.latest(self.city.registry, "backflow")
        (one,) = (each.crossing for each in found if each.crossing.recipient == district)
        table = self.city.lake.scan(
            "backflow", recipient_table("spot", district), one.target_version
        )
        assert one.rows == table.select(pl.len()).collect().item()
        return sorted(table.select("day", "spot", "division", "usage").collect().rows())

    def packages(self, district: str) -> list[tuple[object, ...]]:
        """Return what a district has that put the periods of each package into the one before."""
        folder = self.city.settings.outbox / district / "spot"
        state: dict[str, list[tuple[object, ...]]] = {}
        for each in sorted(folder.iterdir(), key=lambda path: int(path.name)):
            rows = pl.read_csv(each / "spot.csv", infer_schema=False)
            rows = rows.rename({"日期": "day"}) if "日期" in rows.columns else rows
            periods = read_package(each).manifest.periods
            days = rows["day"].unique().to_list() if periods is None else periods.values
            state = {} if periods is None else {d: r for d, r in state.items() if d not in days}
            state |= {d: rows.filter(pl.col("day") == d).rows() for d in days}
        return sorted(row for rows in state.values() for row in rows)


def date(day: int) -> dt.date:
    return FIRST + dt.timedelta(days=day)


def one_day(dice: random.Random) -> list[tuple[int, str | None, int]]:
    spots = range(dice.randrange(1, 6))
    return [(spot, dice.choice(PLACES), dice.randrange(9)) for spot in spots]


def due(spots: Spots, district: str) -> list[tuple[object, ...]]:
    rows = spots.rows().filter(pl.col("division").str.head(6) == district)
    return sorted(rows.rows())
