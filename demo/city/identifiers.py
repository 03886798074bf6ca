"""Synthetic identifiers with right check characters, a column at a time.

Keep out: judging identifiers (quality does that from the standards on its own).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_CHECKS = "10X98765432"
ORGANIZATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# Both are coprime to their ranges, so that running numbers do not look running.
USCC_STEP, NUMBER_STEP = 7_919, 7_368_787


def digits(numbers: Ints, width: int) -> Ints:
    """Return a matrix with one row a number and one column a decimal digit."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (numbers[:, None] // powers) % 10


def padded(numbers: Ints, width: int) -> pl.Series:
    """Return numbers as text, filled with zeros to a width."""
    return pl.Series(numbers).cast(pl.String).str.zfill(width)


def scattered(count: int, *, start: int, width: int) -> Ints:
    """Return distinct numbers of at most `width` digits in no visible order."""
    running = np.arange(count, dtype=np.int64) + start
    return np.asarray((running * NUMBER_STEP) % (10**width))


def citizen_ids(division: pl.Series, birth: pl.Series, sequence: Ints) -> pl.Series:
    """Return 18-character IDs (GB 11643) of a division, a birth date and a 3-digit sequence."""
    day = birth.dt.strftime("%Y%m%d").cast(pl.Int64).to_numpy()
    base = division.cast(pl.Int64).to_numpy() * 10**11 + day * 1000 + sequence
    remainder = digits(base, 17) @ np.array(CITIZEN_WEIGHTS) % 11
    check = pl.Series(np.array(list(CITIZEN_CHECKS))[remainder])
    return pl.Series(base).cast(pl.String) + check


def usccs(division: pl.Series, *, start: int) -> pl.Series:
    """Return distinct unified social credit codes (GB 32100) registered in the divisions."""
    count = len(division)
    running = (np.arange(count, dtype=np.int64) + start) * USCC_STEP % 31**6
    powers = 31 ** np.arange(5, -1, -1, dtype=np.int64)
    tail = (running[:, None] // powers) % 31
    head = np.tile([USCC_ALPHABET.index("M"), USCC_ALPHABET.index("A")], (count, 1))
    organization = np.hstack([head, tail])
    check = _organization_check(organization)
    authority = np.tile([9, 1], (count, 1))
    places = digits(division.cast(pl.Int64).to_numpy(), 6)
    body = np.hstack([authority, places, organization, check[:, None]])
    last = (31 - body @ np.array(USCC_WEIGHTS) % 31) % 31
    letters = np.array(list(USCC_ALPHABET), dtype="U1")[np.hstack([body, last[:, None]])]
    return pl.Series(np.ascontiguousarray(letters).view("U18").ravel())


def _organization_check(organization: Ints) -> Ints:
    """Return the index, in the credit code's alphabet, of the ninth character (GB 11714)."""
    values = np.array([int(letter, 36) for letter in USCC_ALPHABET])[organization]
    check = 11 - values @ np.array(ORGANIZATION_WEIGHTS) % 11
    letter_x = USCC_ALPHABET.index("X")
    return np.where(check == 10, letter_x, np.where(check == 11, 0, check))


def meter_numbers(letter: str, year: Ints, numbers: Ints) -> pl.Series:
    """Return meter numbers: letter, two digits of the year, seven digits, Luhn digit."""
    body = year % 100 * 10**7 + numbers
    places = digits(body, 9)
    doubled = places[:, ::-1].copy()
    doubled[:, ::2] *= 2
    total = np.where(doubled > 9, doubled - 9, doubled).sum(axis=1)
    return letter + padded(body * 10 + (10 - total % 10) % 10, 10)


def wrong_last(column: str) -> pl.Expr:
    """Return the identifier with another last character than the right one."""
    last = pl.col(column).str.slice(-1)
    other = pl.when(last == "7").then(pl.lit("3")).otherwise(pl.lit("7"))
    return pl.col(column).str.slice(0, pl.col(column).str.len_chars() - 1) + other
