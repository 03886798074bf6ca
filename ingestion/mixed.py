"""Lines of UTF-8 inside a GB18030 text, told by what no GB text has.

UTF-8 汉字 have three bytes, GB ones two: to be both, a text must consist of rare characters in
rare places (one chance in 10⁵ for three of them). Keep out: what becomes of such lines.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ingestion.compiled import compiled
from ingestion.utf8 import Bytes, sequence

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
SURE = 4  # 汉字 of UTF-8 that no GB text has by accident; fewer need a sign beside them
LEAST = 7  # bytes of the shortest line that is told: two 汉字 and its end


@compiled
def foreign(text: Bytes, ends: Flags, *, strict: bool, found: Numbers, count: Numbers) -> int:
    """Fill `found` with start, first sign and end of lines in UTF-8; return how many there are.

    `ends` tells which bytes end a line: none that can be the second of a GB character.
    `count` gets lines that may be either and lines that are no UTF-8. Strict: both of the former.
    """
    one, size = np.uint64(1), np.uint64(len(text))  # offsets without a sign: half of the time
    met, start, at = 0, np.uint64(0), np.uint64(0)
    while at < size:
        byte = text[at]
        if byte < 0x80:
            at += one
            start = at if ends[byte] else start
            continue
        first, signs, odd, whole, sure = at, 0, False, True, False
        while at < size and not ends[text[at]]:
            if text[at] < 0x80:
                at += one
                continue
            stop = run_end(text, at)
            wide = utf8_signs(text, int(np.int64(at)), int(np.int64(stop)))
            if wide < 0:
                whole = False
            else:
                strange = wide > 0 and is_strange(text, int(np.int64(at)), int(np.int64(stop)))
                sure = sure or wide >= SURE or (wide > 1 and strange)
                signs, odd = signs + wide, odd or strange
            at = stop
        sure = sure or (whole and (signs >= SURE or (signs > 1 and odd)))
        count[0] += not sure and whole and signs > 1
        count[1] += not whole
        at += np.uint64(at < size)
        if sure or (strict and whole and signs > 1):
            found[met, 0], found[met, 1], found[met, 2] = start, first, at
            met += 1
        start = at
    return met


@compiled
def run_end(text: Bytes, at: np.uint64) -> np.uint64:
    """Return where a run of bytes that are not ASCII ends."""
    one, size = np.uint64(1), np.uint64(len(text))
    while at < size and text[at] >= 0x80:
        at += one
    return at


@compiled
def utf8_signs(text: Bytes, at: int, stop: int) -> int:
    """Return how many 汉字, or signs as wide, a run has in UTF-8; -1 when it is none."""
    signs = 0
    while at < stop:
        length = sequence(text, at, stop)
        if length == 0:
            return -1
        signs += length == 3 and (0xE3 <= text[at] <= 0xE9 or text[at] == 0xEF)
        at += length
    return signs


@compiled
def is_strange(text: Bytes, at: int, stop: int) -> bool:
    """Tell whether a run, read as GB, breaks or has a character that GB2312 has not."""
    while at < stop:
        if at + 1 == stop or not 0xA1 <= text[at] <= 0xF7 or text[at + 1] < 0xA1:
            return True
        at += 2
    return False
