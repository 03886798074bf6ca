"""Proposed repairs of malformed records: the one reading that makes sense of each.

Keep out: how readings are weighed (readings.py) and where a repair is applied (rewritten.py).
"""

from __future__ import annotations

from catalog.entry import Entry
from ingestion.delimited.columns import Learnt, learn
from ingestion.delimited.delivered import Delivered
from ingestion.delimited.heading import Heading
from ingestion.delimited.machine import END, MARKS, NUMBER, START, Numbers
from ingestion.delimited.marks import (
    ANOTHER,
    BLANK,
    BROKEN,
    CONTROL,
    LONE_CR,
    TITLED,
    TOO_LONG,
    UNDECODABLE,
)
from ingestion.delimited.readings import Effort, only_reading, ways_of
from ingestion.delimited.scan import Scanned
from ingestion.drift import item_of

HOPELESS = ANOTHER | BLANK | CONTROL | LONE_CR | TITLED | TOO_LONG | UNDECODABLE
PROPOSED = 1000  # records of a delivery for which a repair is proposed where none is applied
FIRST_TRIES, TRIES = 200_000, 500  # fields tried in a delivery: at all, and for each record
SAMPLE = 20_000  # cells of good records that are looked at


def proposals(
    entry: Entry, text: Delivered, heading: Heading, scanned: Scanned
) -> dict[int, tuple[str, ...]]:
    """Return the repaired cells of malformed records by record number."""
    odd = scanned.odd
    hopeful = odd[(odd[:, MARKS] & HOPELESS) == 0]
    if not entry.origin.repair:
        hopeful = hopeful[:PROPOSED]
    if not len(hopeful):
        return {}
    items = [item_of(entry, name) for name in heading.matched.names]
    columns = learn(items, _good_rows(text, heading, odd), text.dialect.quote)
    effort = Effort(FIRST_TRIES + TRIES * len(hopeful))
    repaired = ((int(row[NUMBER]), _repaired(text, columns, row, effort)) for row in hopeful)
    return {number: found for number, found in repaired if found is not None}


def _repaired(
    text: Delivered, columns: Learnt, row: Numbers, effort: Effort
) -> tuple[str, ...] | None:
    """Return the one reading of a record, in its dialect or with another delimiter."""
    line = text.line(int(row[START]), int(row[END]))
    ways = ways_of(line, text.dialect, short=not row[MARKS] & BROKEN)
    return only_reading(line, ways, columns, width=len(columns.columns), effort=effort)


def _good_rows(text: Delivered, heading: Heading, odd: Numbers) -> list[list[str]]:
    """Return the cells of the first good records."""
    width, at = len(heading.matched.names), heading.start
    starts = set(odd[:SAMPLE, START].tolist())
    rows: list[list[str]] = []
    for _ in range(SAMPLE):
        if at >= len(text.bytes) or len(rows) * width >= SAMPLE:
            break
        end, after, _ = text.cut(at, width)
        if at not in starts and (row := text.cells(at, end)) is not None and len(row) == width:
            rows.append(row)
        at = after
    return rows
