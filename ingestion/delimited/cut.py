"""Cutting a stretch of well-formed records into fields: where each starts and ends, by column.

The stretch is a copy of its own, so doubled quotes are made single where they stand.
Keep out: which records are well-formed (scan.py), what fields mean (conform).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingestion.compiled import compiled
from ingestion.delimited.machine import (
    CR,
    DELIMITER,
    LF,
    NEXT,
    NUMBER,
    QUOTE,
    START,
    Bytes,
    Numbers,
    Stretch,
    Text,
)
from ingestion.mapped import release

SLACK = 16  # bytes after a stretch that may be looked at, eight at a time
Offsets = NDArray[np.int32]


class Fields(NamedTuple):
    """Where the fields of records lie, a row a column, and the number of each record."""

    starts: Offsets
    ends: Offsets
    numbers: Numbers


def copied(text: Bytes, stretch: Stretch) -> Bytes:
    """Return the bytes of a stretch with slack behind them, in whole words of eight."""
    size = stretch.end - stretch.start
    copy = np.empty((size + SLACK + 7) // 8 * 8, np.uint8)
    copy[:size] = text[stretch.start : stretch.end]
    copy[size:] = 10
    release(text, stretch.start, stretch.end)
    return copy


def room(records: int, width: int) -> Fields:
    """Return room for the fields of so many records."""
    shape = (width, records)
    return Fields(np.empty(shape, np.int32), np.empty(shape, np.int32), np.empty(records, np.int64))


@compiled
def cut(text: Text, stretch: Stretch, odd: Numbers, found: Fields) -> int:
    """Fill `found` with the fields of all records that are not odd; return how many they are.

    `text` is the copy of the stretch; `odd` are the records to leave out, with their places in
    the whole.
    """
    size, width = stretch.end - stretch.start, len(found.starts)
    at, count, number, skip = 0, 0, stretch.number, 0
    while at < size:
        if skip < len(odd) and odd[skip, START] - stretch.start == at:
            at, number = odd[skip, NEXT] - stretch.start, odd[skip, NUMBER] + 1
            skip += 1
            continue
        for column in range(width):
            start, end, at = field(text, at)
            found.starts[column, count], found.ends[column, count] = start, end
        if at <= size and text.bytes[at - 1] == 13:  # the field's end took the CR of a CRLF
            at += 1
        found.numbers[count] = number
        number += 1
        count += 1
    return count


@compiled
def field(text: Text, at: int) -> tuple[int, int, int]:
    """Return where a field's text starts and ends, and the offset after what ended it."""
    data, kinds = text.bytes, text.classes
    if kinds[data[at]] == QUOTE:
        return unquoted(text, at + 1)
    end, one = np.uint64(at), np.uint64(1)  # without a sign: see plain_record
    while True:
        kind = kinds[data[end]]
        if kind in (DELIMITER, LF, CR):
            return at, int(np.int64(end)), int(np.int64(end)) + 1
        end += one


@compiled
def unquoted(text: Text, start: int) -> tuple[int, int, int]:
    """Return the same of a quoted field that starts here; doubled quotes become single."""
    data, kinds = text.bytes, text.classes
    at, end = start, start
    while True:
        if kinds[data[at]] == QUOTE:
            if kinds[data[at + 1]] != QUOTE:
                return start, end, at + 2
            at += 1
        data[end] = data[at]
        end += 1
        at += 1
