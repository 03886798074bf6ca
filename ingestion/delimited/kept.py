"""Copying byte ranges: the well-formed records for the fast lane, the malformed ones as text.

Keep out: deciding which records are which (scan.py).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa

from catalog.schema import ROW, RULES, SOURCE
from ingestion.compiled import compiled
from ingestion.delimited.machine import END, MARKS, NEXT, NUMBER, START, Bytes, Numbers
from ingestion.delimited.marks import UNDECODABLE, defects

WINDOW = 8 << 20  # bytes copied at a time: bounded memory whatever the file
SHOWN = 1 << 16  # bytes of a malformed record that are kept as its text; the archive has the rest


@compiled
def gather(
    text: Bytes, starts: Numbers, offsets: Numbers, window: tuple[int, int], out: Bytes
) -> int:
    """Copy bytes [from, to) of the ranges laid end to end into `out`; return how many."""
    at, stop = window
    part = np.searchsorted(offsets, at, side="right") - 1
    written = 0
    while at < stop:
        end = min(stop, offsets[part + 1])
        source = starts[part] + at - offsets[part]
        for step in range(end - at):
            out[written + step] = text[source + step]
        written += end - at
        at = end
        part += 1
    return written


def write_kept(text: Bytes, body: int, odd: Numbers, target: Path) -> None:
    """Write the records from `body` on without the odd ones."""
    starts = np.concatenate([[body], odd[:, NEXT]]).astype(np.int64)
    ends = np.concatenate([odd[:, START], [len(text)]]).astype(np.int64)
    offsets = _offsets(starts, ends)
    out = np.empty(WINDOW, np.uint8)
    with target.open("wb") as file:
        for at in range(0, int(offsets[-1]), WINDOW):
            stop = min(at + WINDOW, int(offsets[-1]))
            file.write(out[: gather(text, starts, offsets, (at, stop), out)].data)


def malformed_rows(text: Bytes, malformed: Numbers) -> pl.DataFrame:
    """Return malformed records with their number, their text as it came and their defects."""
    marks, which = np.unique(malformed[:, MARKS], return_inverse=True)
    names = pl.Series([defects(int(mark)) for mark in marks], dtype=pl.List(pl.String))
    return pl.DataFrame(
        {
            ROW: pl.Series(malformed[:, NUMBER], dtype=pl.Int64),
            SOURCE: _texts(text, malformed),
            RULES: names.gather(which),
        },
        schema={ROW: pl.Int64, SOURCE: pl.String, RULES: pl.List(pl.String)},
    )


def _texts(text: Bytes, malformed: Numbers) -> pl.Series:
    """Return the records' text; only the undecodable and the cut ones are decoded one by one."""
    starts, ends = malformed[:, START], malformed[:, END]
    lossy = ((malformed[:, MARKS] & UNDECODABLE) != 0) | (ends - starts > SHOWN)
    clean = pl.Series(_clean_texts(text, starts, np.where(lossy, starts, ends)), dtype=pl.String)
    if not lossy.any():
        return clean
    shown = [
        text[a : min(a + SHOWN, b)].tobytes().decode("utf-8", "replace")
        for a, b in zip(starts[lossy].tolist(), ends[lossy].tolist(), strict=True)
    ]
    return clean.scatter(np.flatnonzero(lossy), shown)


def _clean_texts(text: Bytes, starts: Numbers, ends: Numbers) -> pa.Array:
    """Return valid UTF-8 ranges as one Arrow array, without touching them one by one."""
    offsets = _offsets(starts, ends)
    out = np.empty(int(offsets[-1]), np.uint8)
    if len(out):
        gather(text, np.ascontiguousarray(starts), offsets, (0, len(out)), out)
    buffers = (pa.py_buffer(offsets), pa.py_buffer(out))
    return pa.LargeStringArray.from_buffers(len(starts), *buffers)


def _offsets(starts: Numbers, ends: Numbers) -> Numbers:
    """Return where each range begins when they are laid end to end, and the total."""
    return np.concatenate([[0], np.cumsum(ends - starts)]).astype(np.int64)
