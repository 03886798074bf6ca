"""A large delivery is read from the inbox's bytes under a lease; who would write ends that."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import polars as pl
import pytest

from ingestion.delimited import lane, scan
from ingestion.delivery import DeliveryRefused
from lake.store import archive as archive_module
from orchestration.flows import settle as settle_module
from orchestration.flows.verify import verify_lake
from tests.orchestration.town import lay, stored, take_in, town

ROWS = [f"P{number},520102,{number}" for number in range(1, 1001)]


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "LARGE", archive_module.BLOCK)


def wanted_by(link: Path, seen: list[Path], monkeypatch: pytest.MonkeyPatch, then: str) -> None:
    """Let somebody ask to write while the delivery is judged for the first time."""
    gate = settle_module.gate

    def asked(delivery, candidate, *rest, **named):
        said = gate(delivery, candidate, *rest, **named)
        seen.append(link)
        if len(seen) > 1:
            return said
        with pytest.raises(BlockingIOError):
            os.open(link, os.O_WRONLY | os.O_NONBLOCK)
        if then == "refused":
            raise DeliveryRefused("unreadable", "torn")
        return said

    monkeypatch.setattr(settle_module, "gate", asked)


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.flows.together._small", lambda _: False)


@pytest.mark.usefixtures("large")
def test_a_large_delivery_is_taken_and_let_go_of(tmp_path):
    city = town(tmp_path)
    path = lay(city, "park", "park_202601.csv", *ROWS)
    link = tmp_path / "link.csv"
    link.hardlink_to(path)
    (one,) = take_in(city)
    assert (one.outcome, one.account.accepted) == ("accepted", 1000)
    assert not city.lake.archive.held
    link.write_text("nobody waits", encoding="utf-8")
    assert verify_lake(city).ok


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("then", ["read", "refused"])
def test_what_somebody_would_write_is_read_again_from_the_archive(tmp_path, monkeypatch, then):
    city = town(tmp_path)
    path = lay(city, "park", "park_202601.csv", *ROWS)
    link = tmp_path / "link.csv"
    link.hardlink_to(path)
    seen: list[Path] = []
    wanted_by(link, seen, monkeypatch, then)
    (one,) = take_in(city)
    assert len(seen) == 2
    assert (one.outcome, one.account.accepted) == ("accepted", 1000)
    assert stored(city, "raw") == 1000
    numbers = city.lake.scan("raw", "park").select(pl.col("_row").n_unique()).collect().item()
    assert numbers == 1000
    assert verify_lake(city).ok


@pytest.mark.usefixtures("large")
def test_a_file_for_nobody_is_let_go_of(tmp_path):
    city = town(tmp_path)
    path = lay(city, "park", "park_202601.csv", *ROWS)
    strange = city.settings.inbox / "unheard" / "x.csv"
    strange.parent.mkdir()
    path.rename(strange)
    link = tmp_path / "link.csv"
    link.hardlink_to(strange)
    from orchestration.flows.collect import take_strays
    from tests.orchestration.town import NOW

    (told,) = take_strays(city, now=NOW)
    assert told.outcome == "unknown_resource"
    link.write_text("nobody waits", encoding="utf-8")


@pytest.mark.usefixtures("large")
def test_rows_begun_of_what_turns_out_a_repeat_are_not_read_on(tmp_path, monkeypatch):
    city = town(tmp_path)
    lay(city, "park", "park_202601.csv", *ROWS)
    take_in(city)
    monkeypatch.setattr(scan.scan, "__defaults__", (1024,))  # bytes of a stretch: several
    read, stop, stopped = lane.Lane._read, lane.Lane.stop, threading.Event()

    def once_stopped(self, stretch):
        stopped.wait()
        return read(self, stretch)

    def stopping(self):
        stopped.set()
        stop(self)

    monkeypatch.setattr(lane.Lane, "_read", once_stopped)
    monkeypatch.setattr(lane.Lane, "stop", stopping)
    lay(city, "park", "park_202602.csv", *ROWS)
    (one,) = take_in(city)
    still = [thread for thread in threading.enumerate() if thread.name.startswith("lane")]
    was_stopped = stopped.is_set()
    stopped.set()  # or they would wait for ever
    assert one.outcome == "repeat"
    assert (was_stopped, still) == (True, [])
