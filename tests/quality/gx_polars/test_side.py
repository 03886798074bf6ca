"""The numbers beside rows stay in their order, in memory and in files."""

from __future__ import annotations

import polars as pl

from quality.gx_polars import side as module
from quality.gx_polars.side import Side

SCHEMA = pl.Schema({"row": pl.Int64, "bad": pl.Boolean, "hash": pl.UInt64})


def batch(start: int, rows: int) -> pl.DataFrame:
    row = pl.int_range(start, start + rows, eager=True).alias("row")
    return row.to_frame().with_columns(bad=pl.col("row") % 7 == 0, hash=pl.col("row").hash())


def test_without_a_batch_there_are_no_rows(tmp_path):
    assert Side(tmp_path, SCHEMA).frame().collect().equals(pl.DataFrame(schema=SCHEMA))


def test_few_rows_stay_in_memory(tmp_path):
    side = Side(tmp_path, SCHEMA)
    side.take(batch(0, 1_000))
    side.take(batch(1_000, 500))
    assert side.frame().collect().equals(batch(0, 1_500))
    assert list(tmp_path.iterdir()) == []


def test_many_rows_go_into_files_behind_the_first_ones(tmp_path, monkeypatch):
    size = batch(0, 1_000).estimated_size()
    monkeypatch.setattr(module, "KEPT", 2 * size)
    monkeypatch.setattr(module, "FILE", 3 * size)
    side = Side(tmp_path, SCHEMA)
    for start in range(0, 10_000, 1_000):
        side.take(batch(start, 1_000))
    assert side.frame().collect(engine="streaming").equals(batch(0, 10_000))
    files = sorted(tmp_path.iterdir())
    held = [pl.read_parquet(path).height for path in files]
    assert sum(held) == 8_000, "two batches stay in memory"
    assert held[0] == 3_000


def test_a_small_batch_does_not_pass_those_in_files(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "KEPT", batch(0, 1_000).estimated_size())
    side = Side(tmp_path, SCHEMA)
    for start, rows in ((0, 900), (900, 2_000), (2_900, 10)):
        side.take(batch(start, rows))
    assert side.frame().collect().equals(batch(0, 2_910))
