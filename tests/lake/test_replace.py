"""Replacing slices: what goes, what stays, and what is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from lake.changed import changed_values, values_of
from lake.errors import LakeError
from lake.slices import At, Slices, stored
from lake.tables import Lake
from tests.lake.frames import stage

SCHEMA = {"day": pl.Date(), "n": pl.Int64()}
DAYS = [dt.date(2026, 3, day) for day in range(1, 6)]


def rows(day: dt.date, *numbers: int) -> pl.DataFrame:
    return pl.DataFrame({"day": [day] * len(numbers), "n": numbers}, schema=SCHEMA)


@pytest.fixture
def lake(local_lake: Lake) -> Lake:
    staged = [stage(rows(day, 1, 2), local_lake.scratch) for day in DAYS]
    local_lake.commit("base", "t", staged, schema=SCHEMA, action="a", metadata={})
    return local_lake


def replace(lake: Lake, frame: pl.DataFrame, *gone: str, onto: int = 0, action: str = "b"):
    said = {"schema": dict(frame.schema), "action": action, "metadata": {}}
    return lake.replace("base", "t", [stage(frame, lake.scratch)], gone=gone, onto=onto, **said)


def file_of(lake: Lake, day: dt.date) -> str:
    only = Slices("day", (day,))
    return next(f.path for f in stored(lake, At("base", "t", 0), "day") if only.cover(f))


def change(lake: Lake, before: int, after: int, share: float = 1) -> object:
    return changed_values(lake, "base", "t", "day", before=before, after=after, share=share)


def test_a_day_is_replaced_in_one_version_and_once(lake) -> None:
    for _ in range(2):
        assert replace(lake, rows(DAYS[1], 7), file_of(lake, DAYS[1])).version == 1
    found = lake.scan("base", "t").sort("day", "n").collect()["n"].to_list()
    assert found == [1, 2, 7, 1, 2, 1, 2, 1, 2]
    assert lake.scan("base", "t", 0).collect().height == 10


def test_only_days_whose_rows_differ_count_as_changed_in_both_directions(lake) -> None:
    same = pl.concat([rows(DAYS[1], 1, 2), rows(DAYS[2], 1, 3)])
    replace(lake, same, file_of(lake, DAYS[1]), file_of(lake, DAYS[2]))
    assert change(lake, 0, 1) == change(lake, 1, 0) == (DAYS[2],)
    assert change(lake, 1, 1) == ()
    assert change(lake, 0, 1, share=0.1) is None, "more than a tenth of the rows is in other files"
    assert change(lake, 0, 9) is None, "there is no such version"


def test_a_change_whose_old_files_are_gone_cannot_be_told(lake) -> None:
    old = file_of(lake, DAYS[1])
    replace(lake, rows(DAYS[1], 7), old)
    Path(lake.uri("base", "t"), old).unlink()
    assert change(lake, 0, 1) is None


def test_days_of_deliveries_are_read_from_their_files(local_lake) -> None:
    schema = {**SCHEMA, "_delivery": pl.String()}
    for n, day in enumerate(DAYS):
        frame = rows(day, 1).with_columns(pl.lit(f"d{n}").alias("_delivery"))
        staged = [stage(frame, local_lake.scratch)]
        local_lake.commit("raw", "t", staged, schema=schema, action=f"{n}", metadata={})
    found = values_of(local_lake, At("raw", "t", 4), "day", deliveries={"d1", "d3", "never"})
    assert found == (DAYS[1], DAYS[3])


@pytest.mark.parametrize(
    ("gone", "onto", "says"),
    [("nowhere.parquet", 0, "is not in the table"), (None, 3, "version 0 lies on version 3")],
)
def test_what_would_double_rows_is_refused(lake, gone, onto, says) -> None:
    with pytest.raises(LakeError, match=says):
        replace(lake, rows(DAYS[1], 7), gone or file_of(lake, DAYS[1]), onto=onto)
    assert lake.version("base", "t") == 0


def test_a_new_column_is_refused(lake) -> None:
    wider = rows(DAYS[1], 7).with_columns(pl.lit("x").alias("more"))
    with pytest.raises(LakeError, match="column more is new"):
        replace(lake, wider, file_of(lake, DAYS[1]))
