"""A sheet of a workbook as text cells, read here or in a process of its own.

A damaged xls or an odd xlsx can end the process that reads it (an allocation of many GB, an
assertion of the library): these are read apart, in bounded memory and time. Keep out: headers and
records (workbook).
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from ingestion.old_book import OddBook
from ingestion.old_scan import scan_old

OLD = b"\xd0\xcf\x11\xe0"  # how an xls begins
FAULTY = "_faulty"  # what is wrong with a row, as bits: here 1, more in sheet_scan
MEMORY, SECONDS = 6 << 30, 300  # of the process that reads apart; 65,536 rows take a fraction


class SheetError(Exception):
    """A workbook that cannot be read; `sheets` are its own when only the declared one lacks."""

    def __init__(self, why: str, sheets: tuple[str, ...] = ()) -> None:
        super().__init__(why)
        self.sheets = sheets


@dataclass(frozen=True)
class Told:
    """What a workbook says of its sheets: which one was read, whether it is hidden, the others."""

    hidden: bool
    others: tuple[str, ...]
    parts: tuple[str, ...] = ()  # hidden rows, hidden columns, of an xls
    since_1904: bool = False
    unseen: str | None = None  # why an xls was not looked through


def load(path: Path, sheet: str | None) -> tuple[pl.DataFrame, Told]:
    """Return the sheet's cells as text, header rows included, and 1 for rows with an error.

    Where none is named, it is the first that can be seen.
    """
    import fastexcel  # 0.1 s, and most deliveries are no workbooks

    try:
        # A name with an ending decides which reader is used: what counts is the content.
        book = fastexcel.read_excel(path.read_bytes() if path.suffix else path)
        names = tuple(book.sheet_names)
        if sheet is not None and sheet not in names:
            raise SheetError(f"has no sheet '{sheet}'", names)
        found = _first(book, [sheet] if sheet is not None else list(names))
        cells, errors = found.to_arrow_with_errors()
    except fastexcel.FastExcelError as error:
        raise SheetError(str(error).splitlines()[0]) from error
    frame = pl.DataFrame(cells)
    faulty = {error.position[0] for error in errors.errors} if errors else set()
    marked = pl.int_range(len(frame)).is_in(faulty).cast(pl.UInt8).alias(FAULTY)
    told = Told(found.visible != "visible", tuple(name for name in names if name != found.name))
    return _looked_through(path, found.name, frame.with_columns(marked), told)


def _looked_through(
    path: Path, sheet: str, frame: pl.DataFrame, told: Told
) -> tuple[pl.DataFrame, Told]:
    """Mark what an xls says beside its values; an xlsx was looked through before."""
    with path.open("rb") as file:
        if file.read(len(OLD)) != OLD:
            return frame, told
    try:
        found = scan_old(path.read_bytes(), sheet)
    except OddBook as error:
        return frame, replace(told, unseen=str(error))
    if found is None:
        return frame, replace(told, unseen="not as Excel 97 and later write it")
    scan, since_1904 = found
    marks = pl.Series(FAULTY, scan.rows_marked(len(frame)), pl.UInt8)
    said = replace(told, parts=tuple(sorted(scan.hidden)), since_1904=since_1904)
    return frame.with_columns(pl.col(FAULTY) | marks), said


def _first(book: Any, names: list[str]) -> Any:  # noqa: ANN401 - the library's own
    """Return the first sheet that can be seen, or the first of all."""
    sheets = (book.load_sheet(n, header_row=None, skip_rows=0, dtypes="string") for n in names)
    first = None
    for sheet in sheets:
        if sheet.visible == "visible":
            return sheet
        first = first or sheet
    return first


def load_apart(path: Path, sheet: str | None, target: Path) -> tuple[pl.DataFrame, Told]:
    """Return what `load` does, read by another process into a scratch file."""
    words = [sys.executable, "-P", "-m", "ingestion.sheet", str(path), str(target), sheet or ""]
    try:
        ran = subprocess.run(words, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - our own module
    except subprocess.TimeoutExpired as error:
        raise SheetError(f"not read within {SECONDS} s") from error
    try:
        said = json.loads(ran.stdout)
        if ran.returncode == 0:
            said |= {"others": tuple(said["others"]), "parts": tuple(said["parts"])}
            return pl.read_parquet(target), Told(**said)
        raise SheetError(said["why"], tuple(said["sheets"]))
    except ValueError:
        raise SheetError("its parts contradict each other") from None


def _main(path: str, target: str, sheet: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        frame, told = load(Path(path), sheet or None)
        frame.write_parquet(target)
    except SheetError as error:
        sys.stdout.write(json.dumps({"why": str(error), "sheets": error.sheets}))
        return 1
    sys.stdout.write(json.dumps(asdict(told)))
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
