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
from pathlib import Path

import polars as pl

FAULTY = "_faulty"  # what is wrong with a row, as bits: here 1, more in sheet_scan
MEMORY, SECONDS = 6 << 30, 300  # of the process that reads apart; 65,536 rows take a fraction


class SheetError(Exception):
    """A workbook that cannot be read; `sheets` are its own when only the declared one lacks."""

    def __init__(self, why: str, sheets: tuple[str, ...] = ()) -> None:
        super().__init__(why)
        self.sheets = sheets


def load(path: Path, sheet: str | None) -> pl.DataFrame:
    """Return the sheet's cells as text, header rows included, and 1 for rows with an error."""
    import fastexcel  # 0.1 s, and most deliveries are no workbooks

    try:
        # A name with an ending decides which reader is used: what counts is the content.
        book = fastexcel.read_excel(path.read_bytes() if path.suffix else path)
        name = sheet or book.sheet_names[0]
        if name not in book.sheet_names:
            raise SheetError(f"has no sheet '{name}'", tuple(book.sheet_names))
        found = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        cells, errors = found.to_arrow_with_errors()
    except fastexcel.FastExcelError as error:
        raise SheetError(str(error).splitlines()[0]) from error
    frame = pl.DataFrame(cells)
    faulty = {error.position[0] for error in errors.errors} if errors else set()
    return frame.with_columns(pl.int_range(len(frame)).is_in(faulty).cast(pl.UInt8).alias(FAULTY))


def load_apart(path: Path, sheet: str | None, target: Path) -> pl.DataFrame:
    """Return what `load` does, read by another process into a scratch file."""
    words = [sys.executable, "-P", "-m", "ingestion.sheet", str(path), str(target), sheet or ""]
    try:
        ran = subprocess.run(words, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - our own module
    except subprocess.TimeoutExpired as error:
        raise SheetError(f"not read within {SECONDS} s") from error
    if ran.returncode == 0:
        return pl.read_parquet(target)
    try:
        said = json.loads(ran.stdout)
        raise SheetError(said["why"], tuple(said["sheets"]))
    except ValueError:
        raise SheetError("its parts contradict each other") from None


def _main(path: str, target: str, sheet: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        load(Path(path), sheet or None).write_parquet(target)
    except SheetError as error:
        sys.stdout.write(json.dumps({"why": str(error), "sheets": error.sheets}))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
