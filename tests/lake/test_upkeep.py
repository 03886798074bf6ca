"""Small files become large ones and needless files go, and no version that is needed changes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable

from lake.compaction import compact
from lake.errors import LakeError
from lake.store.place import delta_options
from lake.tables import Lake
from lake.vacuum import remove, unneeded
from tests.lake.frames import SCHEMA, parts, readings, stage

SOON = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)


def fill(lake: Lake, folder: Path, commits: int = 5, rows: int = 40) -> list[pl.DataFrame]:
    """Commit so many small files; return what each version holds."""
    states = []
    for number in range(commits):
        frame = readings(rows, first=number * rows)
        lake.commit(
            "raw",
            "reading",
            [stage(frame, folder)],
            schema=SCHEMA,
            action=f"delivery-{number}",
            metadata={},
        )
        states.append(state(lake))
    return states


def state(lake: Lake, version: int | None = None) -> pl.DataFrame:
    return lake.scan("raw", "reading", version).sort("_row").collect()


def vacuumed(lake: Lake, *needed: int, before: dt.datetime = SOON) -> int:
    found = unneeded(lake, "raw", "reading", needed=needed, before=before)
    remove(lake, found)
    return len(found.files)


def test_small_files_become_one_and_every_version_holds_what_it_held(lake, tmp_path) -> None:
    states = fill(lake, tmp_path)
    done = compact(lake, "raw", "reading")
    assert (done.version, done.files_before, done.files_after) == (5, 5, 1)
    assert done.bytes_after < done.bytes_before
    for version, frame in enumerate([*states, states[-1]]):
        assert state(lake, version).equals(frame)
    assert compact(lake, "raw", "reading") is None


def test_rows_keep_their_order_so_that_deliveries_stay_together(local_lake, tmp_path) -> None:
    fill(local_lake, tmp_path)
    compact(local_lake, "raw", "reading")
    assert local_lake.scan("raw", "reading").collect()["_row"].is_sorted()


def test_the_log_says_that_no_data_changed_and_remembers_every_delivery(lake, tmp_path) -> None:
    fill(lake, tmp_path)
    compact(lake, "raw", "reading")
    uri = lake.uri("raw", "reading")
    table = DeltaTable(uri, storage_options=delta_options(lake.place))
    assert lake.committed("raw", "reading", "delivery-3") == 3
    again = lake.commit(
        *("raw", "reading", [stage(readings(9), tmp_path)]),
        schema=SCHEMA,
        action="delivery-3",
        metadata={},
    )
    assert again.replayed
    if lake.place.credentials is None:
        log = Path(uri, "_delta_log", f"{table.version():020}.json").read_text("utf-8")
        assert log.count('"dataChange":false') == 6
        assert '"dataChange":true' not in log


def test_files_are_joined_up_to_the_size_of_one(local_lake, tmp_path) -> None:
    fill(local_lake, tmp_path, commits=6)
    size = max(path.stat().st_size for path in Path(local_lake.uri("raw", "reading")).glob("*.p*"))
    done = compact(local_lake, "raw", "reading", target=2 * size)
    assert (done.files_before, done.files_after) == (6, 3)
    assert compact(local_lake, "raw", "reading", small=size // 2) is None


def test_a_column_that_came_later_is_null_in_older_rows(local_lake, tmp_path) -> None:
    fill(local_lake, tmp_path, commits=2)
    wide = readings(3, first=100).with_columns(district=pl.lit("520102"))
    schema = {**SCHEMA, "district": pl.String()}
    local_lake.commit(
        *("raw", "reading", [stage(wide, tmp_path)]), schema=schema, action="wide", metadata={}
    )
    before = state(local_lake)
    assert compact(local_lake, "raw", "reading").files_after == 1
    assert state(local_lake).equals(before)


def test_statistics_of_a_joined_file_still_prune(local_lake, tmp_path) -> None:
    fill(local_lake, tmp_path)
    compact(local_lake, "raw", "reading")
    rows = local_lake.scan("raw", "reading").filter(pl.col("meter_id") == "W260000007水")
    assert rows.collect().height == 1


def test_a_table_that_is_not_there_is_named(local_lake) -> None:
    with pytest.raises(LakeError, match=r"raw\.tree: no such table"):
        compact(local_lake, "raw", "tree")
    assert unneeded(local_lake, "raw", "tree", needed=(), before=SOON).files == ()


def test_files_that_no_needed_version_has_are_removed(lake, tmp_path) -> None:
    states = fill(lake, tmp_path)
    compact(lake, "raw", "reading")
    assert vacuumed(lake, 2) == 2
    assert state(lake, 2).equals(states[2])
    assert state(lake).equals(states[-1])
    assert len(parts(lake)) == 4
    assert vacuumed(lake, 2) == 0


def test_orphans_go_and_what_is_young_stays(local_lake, tmp_path) -> None:
    states = fill(local_lake, tmp_path)
    folder = Path(local_lake.uri("raw", "reading"))
    (folder / "part-of-a-failed-commit.parquet").write_bytes(b"")
    (folder / ".part-cut-short.parquet.part").write_bytes(b"")
    (folder / "notes.txt").write_bytes(b"")
    young = SOON - dt.timedelta(hours=2)
    compact(local_lake, "raw", "reading")
    assert vacuumed(local_lake, before=young) == 0
    assert vacuumed(local_lake, *range(5)) == 2
    assert (folder / "notes.txt").exists()
    for version, frame in enumerate(states):
        assert state(local_lake, version).equals(frame)


def test_a_needed_version_that_cannot_be_read_stops_the_vacuum(local_lake, tmp_path) -> None:
    fill(local_lake, tmp_path, commits=12)
    compact(local_lake, "raw", "reading")
    (Path(local_lake.uri("raw", "reading")) / "_delta_log" / f"{2:020}.json").unlink()
    with pytest.raises(LakeError, match=r"raw/reading version 2: needed, and cannot be read"):
        vacuumed(local_lake, 2)
    assert len(parts(local_lake)) == 13
