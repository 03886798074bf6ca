"""What a sheet of an xls says beside its values: what scan_sheet finds in an xlsx.

All formulas of an xls have values. Keep out: the container (old_book), and values (sheet).
"""

from __future__ import annotations

import struct

from ingestion.old_book import OddBook, records, workbook_stream
from ingestion.sheet_scan import LOST, Scan

BOF, EOF, SHEET, DAYS = 0x0809, 0x000A, 0x0085, 0x0022
NUMBER, FORMULA, MERGES, LINE, COLUMNS = 0x0203, 0x0006, 0x00E5, 0x0208, 0x007D
SAFE = 1e15  # a number has 15 digits in a spreadsheet: more of them were changed
OLD_ROWS = 1 << 16


def scan_old(content: bytes, sheet: str) -> tuple[Scan, bool] | None:
    """Return what is odd about a sheet, and whether days count from 1904; None if not told.

    OddBook where the container contradicts itself.
    """
    stream = workbook_stream(content)
    if stream is None:
        return None
    places, since_1904 = _globals(stream)
    if sheet not in places:
        return None
    scan = Scan()
    try:
        _walk(stream, places[sheet], scan)
    except (struct.error, IndexError) as error:
        raise OddBook(str(error)) from error
    return scan, since_1904


def _globals(stream: bytes) -> tuple[dict[str, int], bool]:
    """Return where each sheet begins, and whether days count from 1904."""
    places: dict[str, int] = {}
    since_1904 = False
    for kind, at, length in records(stream, 0):
        if kind == EOF:
            break
        if kind == DAYS and length >= 2:
            since_1904 = stream[at] == 1
        if kind == SHEET and length >= 8:
            start, count, wide = (
                *struct.unpack_from("<I", stream, at),
                stream[at + 6],
                stream[at + 7],
            )
            name = stream[at + 8 : at + 8 + count * (2 if wide & 1 else 1)]
            places[name.decode("utf-16-le" if wide & 1 else "latin-1", "replace")] = start
    return places, since_1904


def _walk(stream: bytes, start: int, scan: Scan) -> None:
    """Mark the rows of one sheet; charts in it have a beginning and an end of their own."""
    depth = 0
    for kind, at, length in records(stream, start):
        depth += (kind == BOF) - (kind == EOF)
        if depth == 0:
            return
        if depth > 1:
            continue
        if kind in (NUMBER, FORMULA) and length >= 14:
            _number(stream, at, kind, scan)
        elif kind == MERGES:
            _merge(stream, at, scan)
        elif kind in (LINE, COLUMNS) and length >= 10:
            _hidden(stream, at, kind, scan)


def _number(stream: bytes, at: int, kind: int, scan: Scan) -> None:
    """Mark a number with more digits than a spreadsheet keeps; a formula may be of a text."""
    row, _, _, value = struct.unpack_from("<HHHd", stream, at)
    is_text = kind == FORMULA and stream[at + 12 : at + 14] == b"\xff\xff"
    if not is_text and abs(value) >= SAFE:
        scan.marks[row] |= LOST


def _hidden(stream: bytes, at: int, kind: int, scan: Scan) -> None:
    what, place, bit = ("rows", 12, 0x20) if kind == LINE else ("columns", 8, 1)
    if stream[at + place] & bit:
        scan.hidden.add(what)


def _merge(stream: bytes, at: int, scan: Scan) -> None:
    (count,) = struct.unpack_from("<H", stream, at)
    for place in range(count):
        top, bottom, left, right = struct.unpack_from("<4H", stream, at + 2 + 8 * place)
        first, last = min(top, OLD_ROWS - 1), min(bottom, OLD_ROWS - 1)
        scan.covered[first + 1 if left == right else first] += 1
        scan.covered[max(first, last) + 1] -= 1
