"""The state machine of machine.py for any dialect: signs of several bytes, escapes, lone CR.

Slower, and used only where a dialect needs it. It also rewrites good records for the fast lane.
Keep out: files, Python's own strings.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ingestion.compiled import compiled
from ingestion.delimited.dialect import Dialect
from ingestion.delimited.machine import (
    DELIMITER,
    END,
    JUNK,
    MARKS,
    NEXT,
    NO_HEAD,
    NUMBER,
    ORDINARY,
    QUOTE,
    START,
    STRAY,
    Bytes,
    Numbers,
    Task,
    titled,
)  # fmt: skip
from ingestion.delimited.marks import (
    AFTER_QUOTE,
    BLANK,
    BROKEN,
    COMMENT,
    CONTROL,
    LONG,
    SHORT,
    TITLED,
    TOO_LONG,
    UNCLOSED,
    UNDECODABLE,
)

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


@compiled
def closing(text: Spelled, at: int) -> tuple[int, int, int]:
    """Return where the quoted field that opened just before ends, its marks, its first line end."""
    size, marks, first = len(text.bytes), 0, -1
    data, told = text.bytes, text.told
    while at < size:
        code = told[data[at]]
        if code == 0:
            at += 1
            continue
        kind, length = (code - CLASS, 1) if code > LOOK else sign_at(text, at)
        if kind == QUOTE:
            after = at + length
            next_kind, more = sign_at(text, after) if after < size else (LINE, 0)
            if next_kind in (DELIMITER, LINE):
                return after, marks, first
            if next_kind != QUOTE:
                return at, marks | AFTER_QUOTE, first
            length += more
        elif kind == LINE and first < 0 and line_end(text, at):
            first = at
        elif kind == JUNK:
            marks |= CONTROL
        at += length
    return size, marks | UNCLOSED, first


@compiled
def broken(text: Spelled, start: int, at: int, marks: int) -> tuple[int, int, int]:
    """Return a broken record's end, the next one's start and the marks of its one line."""
    end, size = at, len(text.bytes)
    while end < size and line_end(text, end) == 0:
        end = passed(text, end + 1)
    after = end + line_end(text, end) if end < size else size
    step = passed(text, start)
    while step < end:
        if sign_at(text, step)[0] == JUNK:
            marks |= CONTROL
        step = passed(text, step + 1)
    return end, after, marks


@compiled
def fields(text: Spelled, start: int) -> tuple[int, int, int, int]:
    """Return where the fields of a record end, how many, their marks, the first line end inside."""
    at, count, marks, first, opening, size = start, 1, 0, -1, True, len(text.bytes)
    data, told = text.bytes, text.told
    while at < size:
        code = told[data[at]]
        if code == 0:
            opening = False
            at += 1
            continue
        kind, length = (code - CLASS, 1) if code > LOOK else sign_at(text, at)
        if kind == LINE:
            break
        if kind == QUOTE and opening:
            at, more, line = closing(text, at + length)
            marks |= more
            first = line if first < 0 else first
            if more & BROKEN:
                break
            opening = False
            continue
        count += kind == DELIMITER
        marks |= STRAY[kind]
        opening = bool(kind == DELIMITER)
        at += length
    return at, count, marks, first


@compiled
def cut(text: Spelled, start: int, width: int) -> tuple[int, int, int]:
    """Return one record's end, the next record's start and the record's marks."""
    if len(text.comment) and stands(text.bytes, text.comment, start):
        end, after, _ = broken(text, start, start, 0)
        return end, after, BLANK | COMMENT
    at, count, marks, first = fields(text, start)
    if marks & BROKEN:
        return broken(text, start, first if first >= 0 else at, marks & BROKEN)
    after = at + line_end(text, at) if at < len(text.bytes) else at
    after += after == at and at < len(text.bytes)  # a lone CR at the very end
    if at == start:
        return at, after, BLANK
    if count != width:
        marks |= SHORT if count < width else LONG
    return at, after, marks


@compiled
def cut_all(text: Spelled, task: Task, wrong: Numbers, odd: Numbers) -> tuple[int, int, int]:
    """Cut a span; fill `odd` with marked records; return its end, its records, the odd ones."""
    at, records, found, next_wrong = task.start, 0, 0, 0
    while at < task.stop:
        end, after, marks = cut(text, at, task.width)
        if end - at > task.limit:
            marks |= TOO_LONG
        while next_wrong < len(wrong) and wrong[next_wrong] < after:
            marks |= UNDECODABLE
            next_wrong += 1
        if marks == 0 and titled(text.bytes, text.head, at):
            marks = TITLED
        if not marks & (BLANK | TITLED):
            records += 1
        if marks:
            if found < len(odd):
                odd[found, NUMBER], odd[found, START], odd[found, END] = records, at, end
                odd[found, NEXT], odd[found, MARKS] = after, marks
            found += 1
        at = after
    return at, records, found
