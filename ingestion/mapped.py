"""A file's bytes as an array that the system pages in and out.

Keep out: what the bytes mean.
"""

from __future__ import annotations

import codecs
import mmap
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingestion.delivery import DeliveryRefused


def mapped(path: Path, file_name: str) -> NDArray[np.uint8]:
    """Return the file's bytes; DeliveryRefused when there are none."""
    if path.stat().st_size == 0:
        raise empty(file_name)
    with path.open("rb") as file:
        return np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), np.uint8)


def release(text: NDArray[np.uint8], start: int, stop: int) -> None:
    """Let go of the pages of [start, stop), so that a file is never in memory as a whole."""
    first = -(-start // mmap.PAGESIZE) * mmap.PAGESIZE
    owner: object = text
    while isinstance(owner, np.ndarray):
        owner = owner.base
    pages = owner.obj if isinstance(owner, memoryview) else None
    if isinstance(pages, mmap.mmap) and stop - first >= mmap.PAGESIZE:
        pages.madvise(mmap.MADV_DONTNEED, first, stop - first)


def after_mark(text: NDArray[np.uint8]) -> int:
    """Return the offset after UTF-8's byte order mark, 0 where there is none."""
    return len(codecs.BOM_UTF8) if text[:3].tobytes() == codecs.BOM_UTF8 else 0


def empty(file_name: str) -> DeliveryRefused:
    """Return the refusal of a file that holds nothing."""
    return DeliveryRefused(
        "empty", f"{file_name}: the file holds nothing — deliver it again, complete"
    )
