"""Loops over the bytes of codes: weighted sums, Luhn sums, days; compiled, without the GIL.

Imported inside functions only: numba costs 0.6 s. No columnar library sums characters as fast
as a regular expression reads them, and the gate shall not cost more than twice that.
Keep out: which code has which weights (identifiers.py).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from quality.gx_polars.texts import LOW, SHORT, Text, begin, compiled, place

FOREIGN = np.iinfo(np.uint16).max  # what a character that may not stand there adds
ZERO = ord("0")
# What a byte adds to a Luhn sum: at an even place from the end, and doubled at an odd one.
LUHN = np.full((2, 256), FOREIGN, np.uint16)
LUHN[0, ZERO : ZERO + 10] = range(10)
LUHN[1, ZERO : ZERO + 10] = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


class Sums(NamedTuple):
    """How the characters of a code of one length are summed, and which sums are right."""

    parts: Any  # uint16[256 * place + byte]: what a byte adds, FOREIGN where it may not stand
    right: Any  # bool[sum]; the last stands for all sums that no code has


def sums(parts: Any, modulus: int, rest: int) -> Sums:  # noqa: ANN401
    """Return the sums of a table `parts[place, byte]`: right ones leave this rest."""
    highest = int(np.where(parts == FOREIGN, 0, parts).max(axis=1).sum())
    right = np.arange(highest + 2) % modulus == rest
    right[-1] = False
    return Sums(parts.reshape(-1), right)


@compiled
def weighted(text: Text, sums: Sums, good: Any) -> None:  # noqa: ANN401
    """Tell which codes have the length of the scheme and a right sum."""
    # Arrays by themselves, offsets without a sign and a table of sums: a third of the time.
    parts, right, views, bases = sums.parts, sums.right, text.views, text.bases
    length, last = np.uint64(len(parts) // 256), np.uint32(len(right) - 1)
    data = text.short if length <= SHORT else text.long  # one length: all lie in the same
    for row in range(len(good)):
        good[row] = False
        if views[row, 0] & LOW != length:
            continue
        start = begin(views, bases, row)
        total, at, place = np.uint32(0), np.uint64(0), np.uint64(0)
        while at < length:  # no way out: branches cost more than the rest of a code
            total += np.uint32(parts[place | np.uint64(data[start + at])])
            at, place = at + np.uint64(1), place + np.uint64(256)
        good[row] = right[min(total, last)]


@compiled
def luhn_right(text: Text, shortest: int, longest: int, good: Any) -> None:  # noqa: ANN401
    """Tell which numbers of so many digits end in a right Luhn sum."""
    views, short, long, bases = text.views, text.short, text.long, text.bases
    least, most = np.uint64(shortest), np.uint64(longest)
    for row in range(len(good)):
        good[row] = False
        length = views[row, 0] & LOW
        if length < least or length > most:
            continue
        start = begin(views, bases, row)
        if length <= SHORT:
            good[row] = _sums_up(short, start, length)
        else:
            good[row] = _sums_up(long, start, length)


@compiled
def _sums_up(data: Any, start: Any, length: Any) -> bool:  # noqa: ANN401
    total, last = np.uint32(0), start + length - np.uint64(1)
    for back in range(int(length)):
        total += np.uint32(LUHN[back & 1, data[last - np.uint64(back)]])
    return bool(total < np.uint32(FOREIGN) and total % np.uint32(10) == 0)


@compiled
def dated(text: Text, at: int, latest: int, good: Any) -> None:  # noqa: ANN401
    """Take from good codes those whose eight digits at a place are no day from 1800 to latest."""
    for row in range(len(good)):
        if not good[row]:
            continue
        short, start, _ = place(text, row)
        data = text.short if short else text.long
        number = 0
        for each in range(start + at, start + at + 8):
            number = number * 10 + int(data[each]) - ZERO
        year, month, day = number // 10000, number // 100 % 100, number % 100
        last = 31
        if month in (4, 6, 9, 11):
            last = 30
        elif month == 2:
            leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
            last = 29 if leap else 28
        inside = year >= 1800 and number <= latest
        good[row] = inside and 1 <= month <= 12 and 1 <= day <= last
