"""The state machine that checks JSON objects and says where each declared value stands.

It looks one level deep: nested values are stepped over as text. Numbers stay as written, since a
float would change them. Keep out: files, names of items, columns (json_columns.py).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingestion.compiled import compiled
from ingestion.delimited.marks import CONTROL, NOT_JSON, UNDECODABLE

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int64]
ABSENT, NULL, PLAIN, ESCAPED, NESTED = 0, 1, 2, 3, 4  # kinds of values
BROKEN = NOT_JSON
QUOTE, BACKSLASH = 0x22, 0x5C


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
def skip_space(text: Bytes, at: int) -> int:
    """Return the offset of the next byte that is no JSON white space."""
    while at < len(text) and (text[at] == 32 or text[at] == 9 or text[at] == 10 or text[at] == 13):
        at += 1
    return at


@compiled
def code_unit(text: Bytes, at: int) -> int:
    """Return the value of four hexadecimal digits; -1 when they are not."""
    if at + 4 > len(text):
        return -1
    value = 0
    for step in range(4):
        sign = text[at + step] | 0x20
        if 0x30 <= text[at + step] <= 0x39:
            digit = np.int64(text[at + step]) - 0x30
        elif 0x61 <= sign <= 0x66:
            digit = np.int64(sign) - 0x57
        else:
            return -1
        value = value * 16 + digit
    return value


@compiled
def unicode_escape(text: Bytes, at: int) -> tuple[int, int, int]:
    """Return the end, the marks and the character of a backslash-u escape, pairs included."""
    unit = code_unit(text, at + 2)
    if unit < 0:
        return at + 2, BROKEN, 0
    if 0xD800 <= unit < 0xDC00 and at + 12 <= len(text):
        second = -1
        if text[at + 6] == BACKSLASH and text[at + 7] == 0x75:
            second = code_unit(text, at + 8)
        if 0xDC00 <= second < 0xE000:
            return at + 12, 0, 0x10000 + ((unit - 0xD800) << 10) + second - 0xDC00
    if 0xD800 <= unit < 0xE000:
        return at + 6, UNDECODABLE, 0xFFFD
    junk = (unit < 0x20 and unit not in (9, 10, 13)) or unit == 0x7F
    return at + 6, CONTROL if junk else 0, unit


@compiled
def short_escape(sign: int) -> int:
    """Return the character of a one-letter escape; -1 when there is none such."""
    if sign in (QUOTE, BACKSLASH, 0x2F):
        return sign
    if sign == 0x6E:
        return 10
    if sign == 0x72:
        return 13
    if sign == 0x74:
        return 9
    return 8 if sign == 0x62 else 12 if sign == 0x66 else -1


@compiled
def string_end(text: Bytes, at: int) -> tuple[int, int, bool]:
    """Return where a string opened just before ends, its marks, and whether it has escapes."""
    marks, escaped = 0, False
    while at < len(text):
        sign = text[at]
        if sign == QUOTE:
            return at, marks, escaped
        if sign == BACKSLASH and at + 1 < len(text):
            escaped = True
            if text[at + 1] == 0x75:
                at, more, _ = unicode_escape(text, at)
            else:
                short = short_escape(text[at + 1])
                more = BROKEN if short < 0 else CONTROL if short in (8, 12) else 0
                at += 2
            marks |= more
            continue
        if sign < 0x20 or sign == 0x7F:
            marks |= BROKEN if sign == 10 else CONTROL
        at += 1
    return at, marks | BROKEN, escaped


@compiled
def digits(text: Bytes, at: int) -> int:
    """Return the offset after the digits that stand here."""
    while at < len(text) and 0x30 <= text[at] <= 0x39:
        at += 1
    return at


@compiled
def number_end(text: Bytes, at: int) -> int:
    """Return where a number ends; -1 when it is none."""
    whole = at + 1 if text[at] == 0x2D else at
    end = digits(text, whole)
    if end == whole or (text[whole] == 0x30 and end > whole + 1):
        return -1
    if end < len(text) and text[end] == 0x2E:
        part = end + 1
        end = digits(text, part)
        if end == part:
            return -1
    if end < len(text) and text[end] | 0x20 == 0x65:
        part = end + 1
        if part < len(text) and (text[part] == 0x2B or text[part] == 0x2D):
            part += 1
        end = digits(text, part)
        if end == part:
            return -1
    return end


@compiled
def word_end(text: Bytes, at: int) -> int:
    """Return where `true`, `false` or `null` ends; -1 when it is none of them."""
    length = 5 if text[at] == 0x66 else 4
    if at + length > len(text):
        return -1
    code = np.int64(0)
    for step in range(length):
        code = code * 256 + np.int64(text[at + step])
    known = code in (0x74727565, 0x6E756C6C, 0x66616C7365)
    return at + length if known else -1


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
    return len(text), marks | BROKEN


@compiled
def value(text: Bytes, at: int) -> tuple[int, int, int]:
    """Return where a value ends, its kind and its marks."""
    if at >= len(text):
        return at, ABSENT, BROKEN
    sign = text[at]
    if sign == QUOTE:
        end, marks, escaped = string_end(text, at + 1)
        return end + 1, ESCAPED if escaped else PLAIN, marks
    if sign in (0x7B, 0x5B):
        end, marks = nested_end(text, at)
        return end, NESTED, marks
    if sign == 0x2D or 0x30 <= sign <= 0x39:
        end, kind = number_end(text, at), PLAIN
    else:
        end, kind = word_end(text, at), NULL if sign == 0x6E else PLAIN
    return (at, ABSENT, BROKEN) if end < 0 else (end, kind, 0)


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
                return keys.items[known]
    return -1


@compiled
def member(text: Bytes, at: int, row: int, where: tuple[Keys, Found]) -> tuple[int, int, int]:
    """Read `"key": value`; return its end, its marks, and the key's offset where it is unknown."""
    keys, found = where
    if at >= len(text) or text[at] != QUOTE:
        return at, BROKEN, -1
    key_end, marks, _ = string_end(text, at + 1)
    colon = skip_space(text, min(key_end + 1, len(text)))
    if colon >= len(text) or text[colon] != 0x3A:
        return colon, marks | BROKEN, -1
    start = skip_space(text, colon + 1)
    end, kind, more = value(text, start)
    item = item_of(text, at + 1, key_end, keys)
    if item < 0:
        return end, marks | more, at
    if found.kinds[row, item] != ABSENT:
        return end, marks | more | BROKEN, -1  # the same key twice: which one is meant?
    quoted = 1 if start < len(text) and text[start] == QUOTE else 0
    found.kinds[row, item] = kind
    found.spans[row, item, 0], found.spans[row, item, 1] = start + quoted, end - quoted
    return end, marks | more, -1


@compiled
def read_object(text: Bytes, at: int, row: int, where: tuple[Keys, Found]) -> tuple[int, int, int]:
    """Read one object into a row; return its end, its marks, and the first unknown key's offset."""
    where[1].kinds[row, :] = ABSENT
    if at >= len(text) or text[at] != 0x7B:
        return at, BROKEN, -1
    at = skip_space(text, at + 1)
    if at < len(text) and text[at] == 0x7D:
        return at + 1, 0, -1
    marks, unknown = 0, -1
    while not marks & BROKEN:
        at, more, stranger = member(text, at, row, where)
        marks |= more
        if unknown < 0:
            unknown = stranger
        at = skip_space(text, at)
        if at >= len(text) or (text[at] != 0x2C and text[at] != 0x7D):
            return at, marks | BROKEN, -1
        if text[at] == 0x7D:
            return at + 1, marks, unknown
        at = skip_space(text, at + 1)
    return at, marks, -1
