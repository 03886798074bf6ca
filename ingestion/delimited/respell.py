"""Rewriting good records of any dialect in the one that the fast lane reads.

Keep out: telling which records are good (spelled.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ingestion.compiled import compiled
from ingestion.delimited.machine import DELIMITER, QUOTE, Bytes
from ingestion.delimited.marks import LINE_LIMIT
from ingestion.delimited.signs import CLASS, LINE, LOOK, Spelled, escape_at, sign_at

WINDOW = 4 << 20  # bytes rewritten at a time
GROWTH = 3  # at most: a field of one comma becomes three bytes
COMMA, DOUBLE, NEWLINE = ord(","), ord('"'), ord("\n")


def respelled(text: Spelled, start: int, stop: int) -> Iterator[memoryview]:
    """Yield the records in [start, stop), all good, as comma-separated lines."""
    out = np.empty(GROWTH * (WINDOW + LINE_LIMIT) + 64, np.uint8)
    while start < stop:
        start, written = rewrite(text, (start, stop), out)
        yield out[:written].data


@compiled
def rewrite(text: Spelled, part: tuple[int, int], out: Bytes) -> tuple[int, int]:
    """Rewrite records of a part into `out` until it is full; return where to go on, bytes."""
    at, stop = part
    limit, written = at + WINDOW, 0
    while at < stop:
        at, written = field(text, at, out, written)
        kind, length = sign_at(text, at) if at < len(text.bytes) else (LINE, 0)
        at += length
        if kind == DELIMITER:
            out[written] = COMMA
            written += 1
        if kind != DELIMITER or at >= stop:
            out[written] = NEWLINE
            written += 1
            if at >= limit:
                break
    return at, written


@compiled
def field(text: Spelled, at: int, out: Bytes, written: int) -> tuple[int, int]:
    """Rewrite one field; return where it ends and how many bytes are written by then."""
    kind, length = sign_at(text, at) if at < len(text.bytes) else (LINE, 0)
    if kind == QUOTE:
        out[written] = DOUBLE
        at, written, _ = content(text, at + length, out, (written + 1, True))
        out[written] = DOUBLE
        return at, written + 1
    begun = written
    at, written, special = content(text, at, out, (written, False))
    if not special:
        return at, written
    for step in range(written, begun, -1):
        out[step] = out[step - 1]
    out[begun], out[written + 1] = DOUBLE, DOUBLE
    return at, written + 2


@compiled
def content(text: Spelled, at: int, out: Bytes, state: tuple[int, bool]) -> tuple[int, int, bool]:
    """Copy a field's text without escapes; tell whether it holds what needs quotes."""
    written, quoted = state
    size, special = len(text.bytes), False
    data, told = text.bytes, text.told
    while at < size:
        code = told[data[at]]
        if code == 0:
            out[written] = data[at]
            special = special or data[at] == COMMA
            written += 1
            at += 1
            continue
        kind, length = (code - CLASS, 1) if code > LOOK else sign_at(text, at)
        if quoted and kind == QUOTE:
            at += length
            kind, length = sign_at(text, at) if at < size else (LINE, 0)
            if kind != QUOTE:
                break
        elif not quoted and kind in (DELIMITER, LINE):
            break
        first = at + len(text.escape) * (escape_at(text, at) > 0)
        for step in range(first, at + length):
            out[written] = text.bytes[step]
            special = special or out[written] in (COMMA, DOUBLE)
            written += 1
            if out[written - 1] == DOUBLE:
                out[written] = DOUBLE
                written += 1
        at += length
    return at, written, special
