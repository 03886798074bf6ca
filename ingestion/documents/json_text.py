"""The state machine for JSON's scalars: strings with their escapes, numbers, words.

Keep out: objects and arrays (json_machine.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ingestion.compiled import compiled
from ingestion.delimited.marks import CONTROL, NOT_JSON, UNDECODABLE

Bytes = NDArray[np.uint8]
QUOTE, BACKSLASH = 0x22, 0x5C
NAN, INFINITY = (np.frombuffer(word, np.uint8) for word in (b"NaN", b"Infinity"))


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
        sign = int(text[at + step])
        if 0x30 <= sign <= 0x39:
            digit = sign - 0x30
        elif 0x61 <= sign | 0x20 <= 0x66:
            digit = (sign | 0x20) - 0x57
        else:
            return -1
        value = value * 16 + digit
    return value


@compiled
def unicode_escape(text: Bytes, at: int) -> tuple[int, int, int]:
    """Return the end, the marks and the character of a backslash-u escape, pairs included."""
    unit = code_unit(text, at + 2)
    if unit < 0:
        return at + 2, NOT_JSON, 0
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
                more = NOT_JSON if short < 0 else CONTROL if short in (8, 12) else 0
                at += 2
            marks |= more
            continue
        if sign < 0x20 or sign == 0x7F:
            marks |= NOT_JSON if sign == 10 else CONTROL
        at += 1
    return at, marks | NOT_JSON, escaped


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
    code = 0
    for step in range(length):
        code = code * 256 + int(text[at + step])
    known = code in (0x74727565, 0x6E756C6C, 0x66616C7365)
    return at + length if known else -1


@compiled
def no_number_end(text: Bytes, at: int) -> int:
    """Return where `NaN`, `Infinity` or `-Infinity`, as many programs write them, ends; else -1."""
    first = at + 1 if text[at] == 0x2D else at
    if first >= len(text) or text[first] not in (0x4E, 0x49):
        return -1
    word = NAN if text[first] == 0x4E else INFINITY
    if first + len(word) > len(text):
        return -1
    for step in range(len(word)):
        if text[first + step] != word[step]:
            return -1
    return first + len(word)
