"""The signs of any dialect as bytes, and what stands at a place of a text.

Keep out: records (spelled.py), files, Python's own strings.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ingestion.compiled import compiled
from ingestion.delimited.dialect import Dialect
from ingestion.delimited.machine import DELIMITER, JUNK, NO_HEAD, ORDINARY, QUOTE, Bytes

LOOK, CLASS = 1, 2  # of a byte value: look closer, or its class from here on
LINE, STRAY_CR = 3, 4  # classes of a record end and of a CR that is none
TAB, LF, CR = 9, 10, 13


class Spelled(NamedTuple):
    """The bytes to cut, the signs of their dialect, and whether a lone CR ends a record."""

    bytes: Bytes
    delimiter: Bytes
    quote: Bytes
    escape: Bytes
    comment: Bytes
    any_end: bool
    told: Bytes  # of each byte value whether it may begin a sign, or the class that it has
    head: Bytes = NO_HEAD


def spelled(text: Bytes, dialect: Dialect, head: Bytes = NO_HEAD) -> Spelled:
    """Return a text with the signs of its dialect as bytes."""
    return Spelled(
        bytes=text,
        delimiter=_sign(dialect.delimiter),
        quote=_sign(dialect.quote),
        escape=_sign(dialect.escape),
        comment=_sign(dialect.comment),
        any_end=dialect.any_end,
        told=_told(dialect),
        head=head,
    )


def _sign(sign: str) -> Bytes:
    return np.frombuffer(sign.encode(), np.uint8)


def _told(dialect: Dialect) -> Bytes:
    """Return which byte values are passed over, looked at, or are signs by themselves.

    Handing the text to another function costs more than a hundred bytes passed over.
    """
    told = np.zeros(256, np.uint8)
    told[:0x20], told[0x7F], told[TAB] = LOOK, LOOK, 0
    told[ord('"')] = LOOK  # doubled where a record is rewritten, whatever quotes are here
    signs = {DELIMITER: dialect.delimiter, QUOTE: dialect.quote, ORDINARY: dialect.escape}
    first = [sign.encode()[0] for sign in signs.values() if sign]
    for kind, sign in signs.items():
        if sign:
            byte = sign.encode()[0]
            alone = kind and len(sign.encode()) == 1 and first.count(byte) == 1
            told[byte] = CLASS + kind if alone else LOOK
    told[LF] = CLASS + LINE
    return told


@compiled
def passed(text: Spelled, at: int) -> int:
    """Return the offset of the next byte that needs a look."""
    data, told, size = text.bytes, text.told, np.uint64(len(text.bytes))
    place, one = np.uint64(at), np.uint64(1)  # without a sign: see plain_record
    while place < size and told[data[place]] == 0:
        place += one
    return int(np.int64(place))


@compiled
def stands(text: Bytes, sign: Bytes, at: int) -> bool:
    """Tell whether a sign that is in use stands here."""
    if len(sign) == 0 or at + len(sign) > len(text):
        return False
    for step in range(len(sign)):  # noqa: SIM110 - numba compiles loops
        if text[at + step] != sign[step]:
            return False
    return True


@compiled
def line_end(text: Spelled, at: int) -> int:
    """Return the length of the record end here, 0 when there is none."""
    data = text.bytes
    if data[at] == LF:
        return 1
    if data[at] != CR:
        return 0
    if at + 1 < len(data) and data[at + 1] == LF:
        return 2
    return 1 if text.any_end else 0


@compiled
def escape_at(text: Spelled, at: int) -> int:
    """Return the length of an escape and the sign that it makes a text, 0 when there is none."""
    if not stands(text.bytes, text.escape, at):
        return 0
    length = len(text.escape)
    for sign in (text.quote, text.escape, text.delimiter):
        if stands(text.bytes, sign, at + length):
            return length + len(sign)
    return 0


@compiled
def sign_at(text: Spelled, at: int) -> tuple[int, int]:
    """Return the class of what stands here (as in machine.py) and its length."""
    if len(text.escape):
        escape = escape_at(text, at)
        if escape:
            return ORDINARY, escape
    if stands(text.bytes, text.delimiter, at):
        return DELIMITER, len(text.delimiter)
    if stands(text.bytes, text.quote, at):
        return QUOTE, len(text.quote)
    end = line_end(text, at)
    return (LINE, end) if end else (_byte_class(text.bytes, at), 1)


@compiled
def _byte_class(data: Bytes, at: int) -> int:
    """Return the class of a byte that is no sign."""
    if data[at] == CR:
        return LINE if at + 1 == len(data) else STRAY_CR
    control = (data[at] < 0x20 and data[at] != TAB) or data[at] == 0x7F
    return JUNK if control else ORDINARY
