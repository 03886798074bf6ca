"""Dates and numbers read straight from bytes in their plainest form.

What is not plain is left null, and read again by the lenient way of its type (moments, numbers).
Keep out: every other form, and texts (plain.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ingestion.compiled import compiled
from ingestion.conform.plain import ONES, WORD, Bytes, Column, Flags, Offsets, eight

Numbers = NDArray[np.int64]
DIGITS = 18  # of a number that fits 64 bits whatever it is
NO_DAY = -(1 << 31)
POWERS = np.array([10**n for n in range(DIGITS + 1)], np.int64)


@compiled
def dates(column: Column, out: Offsets, plain: Flags) -> None:
    """Read dates written `YYYY-MM-DD` as days since 1970, from the year 1000 on.

    Most come one after another: the same bytes as in the row before are the same day.
    """
    data, words = column.data, column.data.view(np.uint64)
    first, last, day = np.uint64(0), np.uint64(0), NO_DAY
    for row in range(len(column.starts)):
        at = column.starts[row]
        out[row], plain[row] = 0, False
        if column.ends[row] - at != 10:
            continue
        low, high = eight(words, np.uint64(at)), eight(words, np.uint64(at + 2))
        if low != first or high != last:
            first, last, day = low, high, date(data, at)
        if day != NO_DAY:
            out[row], plain[row] = day, True


@compiled
def date(data: Bytes, at: int) -> int:
    """Return the day since 1970 that ten bytes are, NO_DAY where they are none."""
    if data[at + 4] != 45 or data[at + 7] != 45:
        return NO_DAY
    year, month = digits(data, at, at + 4), digits(data, at + 5, at + 7)
    day = digits(data, at + 8, at + 10)
    if year < 1000 or not 1 <= month <= 12 or not 1 <= day <= month_length(year, month):
        return NO_DAY
    return days(year, month, day)


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
    words, (whole, scale) = column.data.view(np.uint64), shape
    for row in range(len(column.starts)):
        at, end = np.uint64(column.starts[row]), np.uint64(column.ends[row])
        number, before, after = 0, 0, 0
        if at < end and end - at <= WORD:
            number, before, after = short_number(eight(words, at), end - at)
        if before == 0:
            number, before, after = long_number(column.data, at, end)
        good = 0 < before <= whole and after <= scale
        number = number * POWERS[scale - after] if good else 0
        out[row, 0], out[row, 1], plain[row] = number, number >> 63, good


@compiled
def short_number(text: np.uint64, length: np.uint64) -> tuple[int, int, int]:
    """Read up to eight bytes at once: the number without its point, digits before and after it.

    No digits are before it where the text is of another form.
    """
    one, whole = np.uint64(1), np.uint64(64)
    text, size, after = text << (whole - WORD * length), length, np.uint64(0)
    signs = text ^ (ONES * np.uint64(46))
    points = (signs - ONES) & ~signs & (ONES << np.uint64(7))
    if points:
        point = (points & (~points + one)) >> np.uint64(7)  # the first: the lowest bit of its byte
        below = point - one
        text = ((text & below) << WORD) | (text & ~(below | (point * np.uint64(255))))
        after = np.uint64(7) - (((below & ONES) * ONES) >> np.uint64(56))
        size -= one
        if after == 0 or size == 0:
            return 0, 0, 0
    values = text ^ ((ONES * np.uint64(48)) << (whole - WORD * size))
    if (values | (values + ONES * np.uint64(118))) & (ONES << np.uint64(7)):
        return 0, 0, 0
    values = (values * np.uint64(2561)) >> WORD & np.uint64(0x00FF00FF00FF00FF)
    values = (values * np.uint64(6553601)) >> np.uint64(16) & np.uint64(0x0000FFFF0000FFFF)
    values = (values * np.uint64(42949672960001)) >> np.uint64(32)
    return int(np.int64(values)), int(np.int64(size - after)), int(np.int64(after))


@compiled
def long_number(data: Bytes, at: np.uint64, end: np.uint64) -> tuple[int, int, int]:
    """Read the same byte by byte; a sign may stand before it."""
    one = np.uint64(1)
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
    if not good or (pointed and after == 0):
        return 0, 0, 0
    return -number if negative else number, before, after
