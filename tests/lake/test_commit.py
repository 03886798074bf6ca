from __future__ import annotations

import multiprocessing
import shutil
from concurrent.futures import ProcessPoolExecutor

import duckdb
import polars as pl
import pytest
from deltalake import DeltaTable, Schema
from polars.testing import assert_frame_equal

from lake.engine import prepare
from lake.errors import LakeError
from lake.store.place import delta_options
from lake.tables import Lake
from tests.lake.frames import SCHEMA, parts, readings, stage


def commit(lake: Lake, frame: pl.DataFrame, action: str, **more: object):
    more = {"schema": dict(frame.schema), "metadata": {}, **more}
    return lake.commit("raw", "reading", [stage(frame, lake.scratch)], action=action, **more)


def delta(lake: Lake) -> DeltaTable:
    return DeltaTable(lake.uri("raw", "reading"), storage_options=delta_options(lake.place))


def test_the_first_commit_makes_version_0_and_the_next_ones_count_up(lake):
    assert lake.version("raw", "reading") is None
    assert [commit(lake, readings(3), f"d{n}").version for n in range(3)] == [0, 1, 2]
    assert lake.scan("raw", "reading").collect().height == 9
    assert lake.scan("raw", "reading", version=0).collect().height == 3
    assert lake.tables() == (("raw", "reading"),)


def test_a_repeated_action_changes_nothing_and_says_where_it_is(lake):
    commit(lake, readings(3), "d1", metadata={"resource": "reading"})
    commit(lake, readings(2), "d2")
    again = commit(lake, readings(3), "d1")
    assert (again.version, again.rows, again.replayed) == (0, 3, True)
    assert lake.committed("raw", "reading", "d2") == 1
    assert lake.committed("raw", "reading", "d3") is None
    assert len(parts(lake)) == 2


def test_overwrite_leaves_the_new_rows_only_and_keeps_the_old_version_readable(lake):
    commit(lake, readings(5), "d1")
    commit(lake, readings(2), "d2", mode="overwrite")
    assert lake.scan("raw", "reading").collect().height == 2
    assert lake.scan("raw", "reading", version=0).collect().height == 5


def test_every_reader_sees_the_same_rows(lake):
    frame = readings(40)
    commit(lake, frame.head(25), "d1")
    commit(lake, frame.tail(15), "d2")
    uri = lake.uri("raw", "reading")
    connection = duckdb.connect()
    prepare(connection, lake)
    for rows in (
        lake.scan("raw", "reading").collect(),
        pl.from_arrow(delta(lake).to_pyarrow_table()),
        connection.execute("from delta_scan(?)", [uri]).pl().cast({"at": SCHEMA["at"]}),
    ):
        assert_frame_equal(rows.sort("_row"), frame)


def test_a_new_column_is_added_and_older_rows_have_nulls(lake):
    commit(lake, readings(2).drop("remote"), "d1")
    commit(lake, readings(2), "d2")
    assert lake.scan("raw", "reading").collect()["remote"].null_count() == 2
    assert lake.committed("raw", "reading", "d2") == 2


@pytest.mark.parametrize(
    ("frame", "more", "says"),
    [
        (readings(2).drop("remote"), {}, "column remote is no longer given"),
        (readings(2).cast({"_row": pl.Int32}), {}, "column _row is"),
        (readings(2).cast({"_row": pl.UInt32}), {}, "column _row: no Delta type for UInt32"),
        (readings(2), {"schema": {**SCHEMA, "x": pl.Date()}}, "column x is None in the file"),
        (readings(9), {"required": ["usage_m3"]}, "column usage_m3 must not be null"),
        (readings(2), {"required": ["nothing"]}, "required column nothing"),
        (readings(2), {"metadata": {"rows": "9"}}, "metadata may not be named rows"),
    ],
)
def test_what_would_break_readers_is_refused_by_name_and_leaves_nothing(lake, frame, more, says):
    commit(lake, readings(2), "d1")
    with pytest.raises(LakeError, match=says):
        commit(lake, frame, "d2", **more)
    assert (lake.version("raw", "reading"), len(parts(lake))) == (0, 1)


def test_overwrite_may_bring_other_columns(lake):
    commit(lake, readings(2), "d1", required=["meter_id"])
    other = pl.DataFrame({"meter_id": [1, None], "month": ["2026-03", "2026-04"]})
    done = commit(lake, other, "d2", mode="overwrite")
    assert_frame_equal(lake.scan("raw", "reading").collect(), other)
    assert_frame_equal(lake.scan("raw", "reading", version=0).collect(), readings(2))
    assert done.version == 1


@pytest.mark.parametrize("staged", [[], [readings(0)]])
def test_no_rows_still_make_a_table_and_keep_the_action(lake, staged):
    paths = [stage(frame, lake.scratch) for frame in staged]
    done = lake.commit("raw", "reading", paths, schema=SCHEMA, action="d1", metadata={})
    assert (done.version, done.rows) == (0, 0)
    assert lake.scan("raw", "reading").collect().schema == SCHEMA
    more = lake.commit("raw", "reading", [], schema=SCHEMA, action="d2", metadata={})
    assert more.version == 1
    assert lake.committed("raw", "reading", "d2") == 1


def test_commit_metadata_stands_in_the_history(lake):
    commit(lake, readings(2), "d1", metadata={"resource": "reading", "verdict": "passed"})
    info = delta(lake).history(1)[0]
    assert {k: info[k] for k in ("action", "rows", "resource", "verdict")} == {
        "action": "d1",
        "rows": "2",
        "resource": "reading",
        "verdict": "passed",
    }


def test_a_file_that_is_no_parquet_is_refused(lake):
    lake.scratch.mkdir(parents=True, exist_ok=True)
    path = lake.scratch / "a.parquet"
    path.write_bytes(b"PAR1 not quite")
    with pytest.raises(LakeError, match=r"a\.parquet: not a readable Parquet file"):
        lake.commit("raw", "reading", [path], schema=SCHEMA, action="d1", metadata={})


@pytest.mark.parametrize("required", [["usage_m3"], ["_rules"]])
def test_a_required_column_stays_required_for_later_commits(lake, required):
    frame = readings(2)
    commit(lake, frame, "d1", required=required)
    blank = frame.with_columns(pl.lit(None, SCHEMA[required[0]]).alias(required[0]))
    with pytest.raises(LakeError, match=f"column {required[0]} must not be null"):
        commit(lake, blank, "d2")
    assert (lake.version("raw", "reading"), len(parts(lake))) == (0, 1)


def test_a_table_that_another_writer_partitioned_is_refused(lake):
    frame = pl.DataFrame({"day": ["a", "b"], "n": [1, 2]})
    DeltaTable.create(
        lake.uri("raw", "reading"),
        Schema.from_arrow(frame.to_arrow().schema),
        partition_by=["day"],
        storage_options=delta_options(lake.place),
    )
    with pytest.raises(LakeError, match="another writer partitioned it"):
        commit(lake, frame, "d1", mode="overwrite")


def test_many_versions_stay_readable_behind_their_checkpoints(lake):
    for n in range(23):
        commit(lake, readings(1, first=n), f"d{n}")
    assert [lake.committed("raw", "reading", f"d{n}") for n in (0, 11, 22)] == [0, 11, 22]
    assert lake.scan("raw", "reading", version=4).collect().height == 5


def test_a_table_that_was_lost_between_two_commits_of_a_process_is_begun_anew(local_lake):
    for n in range(4):
        commit(local_lake, readings(3), f"d{n}")
    shutil.rmtree(local_lake.uri("raw", "reading"))
    assert commit(local_lake, readings(2), "d9").version == 0
    assert local_lake.scan("raw", "reading").collect().height == 2


def test_a_process_that_commits_again_sees_what_another_has_committed_since(local_lake):
    commit(local_lake, readings(3), "d1")
    other = commit_elsewhere(local_lake, "d2")
    assert (other, commit(local_lake, readings(3), "d2").version) == (1, 1)
    assert commit(local_lake, readings(1), "d3").version == 2


def commit_elsewhere(lake: Lake, action: str) -> int:
    """Commit in a process of its own."""
    frame = readings(2)
    change = {"files": [stage(frame, lake.scratch)], "schema": dict(frame.schema)}
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        words = {"action": action, "metadata": {}, **change}
        return pool.submit(_committed_version, lake, words).result()


def _committed_version(lake: Lake, words: dict[str, object]) -> int:
    return lake.commit("raw", "reading", **words).version
