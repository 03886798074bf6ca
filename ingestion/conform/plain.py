"""Types read straight from bytes in their plainest form; what is not plain is left null.

The plainest forms are most of all cells, and reading them so costs a fifth of casting text.
What is null here is read again by the lenient way of its type (moments, numbers, words).
Keep out: every other form.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingestion.compiled import compiled

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
Offsets = NDArray[np.int32]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
DIGITS = 18  # of a number that fits 64 bits whatever it is
SHORT = np.uint64(12)  # bytes of a text that its view holds itself
HALF = np.uint64(32)
# Bits of the first four bytes of a text of each length, and of the eight after them.
HEADS = np.array([(1 << 8 * min(n, 4)) - 1 for n in range(13)], np.uint64)
TAILS = np.array([(1 << 8 * max(n - 4, 0)) - 1 for n in range(13)], np.uint64)
POWERS = np.array([10**n for n in range(DIGITS + 1)], np.int64)


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
    data, odd = column.data, 0
    for row in range(len(column.starts)):
        start, end = column.starts[row], column.ends[row]
        good = start < end
        if good and (data[start] >= 0x80 or data[end - 1] >= 0x80):
            good = not (wide_blank(data, start, end) or wide_blank(data, end - 3, end))
            good = good and not (wide_blank(data, end - 2, end))
        if only_ascii:
            for at in range(start, end):
                good &= data[at] < 0x80
        plain[row] = good
        odd += start < end and not good
    return odd


@compiled
def wide_blank(data: Bytes, at: int, end: int) -> bool:
    """Tell whether a blank of Unicode beyond ASCII starts here."""
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
        spaces = second == 0x80 and (0x80 <= third <= 0x8A or third in (0xA8, 0xA9, 0xAF))
        return bool(spaces or (second == 0x81 and third == 0x9F))
    return bool(lead == 0xE3 and second == 0x80 and third == 0x80)


@compiled
def dates(column: Column, out: Offsets, plain: Flags) -> None:
    """Read dates written `YYYY-MM-DD` as days since 1970, from the year 1000 on."""
    data = column.data
    for row in range(len(column.starts)):
        at = column.starts[row]
        out[row], plain[row] = 0, False
        if column.ends[row] - at != 10 or data[at + 4] != 45 or data[at + 7] != 45:
            continue
        year, month = digits(data, at, at + 4), digits(data, at + 5, at + 7)
        day = digits(data, at + 8, at + 10)
        if year < 1000 or not 1 <= month <= 12 or not 1 <= day <= month_length(year, month):
            continue
        out[row], plain[row] = days(year, month, day), True


@compiled
def month_length(year: int, month: int) -> int:
    """Return the days of a month."""
    if month == 2:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return 29 if leap else 28
    return 30 if month in (4, 6, 9, 11) else 31


@compiled
def days(year: int, month: int, day: int) -> int:
    """Return the days since 1970-01-01; years begin in March, so that leap days come last."""
    if month <= 2:
        year, month = year - 1, month + 12
    since = 365 * year + year // 4 - year // 100 + year // 400
    return since + (153 * (month - 3) + 2) // 5 + day - 719_469


@compiled
def digits(data: Bytes, start: int, end: int) -> int:
    """Return the number that these bytes are, -1 where one is no digit."""
    number = 0
    for at in range(start, end):
        if not 48 <= data[at] <= 57:
            return -1
        number = number * 10 + (data[at] - 48)
    return number


@compiled
def numbers(column: Column, shape: tuple[int, int], out: Numbers, plain: Flags) -> None:
    """Read numbers as 128-bit multiples of their last declared decimal; never rounded.

    `shape`: digits before and after the point, at most so many of each.
    """
    data, (whole, scale), one = column.data, shape, np.uint64(1)
    for row in range(len(column.starts)):
        at, end = np.uint64(column.starts[row]), np.uint64(column.ends[row])
        negative = at < end and data[at] == 45
        at += np.uint64(negative)
        number, before, after, pointed, good = 0, 0, 0, False, True
        while at < end:
            digit = int(data[at]) - 48
            if 0 <= digit <= 9:
                number = number * 10 + digit
                after += pointed
                before += not pointed
            else:
                good &= digit == -2 and not pointed
                pointed = True
            at += one
        good &= 0 < before <= whole and after <= scale and (after > 0 or not pointed)
        number = number * POWERS[scale - after] if good else 0
        number = -number if negative else number
        out[row, 0], out[row, 1], plain[row] = number, number >> 63, good
