"""Finding the bytes that are not UTF-8: Arrow's validator where all is well, a loop where not.

Keep out: other encodings (encodings.py).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ingestion.compiled import compiled

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int64]


def wrong_bytes(text: Bytes, start: int, stop: int) -> Numbers:
    """Return the offsets in [start, stop) at which the text is not UTF-8, sorted.

    Of a run of such bytes the first one stands for all: no sign lies between them.
    """
    if start >= stop or _valid(text[start:stop]):
        return np.zeros(0, np.int64)
    found = np.zeros(1024, np.int64)
    count = find_wrong(text, start, stop, found)
    if count > len(found):
        found = np.zeros(count, np.int64)
        find_wrong(text, start, stop, found)
    return found[:count]


def _valid(part: Bytes) -> bool:
    """Tell whether all of it is UTF-8, at 2.7 GB/s and without a copy."""
    offsets = pa.py_buffer(np.array([0, len(part)], np.int64))
    try:
        pa.LargeStringArray.from_buffers(1, offsets, pa.py_buffer(part)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


@compiled
def sequence(text: Bytes, at: int, stop: int) -> int:
    """Return the length of the UTF-8 sequence that starts here; 0 when none does."""
    lead = int(text[at])
    if lead < 0x80:
        return 1
    length = 2 * (0xC2 <= lead <= 0xDF) + 3 * (0xE0 <= lead <= 0xEF) + 4 * (0xF0 <= lead <= 0xF4)
    if length == 0 or at + length > stop:
        return 0
    low = 0xA0 if lead == 0xE0 else 0x90 if lead == 0xF0 else 0x80
    high = 0x9F if lead == 0xED else 0x8F if lead == 0xF4 else 0xBF
    if not low <= text[at + 1] <= high:
        return 0
    for later in range(at + 2, at + length):
        if not 0x80 <= text[later] <= 0xBF:
            return 0
    return length


@compiled
def find_wrong(text: Bytes, start: int, stop: int, found: Numbers) -> int:
    """Fill `found` with the offsets of bytes that start no sequence; return how many there are."""
    at, count, run = start, 0, False
    while at < stop:
        length = sequence(text, at, stop)
        if length == 0:
            if not run:
                if count < len(found):
                    found[count] = at
                count += 1
            length = 1
            run = True
        else:
            run = False
        at += length
    return count
