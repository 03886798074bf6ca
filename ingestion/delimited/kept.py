"""The text of malformed records, copied by byte ranges.

Keep out: deciding which records are which (scan.py).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from catalog.schema import ROW, RULES, SOURCE
from ingestion.compiled import compiled
from ingestion.delimited.machine import END, MARKS, NUMBER, START, Bytes, Numbers
from ingestion.delimited.marks import UNDECODABLE, defects

SHOWN = 1 << 16  # bytes of a malformed record that are kept as its text; the archive has the rest


class Ranges(NamedTuple):
    """Byte ranges laid end to end: where each starts, in the text and in the whole."""

    starts: Numbers
    offsets: Numbers


def ranges(starts: Numbers, ends: Numbers) -> Ranges:
    """Return the ranges from starts to ends."""
    offsets = np.concatenate([[0], np.cumsum(ends - starts)]).astype(np.int64)
    return Ranges(np.ascontiguousarray(starts, np.int64), offsets)


@compiled
def gather(text: Bytes, parts: Ranges, window: tuple[int, int], out: Bytes) -> int:
    """Copy the bytes [from, to) of the whole into `out`; return how many there are."""
    at, stop = window
    part = np.searchsorted(parts.offsets, at, side="right") - 1
    written = 0
    while at < stop:
        end = min(stop, parts.offsets[part + 1])
        source = parts.starts[part] + at - parts.offsets[part]
        for step in range(end - at):
            out[written + step] = text[source + step]
        written += end - at
        at = end
        part += 1
    return written


def malformed_rows(text: Bytes, malformed: Numbers, codec: str = "utf-8") -> pl.DataFrame:
    """Return malformed records with their number, their text as it came and their defects."""
    marks, which = np.unique(malformed[:, MARKS], return_inverse=True)
    names = pl.Series([defects(int(mark)) for mark in marks], dtype=pl.List(pl.String))
    return pl.DataFrame(
        {
            ROW: pl.Series(malformed[:, NUMBER], dtype=pl.Int64),
            SOURCE: _texts(text, malformed, codec),
            RULES: names.gather(which),
        },
        schema={ROW: pl.Int64, SOURCE: pl.String, RULES: pl.List(pl.String)},
    )


def _texts(text: Bytes, malformed: Numbers, codec: str) -> pl.Series:
    """Return the records' text; what is not UTF-8, or is cut, is decoded one by one."""
    starts, ends = malformed[:, START], malformed[:, END]
    lossy = ((malformed[:, MARKS] & UNDECODABLE) != 0) | (ends - starts > SHOWN)
    lossy |= codec != "utf-8"
    clean = pl.Series(_clean_texts(text, starts, np.where(lossy, starts, ends)), dtype=pl.String)
    if not lossy.any():
        return clean
    shown = [
        text[a : min(a + SHOWN, b)].tobytes().decode(codec, "replace")
        for a, b in zip(starts[lossy].tolist(), ends[lossy].tolist(), strict=True)
    ]
    return clean.scatter(np.flatnonzero(lossy), shown)


def _clean_texts(text: Bytes, starts: Numbers, ends: Numbers) -> pa.Array:
    """Return valid UTF-8 ranges as one Arrow array, without touching them one by one."""
    parts = ranges(starts, ends)
    out = np.empty(int(parts.offsets[-1]), np.uint8)
    if len(out):
        gather(text, parts, (0, len(out)), out)
    buffers = (pa.py_buffer(parts.offsets), pa.py_buffer(out))
    return pa.LargeStringArray.from_buffers(len(starts), *buffers)
