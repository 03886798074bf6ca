"""GB18030 of one or two bytes a sign to UTF-8, several times as fast as Python's codec.

What has signs of four bytes, or none at all, is left to the codec. Keep out: reading files
(transcoding.py), and lines that are UTF-8 already (mixed.py).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from ingestion.compiled import compiled

Bytes = NDArray[np.uint8]
FIRST, LAST = 0x81, 0xFE  # of the first byte of a pair
LOW, HIGH = 0x40, 0xFE  # of the second
WIDTH = HIGH - LOW + 1


def as_utf8(text: Bytes) -> bytes | None:
    """Return a text in UTF-8; None where it is not of signs of one and two bytes alone."""
    out = np.empty(len(text) * 3 // 2 + 4, np.uint8)
    written = _decode(text, out, _pairs())
    return None if written < 0 else out[:written].tobytes()


@cache
def _pairs() -> NDArray[np.uint32]:
    """Return the UTF-8 of every pair, its first byte lowest, with its length on top; or 0."""
    table = np.zeros((LAST - FIRST + 1) * WIDTH, np.uint32)
    for place in range(len(table)):
        pair = bytes((FIRST + place // WIDTH, LOW + place % WIDTH))
        try:
            sign = pair.decode("gb18030").encode("utf-8")
        except UnicodeDecodeError:
            continue
        if len(sign) in (2, 3):
            table[place] = int.from_bytes(sign, "little") | len(sign) << 24
    return table


@compiled
def _decode(text: Bytes, out: Bytes, pairs: NDArray[np.uint32]) -> int:
    """Fill `out`; return how many bytes were written, -1 at the first sign that is no pair."""
    at, to = 0, 0
    while at < len(text):
        first = text[at]
        if first < 0x80:
            out[to] = first
            at, to = at + 1, to + 1
            continue
        if first < FIRST or first > LAST or at + 1 == len(text) or text[at + 1] < LOW:
            return -1
        second = text[at + 1]
        sign = pairs[(first - FIRST) * WIDTH + second - LOW] if second <= HIGH else 0
        if sign == 0:
            return -1
        out[to] = sign & 0xFF
        out[to + 1] = (sign >> 8) & 0xFF
        out[to + 2] = (sign >> 16) & 0xFF
        at, to = at + 2, to + (sign >> 24)
    return to
