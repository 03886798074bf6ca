"""Loops over the bytes of codes: weighted sums, Luhn sums, days; compiled, without the GIL.

Imported inside functions only: numba costs 0.6 s. No columnar library sums characters as fast
as a regular expression reads them, and the gate shall not cost more than twice that.
Keep out: which code has which weights (identifiers.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np

Loop = TypeVar("Loop", bound=Callable[..., Any])
UNKNOWN = 255  # a character that is not of the alphabet
ZERO = ord("0")


def _compiled(loop: Loop) -> Loop:
    return cast(Loop, numba.njit(cache=True, nogil=True)(loop))


class Text(NamedTuple):
    """A column of texts as Arrow lays it out."""

    offsets: Any  # int64
    data: Any  # uint8


class Sums(NamedTuple):
    """How the characters of a code are summed: value of each byte by place, and weights."""

    values: Any  # uint8[place, byte]
    weights: Any  # int64[place]
    modulus: int
    rest: int


@_compiled
def weighted(text: Text, sums: Sums) -> Any:  # noqa: ANN401 - an array of flags
    """Tell which codes have the length of the weights and the right sum."""
    count, length = len(text.offsets) - 1, len(sums.weights)
    good = np.zeros(count, np.bool_)
    for row in range(count):
        start = text.offsets[row]
        if text.offsets[row + 1] - start != length:
            continue
        total = 0
        for place in range(length):
            value = sums.values[place, text.data[start + place]]
            if value == UNKNOWN:
                total = -1
                break
            total += value * sums.weights[place]
        good[row] = total >= 0 and total % sums.modulus == sums.rest
    return good


@_compiled
def luhn(text: Text, skipped: int, shortest: int, longest: int) -> Any:  # noqa: ANN401
    """Tell which codes end, after skipped characters, in digits whose Luhn sum is right."""
    count = len(text.offsets) - 1
    good = np.zeros(count, np.bool_)
    for row in range(count):
        first, end = text.offsets[row] + skipped, text.offsets[row + 1]
        if end - first < shortest or end - first > longest:
            continue
        total, double = 0, False
        for place in range(end - 1, first - 1, -1):
            digit = int(text.data[place]) - ZERO
            if digit < 0 or digit > 9:
                total = 1
                break
            if double:
                digit += digit - 9 * (digit > 4)
            total += digit
            double = not double
        good[row] = total % 10 == 0
    return good


@_compiled
def dated(text: Text, place: int, latest: int, good: Any) -> None:  # noqa: ANN401
    """Take from good codes those whose eight digits at a place are no day from 1800 to latest."""
    for row in range(len(good)):
        if not good[row]:
            continue
        number = 0
        start = text.offsets[row] + place
        for at in range(start, start + 8):
            number = number * 10 + int(text.data[at]) - ZERO
        year, month, day = number // 10000, number // 100 % 100, number % 100
        last = 31
        if month in (4, 6, 9, 11):
            last = 30
        elif month == 2:
            leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
            last = 29 if leap else 28
        inside = year >= 1800 and number <= latest
        good[row] = inside and 1 <= month <= 12 and 1 <= day <= last
