"""A delivery written anew for the fast lane: another dialect made plain, repaired records put in.

Malformed records leave a mark in their place, so that records keep their numbers. Keep out:
what a repair is (repair.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from ingestion.delimited.delivered import Delivered
from ingestion.delimited.dialect import CANONICAL, Dialect, spell
from ingestion.delimited.machine import MARKS, NEXT, NUMBER, START
from ingestion.delimited.marks import BLANK, LINE_LIMIT, TITLED
from ingestion.delimited.respell import WINDOW, respelled
from ingestion.delimited.scan import Scanned, Shape
from ingestion.mapped import release

MALFORMED = b"\0\n"  # a record that no reader takes for a good one


def plain_dialect(text: Delivered) -> Dialect:
    """Return the dialect that a text is rewritten in: its own where the fast lane reads it."""
    return text.dialect if text.dialect.plain else CANONICAL


def rewrite(
    text: Delivered, start: int, scanned: Scanned, *, repaired: Mapping[int, str], target: Path
) -> None:
    """Write the good records, the repaired ones and marks for the malformed."""
    at = start
    with target.open("wb", buffering=1 << 20) as file:
        for row in scanned.odd:
            _copy(text, at, int(row[START]), file)
            at = int(row[NEXT])
            if not row[MARKS] & (BLANK | TITLED):
                line = repaired.get(int(row[NUMBER]))
                file.write(MALFORMED if line is None else f"{line}\n".encode())
        _copy(text, at, len(text.bytes), file)


def _copy(text: Delivered, start: int, stop: int, file: BinaryIO) -> None:
    """Write good records: as they are, or in the dialect of the fast lane."""
    if start >= stop:
        return
    if not text.dialect.plain:
        for part in respelled(text.spelled, start, stop):
            file.write(part)
        return
    for at in range(start, stop, WINDOW):
        file.write(text.bytes[at : min(at + WINDOW, stop)].data)
    release(text.bytes, start, stop)


def spell_out(cells: tuple[str, ...], dialect: Dialect) -> str | None:
    """Return repaired cells as a record, where the dialect can write them on one line."""
    line = spell(cells, dialect)
    return line if line and len(line.encode()) <= LINE_LIMIT else None


def shape(width: int) -> Shape:
    """Return the shape of a rewritten text's records, which quotes may have made longer."""
    return Shape(width, 3 * LINE_LIMIT)
