"""The good records of a large text: read when they are asked for, or begun before."""

from __future__ import annotations

import threading
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ingestion.candidate import Candidate
from ingestion.delimited.scan import SPAN
from tests.ingestion.entries import HEADER, entry, read_bytes

LINES = 3 * SPAN // len("W0000000,2026-03-01,0000000.5\n") + 1


@pytest.fixture(scope="module")
def content() -> bytes:
    number = pl.int_range(LINES, eager=True)
    text = number.cast(pl.String).str.zfill(7)
    lines = pl.select("W" + text + ",2026-03-01," + text + ".5").to_series()
    return "\n".join([HEADER, *lines, "W1,2026-03-01", ""]).encode()


@pytest.fixture(autouse=True)
def nobody_reads() -> None:
    """Wait for threads of another test that asked for less than all: they end by themselves."""
    for one in reading():
        one.join(10)


def numbers(found: Candidate, **asked: int) -> pl.DataFrame:
    return found.frame.select("_row", "meter_id").head(**asked).collect(engine="streaming")


def reading() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name.startswith("lane")]


def test_what_was_begun_is_what_is_read_and_read_again(tmp_path: Path, content: bytes):
    found = read_bytes(tmp_path, content, entry())
    assert found.eager is not None
    plain = found.frame.collect(engine="streaming")
    assert plain["_row"].to_list() == list(range(1, LINES + 1))
    found.eager.begin()
    assert_frame_equal(found.frame.collect(engine="streaming"), plain)
    assert_frame_equal(found.frame.collect(engine="streaming"), plain)


def test_what_was_begun_may_be_asked_for_less(tmp_path: Path, content: bytes):
    found = read_bytes(tmp_path, content, entry())
    assert found.eager is not None
    found.eager.begin()
    assert numbers(found, n=3)["_row"].to_list() == [1, 2, 3]
    found.eager.begin()
    few = found.frame.filter(pl.col("_row") % 100_000 == 0).select("_row").collect()
    assert few["_row"].to_list() == list(range(100_000, LINES + 1, 100_000))


def test_nothing_is_being_read_once_it_was_stopped(tmp_path: Path, content: bytes):
    found = read_bytes(tmp_path, content, entry())
    assert found.eager is not None
    found.eager.begin()
    assert reading()
    found.eager.stop()
    assert not reading()
    assert numbers(found, n=2)["_row"].to_list() == [1, 2]


def test_a_delivery_of_one_stretch_needs_no_thread(tmp_path: Path):
    found = read_bytes(tmp_path, f"{HEADER}\nW1,2026-03-01,1.5\n".encode(), entry())
    assert found.eager is not None
    found.eager.begin()
    assert not reading()
    assert numbers(found, n=9).height == 1
