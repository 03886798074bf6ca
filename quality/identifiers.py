"""Identifiers and their check characters as Polars expressions, null where the code is null.

Weights and alphabets: GB 32100-2015, GB 11714-1997, GB 11643-1999, Luhn (ISO/IEC 7812).
Keep out: which item carries which identifier, and Great Expectations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from quality.check_digits import Sums

Flags = np.ndarray[Any, np.dtype[np.bool_]]

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I O S V Z
MOBILE = r"^1[3-9][0-9]{9}$"
LAND_LINE = r"^0851-?[0-9]{8}$"
PHONE = rf"(?:{MOBILE})|(?:{LAND_LINE})"
INDUSTRY = r"^[A-T](?:[0-9]{2,4})?$"  # GB/T 4754: section, then division, group, class
PLATE = r"^贵A(?:[A-HJ-NP-Z0-9]{5}|[DF][A-HJ-NP-Z0-9]{5})$"
OLD_CITIZEN_ID = r"^[0-9]{15}$"


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


@dataclass(frozen=True)
class LuhnScheme:
    """A Luhn number of fixed length after one of some letters."""

    before: str
    digits: int

    @property
    def length(self) -> int:
        """Return how many characters the code has."""
        return 1 + self.digits


METER = LuhnScheme("WPG", 10)
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
    return _each(column, partial(_citizen, latest=today or dt.date.max))


def meter_number(column: pl.Expr) -> pl.Expr:
    """Tell whether a meter number (W, P or G and ten digits) ends in its Luhn digit."""
    return _each(column, partial(_weighted, scheme=METER))


def bank_card(column: pl.Expr) -> pl.Expr:
    """Tell whether a bank card number of 13 to 19 digits ends in its Luhn digit."""
    return _each(column, partial(_luhn, shortest=13, longest=19))


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


def _each(column: pl.Expr, judge: Callable[[pl.Series], Flags]) -> pl.Expr:
    def judged(codes: pl.Series) -> pl.Series:
        if codes.is_empty():  # and numba is not imported for nothing
            return pl.Series(codes.name, [], pl.Boolean)
        answer = pl.Series(codes.name, judge(codes))
        return answer if codes.null_count() == 0 else answer.set(codes.is_null(), None)

    return column.map_batches(judged, return_dtype=pl.Boolean(), is_elementwise=True)


def _weighted(codes: pl.Series, *, scheme: Scheme | LuhnScheme) -> Flags:
    from quality.check_digits import weighted
    from quality.gx_polars.texts import text_of

    good = np.empty(len(codes), np.bool_)
    weighted(text_of(codes), _sums(scheme), good)
    return good


def _citizen(codes: pl.Series, *, latest: dt.date) -> Flags:
    from quality.check_digits import dated, weighted
    from quality.gx_polars.texts import text_of

    text, good = text_of(codes), np.empty(len(codes), np.bool_)
    weighted(text, _sums(CITIZEN), good)
    dated(text, 6, int(latest.strftime("%Y%m%d")), good)
    return good


def _luhn(codes: pl.Series, *, shortest: int, longest: int) -> Flags:
    from quality.check_digits import luhn_right
    from quality.gx_polars.texts import text_of

    good = np.empty(len(codes), np.bool_)
    luhn_right(text_of(codes), shortest, longest, good)
    return good


@cache
def _sums(scheme: Scheme | LuhnScheme) -> Sums:
    """Return the sums of a scheme as a table: what each byte adds at each place."""
    from quality.check_digits import FOREIGN, LUHN, sums

    parts = np.full((scheme.length, 256), FOREIGN, np.uint16)
    if isinstance(scheme, LuhnScheme):
        parts[0, np.frombuffer(scheme.before.encode(), np.uint8)] = 0
        parts[1:] = LUHN[np.arange(scheme.digits)[::-1] % 2]
        return sums(parts, 10, 0)
    for place, (alphabet, weight) in enumerate(zip(scheme.alphabets, scheme.weights, strict=True)):
        signs = np.frombuffer(alphabet.encode(), np.uint8)
        parts[place, signs] = weight * np.arange(len(alphabet))
    return sums(parts, scheme.modulus, scheme.rest)
