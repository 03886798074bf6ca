"""The state machine that cuts bytes into records exactly, at about 1 GB/s a thread.

A quote is structural only at a field's start. A quote that never closes, or closes before
something else than a delimiter or line end, makes a malformed record that ends at its first
physical line end. Keep out: files, threads, Polars.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingestion.compiled import compiled
from ingestion.delimited.marks import (
    AFTER_QUOTE,
    BARE_QUOTE,
    BLANK,
    BROKEN,
    CONTROL,
    LONE_CR,
    LONG,
    SHORT,
    UNCLOSED,
)

ORDINARY, DELIMITER, QUOTE, LF, CR, JUNK = 0, 1, 2, 3, 4, 5
Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int64]
STRAY = (0, 0, BARE_QUOTE, 0, LONE_CR, CONTROL)  # marks of a kind of byte outside quotes
NUMBER, START, END, NEXT, MARKS = 0, 1, 2, 3, 4  # columns of an odd record


NO_HEAD: Bytes = np.zeros(0, np.uint8)


class Text(NamedTuple):
    """The bytes to cut, the class of each of the 256 byte values, and how a header begins."""

    bytes: Bytes
    classes: Bytes
    head: Bytes = NO_HEAD  # beginnings of header rows, each after its length


class Task(NamedTuple):
    """Records that start in [start, stop), their declared width and the limit of one's length."""

    start: int
    stop: int
    width: int
    limit: int


class Stretch(NamedTuple):
    """Bytes [start, end) of a text that are whole records, the first one's number, how many."""

    start: int
    end: int
    number: int
    records: int


def classes(delimiter: str, quote: str) -> Bytes:
    """Return the class of each byte value in a dialect; an empty quote means no quoting."""
    table = np.zeros(256, np.uint8)
    table[:0x20] = JUNK
    table[0x7F] = JUNK
    table[ord("\t")] = ORDINARY
    table[ord("\n")], table[ord("\r")] = LF, CR
    table[ord(delimiter)] = DELIMITER
    if quote:
        table[ord(quote)] = QUOTE
    return table


@compiled
def closes(text: Text, at: int) -> bool:
    """Tell whether a field may end here: a delimiter, a line end or the end of the text."""
    if at >= len(text.bytes):
        return True
    kind = text.classes[text.bytes[at]]
    if kind == CR:
        return at + 1 >= len(text.bytes) or bool(text.bytes[at + 1] == 10)
    return bool(kind in (DELIMITER, LF))


@compiled
def quoted_field(text: Text, at: int) -> tuple[int, int, int]:
    """Return where a field opened just before ends, its marks, and the first LF inside it."""
    size, marks, first_lf = len(text.bytes), 0, -1
    while at < size:
        kind = text.classes[text.bytes[at]]
        if kind == QUOTE:
            if at + 1 < size and text.classes[text.bytes[at + 1]] == QUOTE:
                at += 2
                continue
            if closes(text, at + 1):
                return at + 1, marks, first_lf
            return at, marks | AFTER_QUOTE, first_lf
        if kind == LF and first_lf < 0:
            first_lf = at
        elif kind == JUNK:
            marks |= CONTROL
        at += 1
    return size, marks | UNCLOSED, first_lf


@compiled
def resync(text: Text, start: int, line_end: int, broken: int) -> tuple[int, int, int]:
    """Return a broken record's end, the next record's start and the marks of its one line.

    Where a quote is broken, what is inside and outside is unknown: of the other marks only
    control bytes are told, and only those before the line's end.
    """
    end, size, marks = line_end, len(text.bytes), broken
    while end < size and text.bytes[end] != 10:
        end += 1
    after = min(end + 1, size)
    if end > start and end < size and text.bytes[end - 1] == 13:
        end -= 1
    for at in range(start, end):
        if text.classes[text.bytes[at]] == JUNK:
            marks |= CONTROL
    return end, after, marks


@compiled
def fields(text: Text, start: int) -> tuple[int, int, int, int]:
    """Return where the fields of a record end, how many, their marks, the first LF inside one.

    At a broken quote it stops where that is seen.
    """
    data, kinds, size = text.bytes, text.classes, len(text.bytes)
    at, count, marks, first_lf, opening = start, 1, 0, -1, True
    while at < size:
        kind = kinds[data[at]]
        if kind == DELIMITER:
            count += 1
        elif kind == LF or (kind == CR and closes(text, at)):
            break
        elif kind == QUOTE and opening:
            at, more, lf = quoted_field(text, at + 1)
            marks |= more
            first_lf = lf if first_lf < 0 else first_lf
            if more & BROKEN:
                break
            opening = False
            continue
        else:
            marks |= STRAY[kind]
        opening = bool(kind == DELIMITER)
        at += 1
        while at < size and kinds[data[at]] == ORDINARY:
            at += 1
            opening = False
    return at, count, marks, first_lf


@compiled
def record(text: Text, start: int, width: int) -> tuple[int, int, int]:
    """Return one record's end, the next record's start and the record's marks."""
    at, count, marks, first_lf = fields(text, start)
    if marks & BROKEN:
        return resync(text, start, first_lf if first_lf >= 0 else at, marks & BROKEN)
    size = len(text.bytes)
    after = at + 1 if at < size and text.bytes[at] == 10 else min(at + 2, size)
    if at == start:
        return at, after, BLANK
    if count != width:
        marks |= SHORT if count < width else LONG
    return at, after, marks


@compiled
def titled(data: Bytes, head: Bytes, at: int) -> bool:
    """Tell whether a record begins as a header row does."""
    place = 0
    while place < len(head):
        size, step = head[place], 0
        while step < size and at + step < len(data) and data[at + step] == head[place + 1 + step]:
            step += 1
        if step == size:
            return True
        place += 1 + size
    return False
