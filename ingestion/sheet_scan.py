"""What a sheet of an xlsx says beside its values: read as a stream, before anything is believed.

Refused here: what would unpack or spread to more than fits the memory. Marked: rows whose cells
have no true value. Keep out: reading values (sheet), headers and records (workbook).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ingestion.delivery import DeliveryRefused

CHUNK, CELL = 1 << 20, 64 << 20  # bytes read at a time, and of the longest cell or list of merges
ROWS, BOX = 1 << 20, 64 << 20  # rows of a sheet; cells of the rectangle that holds all values
LOST, UNVALUED, MERGED, ANOTHER = 2, 4, 8, 16  # 1 is an error of a formula
# No `<` in a tag: else a run of `<c ` without an end is looked through from each of them anew.
_P = rb"(?:\w+:)?"
_REF = rb'\br="([A-Z]{1,3})([0-9]{1,7})"'
_F = rb"<" + _P + rb"f\b(?:[^<>]*/>|[^<>]*>[^<]*</" + _P + rb"f>)\s*"
_V = rb"<" + _P + rb"v(?:\s[^<>]*)?>\s*-?"
REFS = re.compile(rb"<" + _P + rb"c\s[^<>]*?" + _REF)
CELLS = re.compile(rb"<" + _P + rb"c[\s/>]")
# A number has 15 digits in a spreadsheet: more of them were changed, as in 520102199003071000.
LONG = rb"(?:[0-9]{16,}|[0-9.]{1,20}[eE]\+?(?:1[5-9]|[2-9][0-9]|[0-9]{3}))"
NUMBER = re.compile(rb"<" + _P + rb"c(\s[^<>]*)?>\s*(?:" + _F + rb")?" + _V + LONG)
FORMULA = re.compile(
    rb"<" + _P + rb"c(\s[^<>]*)?>\s*" + _F + rb"(?:</" + _P + rb"c>|<" + _P + rb"v\s*/>|<"
    + _P + rb"v>\s*</)"
)  # fmt: skip
MERGE = re.compile(
    rb"<" + _P + rb'mergeCell\s[^<>]*?\bref="\$?([A-Z]{1,3})\$?([0-9]{1,7}):'
    rb'\$?([A-Z]{1,3})\$?([0-9]{1,7})"'
)
HIDDEN = re.compile(rb"<" + _P + rb'(row|col)\s[^<>]*?\bhidden="(?:1|true)"')
KIND = re.compile(rb'\bt="(\w+)"')


@dataclass
class Scan:
    """What is odd about a sheet: marks of its rows from 0, how wide and long it is."""

    marks: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(ROWS + 1, np.uint8))
    covered: NDArray[np.int64] = field(default_factory=lambda: np.zeros(ROWS + 2, np.int64))
    rows: int = 0
    columns: int = 0
    size: int = 0
    odd: bool = False  # written as no spreadsheet does: to be read apart
    hidden: set[str] = field(default_factory=set)

    def rows_marked(self, count: int) -> NDArray[np.uint8]:
        """Return the marks of the first rows."""
        merged = (np.cumsum(self.covered[:ROWS]) > 0) * np.uint8(MERGED)
        found = np.zeros(count, np.uint8)
        found[: min(count, ROWS)] = (self.marks[:ROWS] | merged)[:count]
        return found


def scan_sheet(archive: zipfile.ZipFile, path: str, file_name: str) -> Scan:
    """Return what is odd about the sheet at this path; DeliveryRefused when it takes too much."""
    scan = Scan()
    for piece in _pieces(archive, path, file_name):
        _bounds(scan, piece, file_name)
        _mark(scan, piece, file_name)
        for match in HIDDEN.finditer(piece):
            scan.hidden.add("rows" if match[1] == b"row" else "columns")
        for left, top, right, bottom in MERGE.findall(piece):
            first, last = (min(max(int(row), 1), ROWS) for row in (top, bottom))
            scan.covered[first if left == right else first - 1] += 1
            scan.covered[max(last, first)] -= 1
    return scan


def _pieces(archive: zipfile.ZipFile, path: str, file_name: str) -> Iterator[bytes]:
    """Walk a sheet in pieces that end with a cell."""
    left = b""
    with archive.open(path) as stream:
        while chunk := stream.read(CHUNK):
            text = left + chunk
            end = text.rfind(b"c>") + 2 if b"c>" in text else 0
            left = text[end:]
            if len(left) > CELL:
                raise _too_much(file_name, f"a cell of more than {CELL >> 20} MiB")
            if end:
                yield text[:end]
    yield left


def _bounds(scan: Scan, piece: bytes, file_name: str) -> None:
    """Take note of how far the cells of a piece reach."""
    refs = REFS.findall(piece)
    scan.size += len(piece)
    scan.odd = scan.odd or len(refs) != len(CELLS.findall(piece)) or b"\0" in piece
    if not refs:
        return
    scan.rows = max(scan.rows, *map(int, {row for _, row in refs}), 0)
    scan.columns = max(scan.columns, *map(_column, {column for column, _ in refs}), 0)
    if scan.rows > ROWS or scan.rows * scan.columns > BOX:
        raise _too_much(file_name, f"cells as far as row {scan.rows}, column {scan.columns}")


def _mark(scan: Scan, piece: bytes, file_name: str) -> None:
    """Mark the rows of cells that lost digits, and of formulas without a value."""
    for pattern, mark, texts in ((NUMBER, LOST, True), (FORMULA, UNVALUED, False)):
        for match in pattern.finditer(piece):
            attributes = match[1] or b""
            kind = KIND.search(attributes)
            if kind and (kind[1] != b"n" if texts else kind[1] == b"str"):
                continue
            ref = re.search(_REF, attributes)
            if ref is None:
                raise DeliveryRefused(
                    "unreadable",
                    f"{file_name}: a cell without a place holds a number of more than 15 digits "
                    "or a formula without a value — save the workbook anew in a spreadsheet",
                )
            scan.marks[int(ref[2]) - 1] |= mark


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _too_much(file_name: str, what: str) -> DeliveryRefused:
    return DeliveryRefused(
        "unreadable",
        f"{file_name}: {what} — delete what stands far from the table, or deliver it as CSV",
    )
