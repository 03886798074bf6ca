from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from lake.errors import LakeError
from lake.statistics import LAST, read_footer


def polars_file(frame: pl.DataFrame, folder: Path) -> Path:
    path = folder / "p.parquet"
    frame.lazy().sink_parquet(path, row_group_size=2)
    return path


def duckdb_file(frame: pl.DataFrame, folder: Path) -> Path:
    path = folder / "d.parquet"
    connection = duckdb.connect()
    connection.register("frame", frame)
    connection.execute(f"copy (from frame) to '{path}' (format parquet, compression zstd)")
    return path


WRITERS = pytest.mark.parametrize("write", [polars_file, duckdb_file])
UTC = dt.UTC


@WRITERS
@pytest.mark.parametrize(
    ("dtype", "values", "low", "high"),
    [
        (pl.Int64(), [3, None, -7], "-7", "3"),
        (pl.Decimal(38, 1), ["1.5", "-12345678901234567890.5"], "-12345678901234567890.5", "1.5"),
        (pl.Decimal(10, 2), ["0.00", "0.00"], "0.00", "0.00"),
        (pl.Date(), [dt.date(1949, 10, 1), dt.date(2026, 3, 1)], '"1949-10-01"', '"2026-03-01"'),
        (
            pl.Datetime("us", "UTC"),
            [dt.datetime(2026, 3, 1, 1, 2, 3, 45, tzinfo=UTC), dt.datetime(1960, 1, 1, tzinfo=UTC)],
            '"1960-01-01T00:00:00Z"',
            '"2026-03-01T01:02:03.000045Z"',
        ),
        (pl.String(), ["贵阳", '"a"\n\x00'], '"\\"a\\"\\n\\u0000"', '"贵阳"'),
        (pl.String(), ["a" * 33, "b" * 40], f'"{"a" * 32}"', f'"{"b" * 32}{LAST}"'),
        (pl.Int64(), [None, None], None, None),
        (pl.Boolean(), [True, False], None, None),
        (pl.Float64(), [1.0, float("nan")], None, None),
    ],
)
def test_bounds_are_exact_or_absent(tmp_path, write, dtype, values, low, high):
    series = pl.Series("x", values, strict=False).cast(dtype)
    stats = read_footer(write(series.to_frame(), tmp_path)).stats
    found = json.loads(stats)
    assert found["nullCount"] == {"x": series.null_count()}
    assert found["numRecords"] == len(values)
    if low is None:
        assert (found["minValues"], found["maxValues"]) == ({}, {})
    elif isinstance(dtype, pl.Decimal):
        assert f'"minValues":{{"x":{low}}},"maxValues":{{"x":{high}}}' in stats
    else:
        assert (found["minValues"]["x"], found["maxValues"]["x"]) == (
            json.loads(low),
            json.loads(high),
        )


@WRITERS
def test_lists_have_no_bounds_and_no_null_count(tmp_path, write):
    frame = pl.DataFrame({"x": [["a"], [], None]}, schema={"x": pl.List(pl.String)})
    assert json.loads(read_footer(write(frame, tmp_path)).stats) == {
        "numRecords": 3,
        "minValues": {},
        "maxValues": {},
        "nullCount": {},
    }


@WRITERS
@pytest.mark.parametrize(
    "values",
    [
        ["市" * 50, "市" * 32 + "\U0010ffff" + "x", "a"],
        [Decimal("-0.01"), Decimal("99999999.99"), None],
        [dt.datetime(2026, 3, 1, 0, 0, 0, 999999, tzinfo=UTC), dt.datetime(1, 1, 1, tzinfo=UTC)],
        [2.0, -0.0, float("inf")],
        [dt.date(9999, 12, 31), dt.date(1, 1, 1)],
    ],
)
def test_no_reader_skips_a_row_that_a_filter_asks_for(tmp_path, local_lake, reader, write, values):
    frame = pl.Series("x", values).to_frame()
    if frame.schema["x"] == pl.Decimal:
        frame = frame.cast(pl.Decimal(10, 2))
    path = write(frame, tmp_path)
    lake = local_lake
    lake.commit("raw", "t", [path], schema=dict(frame.schema), action="a", metadata={})
    for value in frame["x"].drop_nulls():
        literal = pl.lit(value, frame.schema["x"])
        assert lake.scan("raw", "t").filter(pl.col("x").eq_missing(literal)).collect().height == 1
        rows = reader.execute("from delta_scan(?) where x = ?", [lake.uri("raw", "t"), value])
        assert len(rows.fetchall()) == 1


def test_a_year_beyond_pythons_calendar_gives_no_bounds(tmp_path):
    path = tmp_path / "d.parquet"
    duckdb.execute(f"copy (select date '20000-01-01' as x) to '{path}' (format parquet)")
    assert json.loads(read_footer(path).stats)["maxValues"] == {}


def test_a_truncated_file_is_refused_by_name(tmp_path):
    path = polars_file(pl.DataFrame({"x": [1]}), tmp_path)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(LakeError, match=r"p\.parquet: not a readable Parquet file"):
        read_footer(path)
