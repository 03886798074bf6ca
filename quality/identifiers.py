"""Identifiers and their check characters as Polars expressions, null where the code is null.

Weights and alphabets: GB 32100-2015, GB 11714-1997, GB 11643-1999, Luhn (ISO/IEC 7812).
Keep out: which item carries which identifier, and Great Expectations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import polars as pl

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I O S V Z
MOBILE = r"^1[3-9][0-9]{9}$"
PLATE = r"^贵A(?:[A-HJ-NP-Z0-9]{5}|[DF][A-HJ-NP-Z0-9]{5})$"
OLD_CITIZEN_ID = r"^[0-9]{15}$"
LONGEST_CARD = 19
UNKNOWN = 255  # no character of the alphabet


@dataclass(frozen=True)
class Scheme:
    """A code of fixed length: alphabet of each position, weights, and modulus of the sum."""

    alphabets: tuple[str, ...]
    weights: tuple[int, ...]  # of the last character too, so that the sum is 0 (or `rest`)
    modulus: int
    rest: int = 0

    @property
    def length(self) -> int:
        """Return how many characters the code has."""
        return len(self.weights)


USCC = Scheme(
    (CREDIT,) * 2 + (DIGITS,) * 6 + (CREDIT,) * 10,
    (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1),
    31,
)
ORGANIZATION = Scheme(
    (DIGITS + LETTERS,) * 8 + (DIGITS + "X",),
    (3, 7, 9, 10, 5, 8, 4, 2, 1),
    11,
)
CITIZEN = Scheme(
    (DIGITS,) * 17 + (DIGITS + "X",),
    (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1),
    11,
    rest=1,
)


def uscc(column: pl.Expr) -> pl.Expr:
    """Tell whether a unified social credit code (统一社会信用代码) bears its check character."""
    return _each(column, partial(_weighted, scheme=USCC))


def organization_code(column: pl.Expr) -> pl.Expr:
    """Tell whether an organization code (组织机构代码) of nine characters bears its check."""
    return _each(column, partial(_weighted, scheme=ORGANIZATION))


def citizen_id(column: pl.Expr, today: dt.date | None = None) -> pl.Expr:
    """Tell whether a citizen ID (公民身份号码) bears its check and a birth date till today."""
    return _each(column, partial(_citizen, today=today))


def meter_number(column: pl.Expr) -> pl.Expr:
    """Tell whether a meter number (W, P or G and ten digits) ends in its Luhn digit."""
    shaped = column.str.contains(r"^[WPG][0-9]{10}$")
    return shaped & _each(column.str.slice(1), partial(_luhn, length=10))


def bank_card(column: pl.Expr) -> pl.Expr:
    """Tell whether a bank card number of 13 to 19 digits ends in its Luhn digit."""
    shaped = column.str.contains(r"^[0-9]{13,19}$")
    return shaped & _each(column.str.zfill(LONGEST_CARD), partial(_luhn, length=LONGEST_CARD))


def mobile(column: pl.Expr) -> pl.Expr:
    """Tell whether a number is that of a mobile phone."""
    return column.str.contains(MOBILE)


def plate(column: pl.Expr) -> pl.Expr:
    """Tell whether a number plate is one of Guiyang, new energy included."""
    return column.str.contains(PLATE)


def birth_date(column: pl.Expr) -> pl.Expr:
    """Return the birth date within a citizen ID, null when it is none."""
    return column.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)


def is_male(column: pl.Expr) -> pl.Expr:
    """Tell whether a citizen ID's sequence is odd: a man's."""
    return column.str.slice(16, 1).cast(pl.UInt8, strict=False) % 2 == 1


def _each(column: pl.Expr, judge: Callable[[pl.Series], pl.Series]) -> pl.Expr:
    return column.map_batches(judge, return_dtype=pl.Boolean(), is_elementwise=True)


def _matrix(codes: pl.Series, length: int) -> tuple[Bytes, Flags]:
    """Return the bytes of the codes that have this length, a row each, and which those are."""
    fits = (codes.str.len_bytes() == length).fill_null(value=False)
    chosen = codes.filter(fits).to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, data = chosen.buffers()
    if data is None or len(chosen) == 0:
        return np.zeros((0, length), np.uint8), fits.to_numpy()
    start = int(np.frombuffer(offsets, np.int64)[chosen.offset])
    flat = np.frombuffer(data, np.uint8)[start : start + length * len(chosen)]
    return flat.reshape(-1, length), fits.to_numpy()


def _answer(codes: pl.Series, fits: Flags, good: Flags) -> pl.Series:
    found = np.zeros(len(codes), np.bool_)
    found[fits] = good
    answer = pl.Series(codes.name, found)
    return answer if codes.null_count() == 0 else answer.set(codes.is_null(), None)


def _values(alphabet: str) -> Bytes:
    table = np.full(256, UNKNOWN, np.uint8)
    table[np.frombuffer(alphabet.encode(), np.uint8)] = np.arange(len(alphabet))
    return table


def _checks(matrix: Bytes, scheme: Scheme) -> Flags:
    """Sum the weighted values position by position; a character out of place fails the code."""
    total = np.zeros(len(matrix), np.uint16)
    good = np.ones(len(matrix), np.bool_)
    tables = {alphabet: _values(alphabet) for alphabet in set(scheme.alphabets)}
    for place, (alphabet, weight) in enumerate(zip(scheme.alphabets, scheme.weights, strict=True)):
        value = tables[alphabet][matrix[:, place]]
        good &= value != UNKNOWN
        total += value.astype(np.uint16) * np.uint16(weight)
    good &= total % scheme.modulus == scheme.rest
    return good


def _weighted(codes: pl.Series, *, scheme: Scheme) -> pl.Series:
    matrix, fits = _matrix(codes, scheme.length)
    return _answer(codes, fits, _checks(matrix, scheme))


def _citizen(codes: pl.Series, *, today: dt.date | None) -> pl.Series:
    matrix, fits = _matrix(codes, CITIZEN.length)
    return _answer(codes, fits, _checks(matrix, CITIZEN) & _born(matrix[:, 6:14], today))


def _born(text: Bytes, today: dt.date | None) -> Flags:
    """Tell which eight digits are a day that existed, 1800 or later and not after today."""
    digits = text.astype(np.int32) - ord("0")
    number = digits @ (10 ** np.arange(7, -1, -1, dtype=np.int32))
    year, month, day = number // 10_000, number // 100 % 100, number % 100
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int32)
    inside = (month >= 1) & (month <= 12) & (year >= 1800)
    last = days[np.where(inside, month, 0)] + (leap & (month == 2))
    exists: Flags = inside & (day >= 1) & (day <= last)
    if today is None:
        return exists
    return exists & (number <= int(today.strftime("%Y%m%d")))


def _luhn(codes: pl.Series, *, length: int) -> pl.Series:
    matrix, fits = _matrix(codes, length)
    digits = matrix.astype(np.int16) - ord("0")
    good = np.all((digits >= 0) & (digits <= 9), axis=1)
    doubled = digits[:, -2::-2] * 2
    total = digits[:, -1::-2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    return _answer(codes, fits, good & (total % 10 == 0))
