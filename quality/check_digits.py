"""Loops over the bytes of codes: weighted sums, Luhn sums, days; compiled, without the GIL.

Imported inside functions only: numba costs 0.6 s. No columnar library sums characters as fast
as a regular expression reads them, and the gate shall not cost more than twice that.
Keep out: which code has which weights (identifiers.py).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from quality.gx_polars.texts import Text, compiled, place

UNKNOWN = 255  # a character that is not of the alphabet
ZERO = ord("0")


class Sums(NamedTuple):
    """How the characters of a code are summed: value of each byte by place, and weights."""

    values: Any  # uint8[place, byte]
    weights: Any  # int64[place]
    modulus: int
    rest: int


@compiled
def weighted(text: Text, sums: Sums, good: Any) -> None:  # noqa: ANN401
    """Tell which codes have the length of the weights and the right sum."""
    for row in range(len(good)):
        short, start, end = place(text, row)
        if short:
            good[row] = _weighs(text.short, start, end, sums)
        else:
            good[row] = _weighs(text.long, start, end, sums)


@compiled
def _weighs(data: Any, start: int, end: int, sums: Sums) -> bool:  # noqa: ANN401
    if end - start != len(sums.weights):
        return False
    total = 0
    for at in range(start, end):
        value = sums.values[at - start, data[at]]
        if value == UNKNOWN:
            return False
        total += value * sums.weights[at - start]
    return bool(total % sums.modulus == sums.rest)


class Digits(NamedTuple):
    """A Luhn number: first characters that may stand before it, and how many digits it has."""

    before: Any  # bool[byte]; empty: none stands there
    shortest: int
    longest: int


@compiled
def luhn(text: Text, digits: Digits, good: Any) -> None:  # noqa: ANN401
    """Tell which codes end, after the character before them, in a right Luhn sum."""
    for row in range(len(good)):
        short, start, end = place(text, row)
        if short:
            good[row] = _sums_up(text.short, start, end, digits)
        else:
            good[row] = _sums_up(text.long, start, end, digits)


@compiled
def _sums_up(data: Any, start: int, end: int, digits: Digits) -> bool:  # noqa: ANN401
    if len(digits.before):
        if start == end or not digits.before[data[start]]:
            return False
        start += 1
    if end - start < digits.shortest or end - start > digits.longest:
        return False
    total, double = 0, False
    for at in range(end - 1, start - 1, -1):
        digit = int(data[at]) - ZERO
        if digit < 0 or digit > 9:
            return False
        if double:
            digit += digit - 9 * (digit > 4)
        total += digit
        double = not double
    return total % 10 == 0


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
