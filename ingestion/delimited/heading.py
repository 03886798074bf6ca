"""The header of a delimited delivery: which item each column is, and where records begin.

Keep out: matching titles to items (header.py) and repeats of the header (repeated.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from catalog.entry import Entry
from ingestion.delimited.columns import Titles
from ingestion.delimited.delivered import Delivered
from ingestion.delimited.marks import BLANK, LONE_CR
from ingestion.delimited.readings import TRIED, Effort, only_reading, ways_of
from ingestion.delivery import DeliveryRefused
from ingestion.header import Matched, known_titles, match
from ingestion.levels import join_levels
from ingestion.mapped import after_mark, empty


@dataclass(frozen=True)
class Heading:
    """The columns by item, the header's rows as delivered, and the offset of the first record."""

    matched: Matched
    rows: tuple[list[str], ...]
    start: int


def read_heading(entry: Entry, text: Delivered, file_name: str) -> Heading:
    """Return what the header says; DeliveryRefused when the columns are not the declared."""
    at = max(text.after_lines(entry.origin.skip_rows), after_mark(text.bytes))
    if not entry.origin.header:
        return _by_position(entry, text, at, file_name)
    rows: list[list[str]] = []
    line = ""
    while len(rows) < entry.origin.header_rows:
        if at >= len(text.bytes):
            raise empty(file_name)
        end, after, marks = text.cut(at, 1)
        if marks & LONE_CR:
            raise _lone_cr(file_name)
        if marks & BLANK == 0:
            line = text.line(at, end)
            rows.append(text.cells(at, end) or line.split(text.dialect.delimiter))
        at = after
    return Heading(_matched(entry, text, (rows, line), file_name), tuple(rows), at)


def _by_position(entry: Entry, text: Delivered, at: int, file_name: str) -> Heading:
    """Return the columns of a delivery without a header: the items in their order."""
    if at >= len(text.bytes):
        raise empty(file_name)
    return Heading(Matched(tuple(item.name for item in entry.items), ()), (), at)


def _matched(
    entry: Entry, text: Delivered, header: tuple[list[list[str]], str], file_name: str
) -> Matched:
    """Return which item each column is; a damaged header is repaired where the entry says so."""
    rows, line = header
    known = known_titles(entry)
    columns = rows[0] if len(rows) == 1 else join_levels(rows, known)
    try:
        return match(entry, columns, file_name)
    except DeliveryRefused as refusal:
        wanted = Titles(frozenset(known), text.dialect.quote)
        ways = ways_of(line, text.dialect, short=False)
        found = only_reading(
            line, ways, wanted, width=len(entry.items), effort=Effort(len(ways) * TRIED)
        )
        repaired = [wanted.title(cell) for cell in found or ()]
        if len(rows) > 1 or not repaired or len(set(repaired)) < len(repaired):
            raise
        if not entry.origin.repair:
            raise DeliveryRefused(
                refusal.kind, f"{refusal}; origin.repair: true would read {', '.join(repaired)}"
            ) from refusal
        matched = match(entry, repaired, file_name)
        return replace(matched, notes=("repaired the header", *matched.notes))


def _lone_cr(file_name: str) -> DeliveryRefused:
    return DeliveryRefused(
        "unreadable",
        f"{file_name}: its header ends in CR alone, later lines in LF — deliver it again with LF "
        "or CRLF, or let the catalog entry say origin.record_end: any",
    )
