"""A file that is held stays as it is until it is let go of; one that is written is not held."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

import pytest

from lake.errors import StillGrowing
from lake.store import archive as archive_module
from lake.store.archive import BLOCK
from lake.store.held import hold
from lake.tables import Lake


def delivered(folder: Path, content: bytes = b"x" * 100) -> Path:
    path = folder / "delivery.csv"
    path.write_bytes(content)
    return path


def ask_to_write(path: Path) -> None:
    """Open a file to write without waiting: the lease is asked back all the same."""
    with pytest.raises(BlockingIOError):
        os.open(path, os.O_WRONLY | os.O_NONBLOCK)


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "LARGE", BLOCK)
    monkeypatch.setattr(archive_module, "STEP", BLOCK)


def test_a_writer_waits_until_the_file_is_let_go(tmp_path):
    path = delivered(tmp_path)
    held = hold(path)
    assert held is not None
    assert held.intact()
    path.unlink()
    assert held.path.read_bytes() == b"x" * 100
    path = delivered(tmp_path, b"other")
    held.close()
    held = hold(path)
    assert held is not None
    writer = threading.Thread(target=path.write_bytes, args=(b"longer than before",))
    writer.start()
    while held.intact():
        pass
    assert held.path.read_bytes() == b"other"
    held.close()
    writer.join()
    assert path.read_bytes() == b"longer than before"


def test_a_file_that_somebody_writes_is_not_held(tmp_path):
    path = delivered(tmp_path)
    with path.open("ab"):
        assert hold(path) is None
    assert hold(path) is not None


@pytest.mark.parametrize("size", [BLOCK, BLOCK + 1, 3 * BLOCK - 1, 5 * BLOCK + 7])
def test_a_held_file_is_archived_to_the_byte_and_read_in_place(local_lake: Lake, tmp_path, size):
    content = os.urandom(size)
    path = delivered(tmp_path, content)
    archive = local_lake.archive
    assert archive.hold(path) is not None
    stored = archive.put(path)
    assert (stored.digest, stored.size) == (hashlib.sha256(content).hexdigest(), size)
    path.unlink()
    read = archive.fetch(stored.digest, tmp_path)
    assert read.is_relative_to("/proc/self/fd")
    assert read.read_bytes() == content
    assert archive.verify(stored.digest)
    archive.let_go()
    kept = archive.fetch(stored.digest, tmp_path)
    assert kept.is_relative_to(archive.place.root)
    assert kept.read_bytes() == content
    assert list(local_lake.scratch.glob("archive-*")) == []


def test_who_would_write_makes_the_archive_be_read(local_lake: Lake, tmp_path):
    path = delivered(tmp_path, b"x" * 2 * BLOCK)
    local_lake.archive.hold(path)
    stored = local_lake.archive.put(path)
    assert local_lake.archive.sound(stored.digest)
    ask_to_write(path)
    assert not local_lake.archive.sound(stored.digest)
    path.write_bytes(b"changed")  # nobody waits
    assert local_lake.archive.fetch(stored.digest, tmp_path).read_bytes() == b"x" * 2 * BLOCK
    assert local_lake.archive.sound(stored.digest)


def test_a_file_asked_back_while_it_is_copied_is_still_growing(
    local_lake: Lake, tmp_path, monkeypatch
):
    path = delivered(tmp_path, b"x" * 3 * BLOCK)
    write = archive_module._write

    def asked(descriptor: int, part: memoryview, place: int) -> None:
        if place:
            ask_to_write(path)
        write(descriptor, part, place)

    monkeypatch.setattr(archive_module, "_write", asked)
    local_lake.archive.hold(path)
    with pytest.raises(StillGrowing, match=r"delivery\.csv: changed while it was read"):
        local_lake.archive.put(path)
    local_lake.archive.let_go()
    path.write_bytes(b"goes on")  # nobody waits
    assert list(Path(local_lake.archive.place.root).rglob("*")) == []
    assert list(local_lake.scratch.glob("archive-*")) == []


def test_the_next_file_lets_go_of_the_last(local_lake: Lake, tmp_path):
    path = delivered(tmp_path, b"x" * 2 * BLOCK)
    local_lake.archive.hold(path)
    local_lake.archive.put(path)
    other = tmp_path / "other.csv"
    other.write_bytes(b"small")
    assert local_lake.archive.hold(other) is None
    assert not local_lake.archive.held
    path.write_bytes(b"changed")


def test_a_file_that_takes_long_to_read_is_not_held(tmp_path, local_lake: Lake, monkeypatch):
    """Linux lets a writer wait 45 s and no more: whoever still reads then would see his bytes."""
    path = delivered(tmp_path, b"x" * (BLOCK + 1))
    monkeypatch.setattr(archive_module, "HELD_MOST", BLOCK)
    assert local_lake.archive.hold(path) is None
    monkeypatch.setattr(archive_module, "HELD_MOST", BLOCK + 1)
    assert local_lake.archive.hold(path) is not None
    local_lake.archive.let_go()
