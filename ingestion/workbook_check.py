"""Looking at a workbook before it is read: whole, of a bearable size, and which sheet is meant.

Keep out: its values (workbook).
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from ingestion.book_parts import Book, BrokenBook, Page, read_book
from ingestion.delivery import DeliveryRefused
from ingestion.mapped import empty
from ingestion.sheet import FAULTY, Told, load, load_apart
from ingestion.sheet_scan import Scan, scan_sheet
from ingestion.source import Source
from ingestion.unpacking import Allowance

UNPACKED_LIMIT = 4 << 30  # bytes: a sheet of a million rows takes a tenth of it
OLD_LIMIT = 512 << 20  # bytes of an xls, whose sheets end at 65,536 rows
HERE = 1 << 20  # cells of a sheet that is read in this process: any office's
HIDDEN = "the sheet is hidden, and was read"
SINCE_1904 = "days are counted from 1904: numbers are no dates"
NAMED = 5  # other sheets that a note names
BLOCK = 1 << 20
COMPOUND = b"\xd0\xcf\x11\xe0"  # how an xls begins, and what a password makes of an xlsx


@dataclass(frozen=True)
class Checked:
    """What is known of a workbook before it is read."""

    sheet: str | None = None  # which one to read, where nothing is declared
    scan: Scan | None = None
    notes: tuple[str, ...] = ()
    since_1904: bool = False

    @property
    def apart(self) -> bool:
        """Tell whether it is read by a process of its own."""
        scan = self.scan
        return scan is None or scan.odd or scan.rows * scan.columns > HERE


def check_old(source: Source) -> Checked:
    """Refuse an xls that would take more memory than there is."""
    size = source.path.stat().st_size
    if size == 0:
        raise empty(source.name)
    if size > OLD_LIMIT:
        raise _too_much(source.name, size)
    return Checked()


def check_workbook(source: Source, declared: str | None) -> Checked:
    """Look through an xlsx; DeliveryRefused when it is no complete one, or takes too much."""
    if source.path.stat().st_size == 0:
        raise empty(source.name)
    try:
        with zipfile.ZipFile(source.path) as archive:
            _check_size(source, archive)
            book = read_book(archive)
            page = _page(book, declared)
            scan = None if page is None else scan_sheet(archive, page.path, source.name)
            _check_whole(archive, set() if page is None else {page.path})
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, BrokenBook) as error:
        raise truncated(source.name, _why(source, error)) from error
    except (NotImplementedError, RuntimeError) as error:
        raise truncated(source.name, f"packed as no spreadsheet does: {error}") from error
    sheet = None if page is None else page.name
    notes = _notes(book, page, scan, told=declared is not None)
    return Checked(sheet, scan, notes, book.since_1904)


def read_sheet(
    source: Source, checked: Checked, declared: str | None
) -> tuple[pl.DataFrame, Checked]:
    """Return the sheet's cells as text, header rows included, with what is wrong; and the rest."""
    name = checked.sheet or declared
    if checked.apart:
        frame, told = load_apart(source.path, name, source.scratch_file(".sheet"))
    else:
        frame, told = load(source.path, name)
    if checked.scan is None:  # an xls says of itself what its reader finds out
        notes = tuple(_of_old(told, declared=declared))
        return frame, replace(checked, notes=notes, since_1904=told.since_1904)
    marks = pl.Series(FAULTY, checked.scan.rows_marked(len(frame)), pl.UInt8)
    return frame.with_columns(pl.col(FAULTY) | marks), checked


def truncated(file_name: str, why: str, of: str | None = "xlsx") -> DeliveryRefused:
    """Return the refusal of what is no complete workbook."""
    return DeliveryRefused(
        "truncated_xlsx",
        f"{file_name}: not a complete {of} workbook ({why[:120]}) — deliver it again, and check "
        "that the transfer ended",
    )


def _check_size(source: Source, archive: zipfile.ZipFile) -> None:
    unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > UNPACKED_LIMIT:
        raise _too_much(source.name, unpacked)
    Allowance(source).check(unpacked)


def _check_whole(archive: zipfile.ZipFile, done: set[str]) -> None:
    """Unpack every part once, in blocks: a part that is damaged or larger than it says breaks."""
    for member in archive.infolist():
        if member.filename not in done:
            with archive.open(member) as stream:
                while stream.read(BLOCK):
                    pass


def _page(book: Book, declared: str | None) -> Page | None:
    """Return the declared sheet, or the first that can be seen."""
    if declared is not None:
        return next((page for page in book.pages if page.name == declared), None)
    return next((page for page in book.pages if not page.hidden), book.pages[0])


def _notes(book: Book, page: Page | None, scan: Scan | None, *, told: bool) -> tuple[str, ...]:
    """Say what of the workbook a reader may not see, or was not read."""
    notes = [HIDDEN] if page is not None and page.hidden else []
    if scan is not None:
        notes.extend(f"hidden {what} were read like others" for what in sorted(scan.hidden))
    if not told:
        notes.extend(_others(tuple(other.name for other in book.pages if other is not page)))
    if book.since_1904:
        notes.append(SINCE_1904)
    return tuple(notes)


def _of_old(told: Told, *, declared: str | None) -> Iterator[str]:
    """Say of an xls what is said of an xlsx before it is read."""
    if told.hidden:
        yield HIDDEN
    yield from (f"hidden {what} were read like others" for what in told.parts)
    yield from () if declared is not None else _others(told.others)
    if told.since_1904:
        yield SINCE_1904
    if told.unseen is not None:
        yield f"not looked through for merged cells and changed numbers: {told.unseen}"


def _others(names: tuple[str, ...]) -> tuple[str, ...]:
    """Name the sheets that were not read."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return (f"sheets not read: {', '.join(names[:NAMED])}{more}",) if names else ()


def _why(source: Source, error: Exception) -> str:
    with source.path.open("rb") as file:
        if file.read(len(COMPOUND)) == COMPOUND:
            return "protected by a password, or an xls"
    return str(error)


def _too_much(file_name: str, size: int) -> DeliveryRefused:
    return DeliveryRefused(
        "unreadable", f"{file_name}: unpacks to {size >> 20} MiB — deliver such amounts as CSV"
    )
