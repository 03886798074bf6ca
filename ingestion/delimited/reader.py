"""Reading a delimited delivery: header, account of the records, good ones through the fast lane.

Keep out: types of items (conform) and the state machine.
"""

from __future__ import annotations

import csv

import numpy as np

from catalog.entry import Entry
from ingestion.candidate import Cells, no_malformed
from ingestion.delimited.kept import malformed_rows
from ingestion.delimited.lane import Lane
from ingestion.delimited.machine import Bytes, Text, classes, record
from ingestion.delimited.marks import BLANK, LINE_LIMIT, LONE_CR, UNDECODABLE
from ingestion.delimited.scan import Scanned, Shape, scan
from ingestion.delivery import DeliveryRefused
from ingestion.encodings import as_utf8, refusal
from ingestion.header import known_titles, match
from ingestion.levels import join_levels
from ingestion.mapped import after_mark, empty, mapped
from ingestion.source import Source


def read_delimited(entry: Entry, source: Source) -> Cells:
    """Return the text cells of a CSV delivery; DeliveryRefused when it cannot be read."""
    path = as_utf8(entry, source)
    text = Text(mapped(path, source.name), classes(entry.origin.delimiter, entry.origin.quote))
    columns, start = read_header(entry, text, source.name)
    matched = match(entry, columns, source.name)
    scanned = scan(text, start, Shape(len(columns), LINE_LIMIT))
    _check_undecodable(entry, scanned, source.name)
    malformed = scanned.malformed
    lane = Lane(entry, text, matched.names, scanned)
    return Cells(
        lane.frame(),
        scanned.records,
        malformed_rows(text.bytes, malformed) if len(malformed) else no_malformed(),
        (*_marked(text.bytes), *matched.notes),
        plain=lane.plain,
    )


def read_header(entry: Entry, text: Text, file_name: str) -> tuple[list[str], int]:
    """Return the titles of the columns and the offset at which the records begin."""
    at = _after_preamble(text.bytes, entry.origin.skip_rows)
    at = max(at, after_mark(text.bytes))
    levels: list[list[str]] = []
    while len(levels) < entry.origin.header_rows:
        if at >= len(text.bytes):
            raise empty(file_name)
        end, after, marks = record(text, at, 1)
        if marks & LONE_CR:
            raise _unreadable(file_name, "its lines end in CR alone", "with LF or CRLF")
        if marks & BLANK == 0:
            line = text.bytes[at : min(end, at + LINE_LIMIT)].tobytes()
            levels.append(_titles(entry, line, file_name))
        at = after
    if len(levels) == 1:
        return levels[0], at
    return join_levels(levels, known_titles(entry)), at


def _after_preamble(text: Bytes, lines: int) -> int:
    """Return the offset after so many lines."""
    at = 0
    for _ in range(lines):
        hits = np.flatnonzero(text[at : at + LINE_LIMIT] == 10)
        at = at + int(hits[0]) + 1 if len(hits) else len(text)
    return at


def _titles(entry: Entry, line: bytes, file_name: str) -> list[str]:
    """Return the fields of a header record."""
    rows = csv.reader(
        [line.decode("utf-8", "replace")],
        delimiter=entry.origin.delimiter,
        quotechar=entry.origin.quote or None,
        quoting=csv.QUOTE_MINIMAL if entry.origin.quote else csv.QUOTE_NONE,
    )
    try:
        return next(rows, [])
    except csv.Error as error:
        raise _unreadable(file_name, f"its header cannot be read ({error})", "complete") from error


def _unreadable(file_name: str, why: str, how: str) -> DeliveryRefused:
    return DeliveryRefused("unreadable", f"{file_name}: {why} — deliver it again, {how}")


def _marked(text: Bytes) -> tuple[str, ...]:
    """Return a note where there is a byte order mark."""
    return ("byte order mark before the header",) if after_mark(text) else ()


def _check_undecodable(entry: Entry, scanned: Scanned, file_name: str) -> None:
    """Refuse a file most of whose records cannot be decoded: that is no accident of a row."""
    undecodable = int(((scanned.odd[:, -1] & UNDECODABLE) != 0).sum())
    if undecodable >= 10 and 2 * undecodable > scanned.records:
        seen = f"{undecodable} of {scanned.records} records cannot be decoded"
        raise refusal(entry, file_name, seen)
