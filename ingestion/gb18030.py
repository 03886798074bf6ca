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
Pairs = NDArray[np.uint32]
FIRST, LAST = 0x81, 0xFE  # of the first byte of a pair
LOW, HIGH = 0x40, 0xFE  # of the second
WIDTH = HIGH - LOW + 1
SLACK = 4  # bytes written beyond a sign, to write each at once
NONE = np.uint64(2**64 - 1)


def as_utf8(text: Bytes) -> bytes | None:
    """Return a text in UTF-8; None where it is not of signs of one and two bytes alone."""
    out = np.empty(room(len(text)), np.uint8)
    written = decode(text, out)
    return None if written < 0 else out[:written].tobytes()


def room(size: int) -> int:
    """Return the bytes that so many bytes may need in UTF-8."""
    return size * 3 // 2 + SLACK


def decode(text: Bytes, out: Bytes) -> int:
    """Fill `out`, which has `room`; return how many bytes, -1 at the first sign that is no pair."""
    return int(_decode(text, out, pairs()))


def is_paired(text: Bytes) -> bool:
    """Tell whether a text is of signs of one and two bytes alone."""
    return bool(_paired(text, pairs()))


@cache
def pairs() -> Pairs:
    """Return the UTF-8 of every pair, its first byte lowest, with its length on top; or 0."""
    table = np.zeros(0x10000, np.uint32)
    for first in range(FIRST, LAST + 1):
        for second in range(LOW, HIGH + 1):
            try:
                sign = bytes((first, second)).decode("gb18030").encode("utf-8")
            except UnicodeDecodeError:
                continue
            if len(sign) in (2, 3):
                table[first << 8 | second] = int.from_bytes(sign, "little") | len(sign) << 24
    return table


@compiled
def _decode(text: Bytes, out: Bytes, table: Pairs) -> int:
    """Fill `out`; offsets without a sign, since a check of theirs takes half of the time."""
    at, to, one, size = np.uint64(0), np.uint64(0), np.uint64(1), np.uint64(len(text))
    while at < size:
        first = text[at]
        if first < 0x80:
            out[to] = first
            at, to = at + one, to + one
            continue
        sign = table[(np.uint32(first) << 8) | text[at + one]] if at + one < size else np.uint32(0)
        if sign == 0:
            return -1
        out[to] = sign & 0xFF
        out[to + one] = (sign >> 8) & 0xFF
        out[to + one + one] = (sign >> 16) & 0xFF
        at, to = at + one + one, to + np.uint64(sign >> 24)
    return int(np.int64(to))


@compiled
def _paired(text: Bytes, table: Pairs) -> bool:
    at, one, size = np.uint64(0), np.uint64(1), np.uint64(len(text))
    while at < size:
        if text[at] < 0x80:
            at += one
            continue
        if at + one == size or table[(np.uint32(text[at]) << 8) | text[at + one]] == 0:
            return False
        at += one + one
    return True
