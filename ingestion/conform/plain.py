"""Texts straight from bytes: their views, and which are plain; others are left to words.py.

Plain ones are most of all cells, and reading them so costs a fifth of casting text.
Keep out: dates and numbers (plain_values.py).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingestion.compiled import compiled

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
Offsets = NDArray[np.int32]
Flags = NDArray[np.bool_]
SHORT = np.uint64(12)  # bytes of a text that its view holds itself
WORD = np.uint64(8)
HALF = np.uint64(32)
ONES = np.uint64(0x0101010101010101)
# Bits of the first four bytes of a text of each length, and of the eight after them.
HEADS = np.array([(1 << 8 * min(n, 4)) - 1 for n in range(13)], np.uint64)
TAILS = np.array([(1 << 8 * max(n - 4, 0)) - 1 for n in range(13)], np.uint64)


class Column(NamedTuple):
    """The fields of one column: bytes with slack behind them, and where each starts and ends."""

    data: Bytes
    starts: Offsets
    ends: Offsets


@compiled
def views(column: Column, words: Words, out: Words) -> None:
    """Fill `out`, two words a text, with Arrow's views of the texts.

    Offsets without a sign, and shifts instead of branches: a third of the time.
    """
    one, three, seven, last = np.uint64(1), np.uint64(3), np.uint64(7), np.uint64(63)
    for row in range(len(column.starts)):
        at, end = np.uint64(column.starts[row]), np.uint64(column.ends[row])
        place, shift = at >> three, (at & seven) << three
        middle = words[place + one]
        low = (words[place] >> shift) | ((middle << one) << (last - shift))
        high = (middle >> shift) | ((words[place + one + one] << one) << (last - shift))
        length = end - at
        if length > SHORT:
            out[row, 0] = length | (low << HALF)
            out[row, 1] = at << HALF  # in buffer 0
            continue
        out[row, 0] = length | ((low & HEADS[length]) << HALF)
        out[row, 1] = ((low >> HALF) | (high << HALF)) & TAILS[length]


@compiled
def neat(column: Column, only_ascii: bool, out: Words, present: Flags) -> bool:
    """Fill `out` with the views of texts, and which are not empty; tell whether all are neat.

    Neat ones have no blank nor other control sign at either end and, if asked, are all ASCII.
    """
    words = column.data.view(np.uint64)
    views(column, words, out)
    for row in range(len(column.starts)):
        at, end = column.starts[row], column.ends[row]
        present[row] = at < end
        if at == end:
            continue
        first, last = column.data[at], column.data[end - 1]
        if first <= 32 or last <= 32:
            return False
        if (first | last) & 0x80 and has_wide_ends(column.data, at, end):
            return False
        if only_ascii and not is_ascii(words, np.uint64(at), np.uint64(end)):
            return False
    return True


@compiled
def trim(column: Column, within: Column, filled: Flags) -> int:
    """Fill `within` with the texts without ASCII blanks around them; return how many had some.

    `filled` tells which texts are not blank.
    """
    data, trimmed = column.data, 0
    for row in range(len(column.starts)):
        start, end = column.starts[row], column.ends[row]
        while start < end and is_blank(data[start]):
            start += 1
        while start < end and is_blank(data[end - 1]):
            end -= 1
        within.starts[row], within.ends[row], filled[row] = start, end, start < end
        trimmed += end - start != column.ends[row] - column.starts[row]
    return trimmed


@compiled
def filled(column: Column, present: Flags) -> None:
    """Tell which texts are not blank."""
    for row in range(len(column.starts)):
        at, end = column.starts[row], column.ends[row]
        while at < end and is_blank(column.data[at]):
            at += 1
        present[row] = at < end


@compiled
def is_blank(byte: int) -> bool:
    """Tell whether a byte is blank in ASCII."""
    return byte == 32 or 9 <= byte <= 13


@compiled
def plain_texts(column: Column, only_ascii: bool, plain: Flags) -> int:
    """Tell which texts have no wide blank at either end and, if asked, are all ASCII.

    Return how many are not blank and not plain.
    """
    data, words, odd = column.data, column.data.view(np.uint64), 0
    for row in range(len(column.starts)):
        start, end = column.starts[row], column.ends[row]
        good = start < end
        if good and (data[start] >= 0x80 or data[end - 1] >= 0x80):
            good = not has_wide_ends(data, start, end)
        if only_ascii and good:
            good = is_ascii(words, np.uint64(start), np.uint64(end))
        plain[row] = good
        odd += start < end and not good
    return odd


@compiled
def is_ascii(words: Words, at: np.uint64, end: np.uint64) -> bool:
    """Tell whether all bytes of a text that is not empty are ASCII, eight at a time."""
    high = ONES << np.uint64(7)
    while at + WORD < end:
        if eight(words, at) & high:
            return False
        at += WORD
    return not ((eight(words, at) << (np.uint64(64) - WORD * (end - at))) & high)


@compiled
def has_wide_ends(data: Bytes, start: int, end: int) -> bool:
    """Tell whether a text that is not empty has a blank beyond ASCII (signs.py) at an end."""
    if wide_blank(data, start, end) or wide_blank(data, end - 3, end):
        return True
    return wide_blank(data, end - 2, end)


@compiled
def wide_blank(data: Bytes, at: int, end: int) -> bool:
    """Tell whether a blank beyond ASCII (signs.py) starts here."""
    if at < 0 or at + 1 >= end:
        return False
    lead, second = data[at], data[at + 1]
    if lead == 0xC2:
        return bool(second in (0x85, 0xA0))
    if at + 2 >= end:
        return False
    third = data[at + 2]
    if lead == 0xE1:
        return bool(second == 0x9A and third == 0x80)
    if lead == 0xE2:
        spaces = second == 0x80 and (0x80 <= third <= 0x8B or third in (0xA8, 0xA9, 0xAF))
        return bool(spaces or (second == 0x81 and third == 0x9F))
    mark = lead == 0xEF and second == 0xBB and third == 0xBF
    return bool(mark or (lead == 0xE3 and second == 0x80 and third == 0x80))


@compiled
def eight(words: Words, at: np.uint64) -> np.uint64:
    """Return the eight bytes from a place on; shifts, since words lie at every eighth place."""
    place, shift = at >> np.uint64(3), (at & np.uint64(7)) << np.uint64(3)
    high = (words[place + np.uint64(1)] << np.uint64(1)) << (np.uint64(63) - shift)
    return np.uint64((words[place] >> shift) | high)
