"""Several actions in one transaction: all are in, or none."""

from __future__ import annotations

import polars as pl

from lake.tables import Lake
from tests.lake.frames import readings, stage


def commit(lake: Lake, frame: pl.DataFrame, action: str, *along: str, absent_at: int | None = None):
    return lake.commit(
        "raw",
        "reading",
        [stage(frame, lake.scratch)],
        schema=dict(frame.schema),
        metadata={},
        action=action,
        along=along,
        absent_at=absent_at,
    )


def test_each_of_the_actions_is_found_in_the_version_of_all(lake):
    assert lake.newest("raw", "reading") == -1
    commit(lake, readings(1), "d0")
    assert commit(lake, readings(3), "d1", "d2", "d3", absent_at=0).version == 1
    assert [lake.committed("raw", "reading", f"d{n}") for n in range(4)] == [0, 1, 1, 1]
    assert lake.newest("raw", "reading") == 1
    assert commit(lake, readings(3), "d2").replayed


def test_nothing_is_written_when_one_of_them_is_there_already(lake):
    commit(lake, readings(3), "d2")
    again = commit(lake, readings(5), "d1", "d2")
    assert (again.replayed, again.version) == (True, 0)
    assert lake.committed("raw", "reading", "d1") is None
    assert lake.scan("raw", "reading").collect().height == 3


def test_an_action_that_came_after_the_version_looked_at_is_still_found(lake):
    commit(lake, readings(1), "d0")
    commit(lake, readings(3), "d2")  # by another process, meanwhile
    assert commit(lake, readings(5), "d1", "d2", absent_at=0).replayed
    assert lake.scan("raw", "reading").collect().height == 4
