"""Loops over the bytes of codes: weighted sums, Luhn sums, days; compiled, without the GIL.

Imported inside functions only: numba costs 0.6 s. No columnar library sums characters as fast
as a regular expression reads them, and the gate shall not cost more than twice that.
Keep out: which code has which weights (identifiers.py).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from quality.gx_polars.texts import LOW, SHORT, Text, begin, compiled, place

FOREIGN = 1 << 20  # what a character that may not stand there adds: more than any sum
ZERO = ord("0")
# What a byte adds to a Luhn sum: at an even place from the end, and doubled at an odd one.
LUHN = np.full((2, 256), FOREIGN, np.int32)
LUHN[0, ZERO : ZERO + 10] = range(10)
LUHN[1, ZERO : ZERO + 10] = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


class Sums(NamedTuple):
    """How the characters of a code are summed: what each byte adds at each place."""

    parts: Any  # int32[place, byte]: value times weight, FOREIGN where the byte may not stand
    modulus: int
    rest: int


@compiled
def weighted(text: Text, sums: Sums, good: Any) -> None:  # noqa: ANN401
    """Tell which codes have the length of the scheme and the right sum."""
    # Arrays by themselves and offsets without a sign: a fifth of the time.
    parts, views, bases, length = sums.parts, text.views, text.bases, np.uint64(len(sums.parts))
    data = text.short if length <= SHORT else text.long  # one length: all lie in the same
    modulus, rest, foreign = np.uint32(sums.modulus), np.uint32(sums.rest), np.uint32(FOREIGN)
    for row in range(len(good)):
        good[row] = False
        if views[row, 0] & LOW != length:
            continue
        start = begin(views, bases, row)
        total = np.uint32(0)
        for at in range(len(parts)):  # no way out: branches cost more than the rest of a code
            total += np.uint32(parts[at, data[start + np.uint64(at)]])
        good[row] = total < foreign and total % modulus == rest


class Digits(NamedTuple):
    """A Luhn number: first characters that may stand before it, and how many digits it has."""

    before: Any  # bool[byte]; empty: none stands there
    shortest: int
    longest: int


@compiled
def luhn(text: Text, digits: Digits, good: Any) -> None:  # noqa: ANN401
    """Tell which codes end, after the character before them, in a right Luhn sum."""
    views, short, long, bases = text.views, text.short, text.long, text.bases
    before, sign = digits.before, np.uint64(len(digits.before) > 0)
    least, most = np.uint64(digits.shortest), np.uint64(digits.longest)
    for row in range(len(good)):
        good[row] = False
        length = views[row, 0] & LOW
        if length < least + sign or length > most + sign:
            continue
        start = begin(views, bases, row)
        if length <= SHORT:
            good[row] = _sums_up(short, start, length, before)
        else:
            good[row] = _sums_up(long, start, length, before)


@compiled
def _sums_up(data: Any, start: Any, length: Any, before: Any) -> bool:  # noqa: ANN401
    count, last = int(length), start + length - np.uint64(1)
    if len(before):
        if not before[data[start]]:
            return False
        count -= 1
    total = np.uint32(0)
    for back in range(count):
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
