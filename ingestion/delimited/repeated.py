"""Headers inside a file: repeated ones are no data, and another table's may end the reading.

Keep out: the header at the top (heading.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from catalog.entry import Entry
from catalog.schema import SOURCE
from ingestion.delimited.delivered import Delivered
from ingestion.delimited.heading import Heading
from ingestion.delimited.kept import malformed_rows
from ingestion.delimited.machine import END, MARKS, NEXT, NUMBER, START, Numbers
from ingestion.delimited.marks import ANOTHER, BLANK, LINE_LIMIT, LONG, SHORT, TITLED, UNDECODABLE
from ingestion.delimited.scan import Scanned, Shape
from ingestion.header import normal, recognised


@dataclass(frozen=True)
class Settled:
    """The account after headers inside the file; `moved` when records have other numbers."""

    scanned: Scanned
    moved: bool = False
    notes: tuple[str, ...] = ()


def settle(entry: Entry, text: Delivered, heading: Heading, scanned: Scanned) -> Settled:
    """Return the account in which headers inside the file are no records."""
    odd = scanned.odd
    alike = np.flatnonzero(odd[:, MARKS] & TITLED)
    again = [int(place) for place in alike if _repeats(text, heading, odd[place])]
    moved = len(again) < len(alike)
    if moved:
        scanned = _counted(scanned, np.setdiff1d(alike, again))
    if entry.origin.tables == "first" and (settled := _first_table(entry, text, scanned)):
        return settled
    notes = (f"{len(again)} repeated header rows left out",) if again else ()
    return Settled(scanned, moved, notes)


def _repeats(text: Delivered, heading: Heading, row: Numbers) -> bool:
    """Tell whether a record holds the titles of a header row."""
    cells = text.cells(int(row[START]), int(row[END]))
    return cells is not None and _normal(cells) in [_normal(level) for level in heading.rows]


def _normal(cells: Iterable[str]) -> list[str]:
    return [normal(cell) for cell in cells]


def _counted(scanned: Scanned, refuted: Numbers) -> Scanned:
    """Return the account in which lines that only began like a header are records."""
    flags = np.zeros(len(scanned.odd), np.int64)
    flags[refuted] = 1
    odd = scanned.odd.copy()
    odd[:, NUMBER] += np.cumsum(flags)
    return Scanned(scanned.records + len(refuted), odd[flags == 0], ())


def _first_table(entry: Entry, text: Delivered, scanned: Scanned) -> Settled | None:
    """Return the account in which only what stands before another header is the entry's."""
    odd = scanned.odd
    headers = np.flatnonzero((odd[:, MARKS] & TITLED) != 0 | _other_headers(entry, text, odd))
    if not len(headers):
        return None
    place = int(headers[0])
    header = odd[place]
    rest = text.scan(int(header[NEXT]), Shape(-1, LINE_LIMIT))
    rest.odd[:, MARKS] &= BLANK | UNDECODABLE
    rest.odd[:, MARKS] |= np.where(rest.odd[:, MARKS] & BLANK, 0, ANOTHER)
    rest.odd[:, NUMBER] += header[NUMBER]
    first = odd[: place + 1].copy()
    if not first[place, MARKS] & TITLED:
        first[place, MARKS] = ANOTHER
    records = int(header[NUMBER]) + rest.records
    note = f"another table after record {int(header[NUMBER])}: {rest.records} records set aside"
    return Settled(Scanned(records, np.concatenate([first, rest.odd]), ()), True, (note,))


def _other_headers(entry: Entry, text: Delivered, odd: Numbers) -> Numbers:
    """Return which odd records are headers of another width: half the titles or more."""
    found = np.zeros(len(odd), bool)
    ragged = np.flatnonzero(odd[:, MARKS] & (SHORT | LONG))
    if not len(ragged):
        return found
    titles = [title for item in entry.items for title in (item.title, item.name, *item.aliases)]
    lines = malformed_rows(text.bytes, odd[ragged], text.codec)[SOURCE]
    hopeful = lines.str.contains_any(titles, ascii_case_insensitive=True)
    for place in ragged[hopeful.to_numpy()]:
        cells = text.cells(int(odd[place, START]), int(odd[place, END])) or []
        found[place] = 2 * recognised(entry, cells) >= max(len(entry.items), 2)
    return found
