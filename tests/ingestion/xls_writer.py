"""A minimal xls workbook for tests: BIFF8 records in an OLE2 file, as Excel 97 wrote them."""

from __future__ import annotations

import struct
from collections.abc import Sequence

SECTOR, FREE, END, FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Cell = str | float


def workbook(
    rows: Sequence[Sequence[Cell]],
    sheet: str = "Sheet1",
    *,
    before: Sequence[str] = (),
    hidden: Sequence[str] = (),
    more: bytes = b"",
    days: int = 0,
) -> bytes:
    """Return an xls file with one sheet of texts and numbers, and others of one cell before it.

    `more` are records at the end of the sheet; days 1: counted from 1904.
    """
    bodies = [(name, sheet_of([["others"]])) for name in before]
    return _ole(_book([*bodies, (sheet, sheet_of(rows, more))], hidden, days))


def merged(top: int, bottom: int, left: int, right: int) -> bytes:
    """Return the record of one range of merged cells."""
    return record(0x00E5, struct.pack("<5H", 1, top, bottom, left, right))


def hidden_row(row: int) -> bytes:
    """Return the record of a row that is not shown."""
    return record(0x0208, struct.pack("<8H", row, 0, 3, 255, 0, 0, 0x20, 0))


def hidden_columns(first: int, last: int) -> bytes:
    """Return the record of columns that are not shown."""
    return record(0x007D, struct.pack("<6H", first, last, 2048, 0, 1, 0))


def record(kind: int, content: bytes = b"") -> bytes:
    """Return a record of the workbook stream."""
    return struct.pack("<HH", kind, len(content)) + content


def _begin(what: int) -> bytes:
    return record(0x0809, struct.pack("<HHHHII", 0x0600, what, 0x0DBB, 0x07CC, 0, 6))


def _book(sheets: Sequence[tuple[str, bytes]], hidden: Sequence[str], days: int) -> bytes:
    head, end = _begin(0x0005) + record(0x0042, struct.pack("<H", 1200)), record(0x000A)
    head += record(0x0022, struct.pack("<H", days))
    at = len(head) + sum(len(_bound(0, name)) for name, _ in sheets) + len(end)
    bounds = b""
    for name, body in sheets:
        bounds += _bound(at, name, state=int(name in hidden))
        at += len(body)
    return head + bounds + end + b"".join(body for _, body in sheets)


def _bound(at: int, sheet: str, *, state: int = 0) -> bytes:
    name = sheet.encode("utf-16-le")
    return record(0x0085, struct.pack("<IBBBB", at, state, 0, len(sheet), 1) + name)


def sheet_of(rows: Sequence[Sequence[Cell]], more: bytes = b"") -> bytes:
    """Return the records of a sheet."""
    columns = max(map(len, rows))
    cells = [record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, columns, 0))]
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(value, str):
                text = value.encode("utf-16-le")
                cells.append(record(0x0204, place + struct.pack("<HB", len(value), 1) + text))
            else:
                cells.append(record(0x0203, place + struct.pack("<d", value)))
    return _begin(0x0010) + b"".join(cells) + more + record(0x000A)


def _ole(stream: bytes) -> bytes:
    """Put a stream called Workbook into an OLE2 file: header, its sectors, directory, FAT."""
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    count = len(stream) // SECTOR
    chain = [*range(1, count), END, END, FAT]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    directory = _entry("Root Entry", 5, END, 0, child=1) + _entry("Workbook", 2, 0, len(stream))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHHHIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, 1)
    header += struct.pack("<IIIIIIII", count, 0, 4096, END, 0, END, 0, count + 1)
    return header.ljust(SECTOR, b"\xff") + stream + directory.ljust(SECTOR, b"\0") + fat


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    links = struct.pack("<BBIII", kind, 1, FREE, FREE, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<H", len(text))
        + links
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )
