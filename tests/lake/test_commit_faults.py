"""Commits that die, race, or whose answer is lost: each action stands exactly once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError

from lake.errors import LakeError
from lake.store.place import delta_options
from lake.tables import Lake
from tests.lake.frames import SCHEMA, parts, readings, stage
from tests.lake.writer import DIED


def commit(lake: Lake, action: str, first: int = 0, **more: Any):
    path = stage(readings(5, first=first), lake.scratch)
    return lake.commit("raw", "reading", [path], schema=SCHEMA, action=action, metadata={}, **more)


class Writer:
    """Another process that commits when told."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.lake.writer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def prepare(self, lake: Lake, action: str, first: int = 0, **more: str) -> None:
        order = {
            "url": lake.place.root,
            "archive": lake.archive.place.root,
            "scratch": str(lake.scratch),
            "credentials": lake.place.credentials and asdict(lake.place.credentials),
            "file": str(stage(readings(5, first=first), lake.scratch)),
            "action": action,
            "die": "",
            "mode": "append",
        }
        self.tell(json.dumps(order | more))
        assert self.hear() == "ready\n"

    def end(self) -> int:
        self.process.communicate()
        return self.process.returncode


@pytest.fixture(scope="module")
def writers() -> Iterator[tuple[Writer, Writer]]:
    both = (Writer(), Writer())
    yield both
    assert [writer.end() for writer in both] == [0, 0]


def go(writers: tuple[Writer, Writer]) -> list[dict[str, Any]]:
    """Let waiting writers commit at once and return what they say."""
    for writer in writers:
        writer.tell("go")
    return [json.loads(writer.hear()) for writer in writers]


def die(lake: Lake, action: str, when: str) -> None:
    """Let a writer die before or after its transaction."""
    writer = Writer()
    writer.prepare(lake, action, first=5, die=when)
    writer.tell("go")
    assert writer.end() == DIED


def numbers(lake: Lake) -> list[int]:
    return sorted(lake.scan("raw", "reading").collect()["_row"].to_list())


def committed_parts(lake: Lake) -> list[str]:
    uri = lake.uri("raw", "reading")
    table = DeltaTable(uri, storage_options=delta_options(lake.place))
    return sorted(path.rpartition("/")[2] for path in table.file_uris())


def test_a_death_before_the_transaction_leaves_an_orphan_and_a_rerun_commits_once(local_lake):
    lake = local_lake
    commit(lake, "d0")
    die(lake, "d1", "before")
    assert (lake.version("raw", "reading"), len(parts(lake))) == (0, 2)
    done = commit(lake, "d1", first=5)
    assert (done.version, done.replayed) == (1, False)
    assert numbers(lake) == list(range(1, 11))
    assert len(set(parts(lake)) - set(committed_parts(lake))) == 1


def test_a_death_after_the_transaction_is_found_by_the_rerun(lake):
    commit(lake, "d0")
    die(lake, "d1", "after")
    done = commit(lake, "d1", first=5)
    assert (done.version, done.rows, done.replayed) == (1, 5, True)
    assert numbers(lake) == list(range(1, 11))
    assert parts(lake) == committed_parts(lake)


@pytest.mark.parametrize("existing", [True, False])
def test_two_racing_commits_of_one_action_make_one(lake, writers, existing):
    if existing:
        commit(lake, "d0", first=100)
    for writer in writers:
        writer.prepare(lake, "d1")
    said = go(writers)
    assert sorted(done["replayed"] for done in said) == [False, True]
    assert len({done["version"] for done in said}) == 1
    assert [n for n in numbers(lake) if n < 100] == list(range(1, 6))
    assert parts(lake) == committed_parts(lake)


@pytest.mark.parametrize("existing", [True, False])
def test_two_racing_commits_of_different_actions_are_both_there(lake, writers, existing):
    if existing:
        commit(lake, "d0", first=100)
    for n, writer in enumerate(writers):
        writer.prepare(lake, f"d{n + 1}", first=5 * n)
    said = go(writers)
    assert [done["replayed"] for done in said] == [False, False]
    assert len({done["version"] for done in said}) == 2
    assert [n for n in numbers(lake) if n < 100] == list(range(1, 11))


def test_racing_overwrites_leave_the_rows_of_one(local_lake, writers):
    commit(local_lake, "d0", first=100)
    for n, writer in enumerate(writers):
        writer.prepare(local_lake, f"d{n}x", first=5 * n, mode="overwrite")
    go(writers)
    assert numbers(local_lake) in ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])


@pytest.mark.parametrize("table", ["there", "new"])
def test_a_commit_whose_answer_is_lost_is_recognised_as_ours(local_lake, monkeypatch, table):
    lake = local_lake
    if table == "there":
        commit(lake, "d0", first=5)
    real = DeltaTable.create_write_transaction
    calls = []

    def losing(*given: Any, **more: Any) -> None:
        calls.append(1)
        real(*given, **more)
        raise CommitFailedError("the answer was lost")

    monkeypatch.setattr(DeltaTable, "create_write_transaction", losing)
    done = commit(lake, "d1")
    assert (done.rows, done.replayed, len(calls)) == (5, False, int(table == "there"))
    assert numbers(lake)[:5] == [1, 2, 3, 4, 5]
    assert parts(lake) == committed_parts(lake)


def test_a_store_that_keeps_failing_ends_in_one_line_and_a_rerun_goes_on(local_lake, monkeypatch):
    commit(local_lake, "d0", first=5)

    def failing(*_: Any, **__: Any) -> None:
        raise OSError("503\nSlow Down")

    with monkeypatch.context() as broken:
        broken.setattr(DeltaTable, "create_write_transaction", failing)
        with pytest.raises(LakeError, match="raw/reading: commit failed: 503 Slow Down"):
            commit(local_lake, "d1")
    assert commit(local_lake, "d1").version == 1
    assert numbers(local_lake) == list(range(1, 11))
