"""Reading an amendment: corrected rows, known by the columns that citylake wrote beside them.

Each row takes the number of the record that it answers, so that it stands in its place.
Keep out: whether an answered record waits for one (orchestration), and judging.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import polars as pl

from catalog.amendment import ACT, AFTER, BEFORE, DELIVERY_ID, DISCARD, GUARDED, RECORD
from catalog.amendment import amendment_entry as of_entry
from catalog.entry import Entry
from catalog.schema import ROW, cell
from ingestion.candidate import Cells
from ingestion.conform.cells import conform
from ingestion.container import ZIP
from ingestion.delivery import DeliveryRefused
from ingestion.source import Source

ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
SHEETS = ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")
HEAD, SHEET_HEAD = 64 << 10, 4 << 20  # bytes in which a header must stand
_NEW_ROWS = "leave our columns as exported; new rows belong into a delivery of their own"
MARK = DELIVERY_ID.title.partition("（")[0]


@dataclass(frozen=True)
class Form:
    """How an amendment is written: what people's spreadsheets make of it."""

    format: Literal["csv", "xlsx"]
    encoding: str = "utf-8"
    delimiter: str = ","


@dataclass(frozen=True)
class Amendment:
    """Corrected rows of one delivery, and the records that its unit gives up."""

    delivery: str  # the one that is answered
    frame: pl.LazyFrame  # `_row` (the record answered), each item typed, and its cell
    records: int
    discarded: pl.Series  # records that are not to be delivered any more


def form_of(path: Path) -> Form | None:
    """Return how an amendment is written; None for any other file."""
    with path.open("rb") as file:
        start = file.read(HEAD)
    if start.startswith(ZIP):
        return Form("xlsx") if any(MARK.encode() in text for text in _sheets(path)) else None
    for encoding in ENCODINGS:
        if MARK.encode(encoding) in start:
            head = start.decode(encoding, errors="replace")
            line = head.splitlines()[0] if head else ""
            delimiter = max(",\t;", key=line.count)
            wide = encoding.startswith("utf-16")
            return Form("csv", "utf-16" if wide else encoding, delimiter) if MARK in line else None
    return None


def read_amendment(
    entry: Entry, path: Path, *, file_name: str, scratch: Path, form: Form
) -> Amendment:
    """Return what an amendment holds; DeliveryRefused says what its sender must mend."""
    whole = of_entry(entry, form.format, encoding=form.encoding, delimiter=form.delimiter)
    cells = _cells(whole, Source(path, file_name, scratch))
    if cells.malformed.height:
        rows = ", ".join(map(str, cells.malformed[ROW].head(10)))
        raise _refused(file_name, f"row {rows} is damaged — save the file anew as xlsx")
    # Only a CSV needs a sign before what a spreadsheet would take for a formula.
    guarded = whole.items if form.format == "csv" else ()
    unguarded = cells.frame.with_columns(
        pl.col(item.name).str.replace(GUARDED, "${1}") for item in guarded
    )
    serials = entry.origin.format in {"xlsx", "xls"}  # as they came, so they come again
    typed = conform(unguarded, whole, serials=serials, plain=cells.plain).collect()
    delivery, records = _delivery(typed, file_name), _records(typed, file_name)
    ours = [item.name for item in (*BEFORE, *AFTER)]
    frame = typed.with_columns(records).drop(*ours, *map(cell, ours))
    discarded = records.filter((typed[ACT.name] == DISCARD).fill_null(value=False))
    return Amendment(delivery, frame.lazy(), cells.records, discarded)


def _cells(whole: Entry, source: Source) -> Cells:
    if whole.origin.format == "xlsx":
        from ingestion.workbook import read_workbook

        return read_workbook(whole, source)
    from ingestion.delimited.reader import read_delimited  # numba takes 0.6 s

    return read_delimited(whole, source)


def _sheets(path: Path) -> Iterator[bytes]:
    """Walk the beginnings of a workbook's parts that may hold the header."""
    try:
        with zipfile.ZipFile(path) as book:
            for name in set(SHEETS) & set(book.namelist()):
                with book.open(name) as part:
                    yield _head(part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return  # encrypted, or no archive at all: its reader says so


def _head(part: IO[bytes]) -> bytes:
    return part.read(SHEET_HEAD)


def _delivery(typed: pl.DataFrame, file_name: str) -> str:
    """Return the one delivery that all rows name."""
    named = typed[DELIVERY_ID.name]
    if typed.is_empty():
        raise DeliveryRefused("header_only", f"{file_name}: holds no corrected rows")
    if named.null_count():
        row = typed.filter(named.is_null())[ROW][0]
        raise _refused(file_name, f"row {row} has no {DELIVERY_ID.title}: {_NEW_ROWS}")
    several = named.unique().sort()
    if len(several) > 1:
        raise _refused(
            file_name, f"answers {len(several)} deliveries — send one file for each, as exported"
        )
    return str(several[0])


def _records(typed: pl.DataFrame, file_name: str) -> pl.Series:
    """Return the record that each row answers; every one once."""
    records = typed[RECORD.name].cast(pl.Int64, strict=False).alias(ROW)
    if records.null_count():
        row = typed.filter(records.is_null())[ROW][0]
        raise _refused(file_name, f"row {row} has no {RECORD.title}: {_NEW_ROWS}")
    twice = records.filter(records.is_duplicated())
    if len(twice):
        raise _refused(file_name, f"{RECORD.title} {twice[0]} comes twice — keep one row of it")
    return records


def _refused(file_name: str, why: str) -> DeliveryRefused:
    return DeliveryRefused("answers_nothing", f"{file_name}: {why}")
