"""One more period flows back as itself, and what districts have is what a full return gives."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import polars as pl
import pytest

from catalog.schema import model_schema
from lake.model import FEW_ROWS
from lake.slices import At, Slices, stored
from orchestration.city import City
from orchestration.flows import crossing
from orchestration.flows.backflow import Returned, backflow
from orchestration.flows.crossing import recipient_table
from orchestration.flows.judged import judge_version
from orchestration.flows.verify import verify_lake
from registry import audit, crossings, releases, verdicts
from registry.releases import Release
from sharing.package import read_package
from tests.orchestration.town import LATER, NOW, again, moved, town

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
pytestmark = pytest.mark.xdist_group("reflow")

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


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Spots:
    """Return a table of ten days that flowed back once."""
    dice = random.Random(0)
    found = Spots(town(tmp_path_factory.mktemp("spots"), SPOT))
    found.release({day: one_day(dice) for day in range(10)})
    return found


@pytest.fixture
def spots(returned: Spots, tmp_path: Path) -> Spots:
    """Return a copy of it, to be changed."""
    return Spots(moved(returned.city, tmp_path / "home"), dict(returned.days), returned.step)


def test_one_more_day_crosses_alone(spots: Spots) -> None:
    done = spots.release({10: [(1, "520102", 5), (2, "520100", 6)]})
    assert (done.outcome, done.balanced) == ("returned", True)
    assert done.message.endswith("(day: 1 anew)")
    folder = spots.city.settings.outbox / "520102" / "spot" / "2"
    manifest = read_package(folder).manifest
    assert manifest.data is not None
    assert manifest.data.rows == 1
    assert manifest.periods is not None
    assert (manifest.periods.values, manifest.periods.since) == (("2026-01-11",), 1)
    assert spots.has("520102") == due(spots, "520102")
    assert verify_lake(spots.city).ok


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 9))]
)
def test_any_changes_of_days_leave_what_a_full_return_leaves(spots: Spots, seed: int) -> None:
    dice, parts = random.Random(seed), 0
    for _ in range(4):
        days = dice.sample(range(14), dice.randrange(1, 4))
        changed = {day: one_day(dice) if dice.random() < 0.8 else [] for day in days}
        done = spots.release(changed)
        parts += "anew" in done.message
        assert done.balanced
        assert done.released == spots.rows().height
        for district in ("520102", "520103", "520111"):
            assert spots.has(district) == due(spots, district)
    assert parts >= 2
    for district in ("520102", "520103"):
        assert len(spots.packages(district)) == len(due(spots, district))
    assert verify_lake(spots.city).ok
    assert audit.verify(spots.city.registry).ok


def test_a_day_that_moves_to_another_district_leaves_the_first(spots: Spots) -> None:
    spots.release({10: [(1, "520102", 5)]})
    spots.release({10: [(1, "520103", 5)]})
    assert not [row for row in spots.has("520102") if row[0] == date(10)]
    assert [row for row in spots.has("520103") if row[0] == date(10)] == [
        (date(10), 1, "520103", 5)
    ]


def test_rows_withheld_in_a_day_that_changed_are_counted_anew(spots: Spots) -> None:
    before = spots.release({10: [(1, "520100", 5), (2, None, 5)]}).withheld
    after = spots.release({10: [(1, "520102", 5)]}).withheld
    assert before["above_district"] == after["above_district"] + 1
    assert before["no_division"] == after["no_division"] + 1


def test_a_run_that_was_killed_ends_as_if_it_had_not_been(
    spots: Spots, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter(range(3))

    def record(*words: object, **more: object) -> None:
        if next(times, None) is None:
            raise KeyboardInterrupt
        crossing.record(*words, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("orchestration.flows.backflow.record", record)
        with pytest.raises(KeyboardInterrupt):
            spots.release({10: [(1, "520113", 5), (2, "520102", 6)]})
    done = backflow(again(spots.city), "spot", now=LATER)
    assert (done.balanced, done.message.endswith("(day: 1 anew)")) == (True, True)
    for district in ("520102", "520103", "520113"):
        assert spots.has(district) == due(spots, district)
    assert verify_lake(spots.city).ok


def test_a_table_that_someone_wrote_to_is_returned_whole(spots: Spots) -> None:
    table = recipient_table("spot", "520102")
    newest = spots.city.lake.version("backflow", table)
    schema = spots.city.lake.scan("backflow", table).collect_schema()
    spots.city.lake.commit(
        "backflow", table, [], schema=dict(schema), action="x", metadata={}, mode="overwrite"
    )
    assert spots.city.lake.version("backflow", table) != newest
    done = spots.release({10: [(1, "520102", 5)]})
    assert "anew" not in done.message
    assert spots.has("520102") == due(spots, "520102")


def test_large_files_of_other_days_stay_where_they_are(
    spots: Spots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.flows.reflow.FEW_ROWS", 0)
    assert FEW_ROWS > 0
    lake, table = spots.city.lake, recipient_table("spot", "520102")

    def paths() -> set[str]:
        at = At("backflow", table, lake.version("backflow", table) or 0)
        return {file.path for file in stored(lake, at, "day")}

    before = paths()
    spots.release({10: [(1, "520102", 5)]})
    assert before < paths()
    assert spots.has("520102") == due(spots, "520102")
