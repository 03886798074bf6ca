"""Turning places of values into text columns: bytes are gathered, escapes resolved.

Keep out: finding the values (json_machine.py).
"""

from __future__ import annotations

from typing import cast

import numpy as np
import polars as pl
import pyarrow as pa

from ingestion.compiled import compiled
from ingestion.documents.json_machine import ESCAPED, NULL, Found, Numbers
from ingestion.documents.json_text import BACKSLASH, Bytes, short_escape, unicode_escape


def column(text: Bytes, found: Found, rows: int, item: int) -> pl.Series:
    """Return the text of one item in the first rows; null where absent or null."""
    spans, kinds = found.spans[:rows, item], found.kinds[:rows, item]
    there = kinds > NULL
    lengths = np.where(there, spans[:, 1] - spans[:, 0], 0)
    out = np.empty(int(lengths.sum()), np.uint8)  # resolving an escape never lengthens it
    offsets = np.zeros(rows + 1, np.int64)
    fill(text, (spans, kinds), offsets, out)
    bits = np.packbits(there, bitorder="little")
    array = pa.LargeStringArray.from_buffers(
        rows, pa.py_buffer(offsets), pa.py_buffer(out), pa.py_buffer(bits)
    )
    return cast(pl.Series, pl.from_arrow(array))


@compiled
def fill(text: Bytes, values: tuple[Numbers, Bytes], offsets: Numbers, out: Bytes) -> None:
    """Write the values end to end and where each begins."""
    spans, kinds = values
    at = 0
    for row in range(len(kinds)):
        if kinds[row] == ESCAPED:
            at = unescape(text, (spans[row, 0], spans[row, 1]), at, out)
        elif kinds[row] > NULL:
            for source in range(spans[row, 0], spans[row, 1]):
                out[at] = text[source]
                at += 1
        offsets[row + 1] = at


@compiled
def unescape(text: Bytes, place: tuple[int, int], at: int, out: Bytes) -> int:
    """Write one string with its escapes resolved; return where it ends."""
    source, end = place
    while source < end:
        if text[source] != BACKSLASH:
            out[at] = text[source]
            source, at = source + 1, at + 1
        elif text[source + 1] == 0x75:
            source, _, character = unicode_escape(text, source)
            at = put(character, at, out)
        else:
            out[at] = short_escape(text[source + 1])
            source, at = source + 2, at + 1
    return at


@compiled
def put(character: int, at: int, out: Bytes) -> int:
    """Write one character as UTF-8; return where it ends."""
    if character < 0x80:
        out[at] = character
        return at + 1
    if character < 0x800:
        out[at] = 0xC0 | character >> 6
    else:
        if character < 0x10000:
            out[at] = 0xE0 | character >> 12
        else:
            out[at] = 0xF0 | character >> 18
            at += 1
            out[at] = 0x80 | (character >> 12 & 0x3F)
        at += 1
        out[at] = 0x80 | (character >> 6 & 0x3F)
    out[at + 1] = 0x80 | (character & 0x3F)
    return at + 2
