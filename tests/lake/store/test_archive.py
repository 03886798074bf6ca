from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest

from lake.errors import LakeError, StillGrowing
from lake.tables import Lake

BLOCK = 1 << 20


def write(folder: Path, content: bytes) -> Path:
    path = folder / "delivery.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("content", [b"", "户号,用量\n".encode("gb18030"), b"x" * (BLOCK + 1)])
def test_bytes_come_back_as_they_were(lake: Lake, tmp_path, content):
    path = write(tmp_path, content)
    stored = lake.archive.put(path)
    assert (stored.digest, stored.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert lake.archive.fetch(stored.digest, lake.scratch).read_bytes() == content
    assert path.read_bytes() == content
    assert lake.archive.has(stored.digest)
    assert lake.archive.verify(stored.digest)


def test_the_same_bytes_are_stored_once(lake: Lake, tmp_path):
    first = lake.archive.put(write(tmp_path, b"same"))
    assert lake.archive.put(write(tmp_path, b"same")) == first
    assert list(lake.scratch.glob("archive-*")) == []


def test_bytes_that_are_not_there_are_missed(lake: Lake):
    digest = "0" * 64
    assert not lake.archive.has(digest)
    with pytest.raises(LakeError):
        lake.archive.fetch(digest, lake.scratch)


def test_changed_bytes_do_not_verify(local_lake: Lake, tmp_path):
    stored = local_lake.archive.put(write(tmp_path, b"evidence"))
    local_lake.archive.fetch(stored.digest, tmp_path).write_bytes(b"tampered")
    assert not local_lake.archive.verify(stored.digest)


def test_a_cut_short_copy_is_replaced_when_the_bytes_come_again(local_lake: Lake, tmp_path):
    stored = local_lake.archive.put(write(tmp_path, b"evidence"))
    local_lake.archive.fetch(stored.digest, tmp_path).write_bytes(b"evid")
    local_lake.archive.put(write(tmp_path, b"evidence"))
    assert local_lake.archive.verify(stored.digest)


def test_a_file_that_grows_while_it_is_read_is_left_for_later(local_lake: Lake, tmp_path):
    path = write(tmp_path, b"x" * (64 * BLOCK))
    stop = threading.Event()

    def grow() -> None:
        with path.open("ab") as file:
            while not stop.is_set():
                file.write(b"y")
                file.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        with pytest.raises(StillGrowing, match=r"delivery\.csv: changed while it was read"):
            local_lake.archive.put(path)
    finally:
        stop.set()
        writer.join()
    assert list(Path(local_lake.archive.place.root).rglob("*")) == []
    assert list(local_lake.scratch.glob("archive-*")) == []
