"""The state machine that checks JSON objects and says where each declared value stands.

It looks one level deep: nested values are stepped over as text. Numbers stay as written, since a
float would change them. Keep out: files, names of items, columns (json_columns.py).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingestion.compiled import compiled
from ingestion.delimited.marks import NOT_JSON, NOT_PLAIN
from ingestion.documents.json_text import (
    QUOTE,
    Bytes,
    no_number_end,
    number_end,
    skip_space,
    string_end,
    word_end,
)

Numbers = NDArray[np.int64]
ABSENT, NULL, PLAIN, ESCAPED, NESTED = 0, 1, 2, 3, 4  # kinds of values


class Keys(NamedTuple):
    """Keys as they are written in the text, end to end, and the item that each one means."""

    bytes: Bytes
    offsets: Numbers
    items: Numbers


class Found(NamedTuple):
    """Where the values of well-formed records stand: record × item, and the records' numbers."""

    spans: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    numbers: Numbers


@compiled
def nested_end(text: Bytes, at: int) -> tuple[int, int]:
    """Return where an array or object ends, by its brackets, and its marks."""
    depth, marks = 0, 0
    while at < len(text):
        sign = text[at]
        if sign == QUOTE:
            at, more, _ = string_end(text, at + 1)
            marks |= more
        elif sign in (0x7B, 0x5B):
            depth += 1
        elif sign in (0x7D, 0x5D):
            depth -= 1
            if depth == 0:
                return at + 1, marks
        at += 1
    return len(text), marks | NOT_JSON


@compiled
def value(text: Bytes, at: int) -> tuple[int, int, int]:
    """Return where a value ends, its kind and its marks."""
    if at >= len(text):
        return at, ABSENT, NOT_JSON
    sign = text[at]
    if sign == QUOTE:
        end, marks, escaped = string_end(text, at + 1)
        return end + 1, ESCAPED if escaped else PLAIN, marks
    if sign in (0x7B, 0x5B):
        end, marks = nested_end(text, at)
        return end, NESTED, marks
    end = no_number_end(text, at)
    if end > 0:
        return end, PLAIN, NOT_PLAIN
    if sign == 0x2D or 0x30 <= sign <= 0x39:
        end, kind = number_end(text, at), PLAIN
    else:
        end, kind = word_end(text, at), NULL if sign == 0x6E else PLAIN
    return (at, ABSENT, NOT_JSON) if end < 0 else (end, kind, 0)


@compiled
def item_of(text: Bytes, at: int, end: int, keys: Keys) -> int:
    """Return the item that a key means; -1 when it is not known."""
    for known in range(len(keys.items)):
        first = keys.offsets[known]
        length = keys.offsets[known + 1] - first
        if length == end - at:
            same = 0
            while same < length and keys.bytes[first + same] == text[at + same]:
                same += 1
            if same == length:
                return int(keys.items[known])
    return -1


@compiled
def member(text: Bytes, at: int, row: int, where: tuple[Keys, Found]) -> tuple[int, int, int]:
    """Read `"key": value`; return its end, its marks, and the key's offset where it is unknown."""
    keys, found = where
    if at >= len(text) or text[at] != QUOTE:
        return at, NOT_JSON, -1
    key_end, marks, _ = string_end(text, at + 1)
    colon = skip_space(text, min(key_end + 1, len(text)))
    if colon >= len(text) or text[colon] != 0x3A:
        return colon, marks | NOT_JSON, -1
    start = skip_space(text, colon + 1)
    end, kind, more = value(text, start)
    item = item_of(text, at + 1, key_end, keys)
    if item < 0:
        return end, marks | more, at
    if found.kinds[row, item] != ABSENT:
        return end, marks | more | NOT_PLAIN, -1  # the same key twice: which one is meant?
    quoted = 1 if start < len(text) and text[start] == QUOTE else 0
    found.kinds[row, item] = kind
    found.spans[row, item, 0], found.spans[row, item, 1] = start + quoted, end - quoted
    return end, marks | more, -1


@compiled
def read_object(text: Bytes, at: int, row: int, where: tuple[Keys, Found]) -> tuple[int, int, int]:
    """Read one object into a row; return its end, its marks, and the first unknown key's offset."""
    where[1].kinds[row, :] = ABSENT
    if at >= len(text) or text[at] != 0x7B:
        return at, NOT_JSON, -1
    at = skip_space(text, at + 1)
    if at < len(text) and text[at] == 0x7D:
        return at + 1, 0, -1
    marks, unknown = 0, -1
    while not marks & NOT_JSON:
        at, more, stranger = member(text, at, row, where)
        marks |= more
        if unknown < 0:
            unknown = stranger
        at = skip_space(text, at)
        if at >= len(text) or (text[at] != 0x2C and text[at] != 0x7D):
            return at, marks | NOT_JSON, -1
        if text[at] == 0x7D:
            return at + 1, marks, unknown
        at = skip_space(text, at + 1)
    return at, marks, -1
