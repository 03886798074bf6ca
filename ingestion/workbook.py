"""Reading an xlsx or xls delivery: one sheet, every cell as text, header rows as declared.

Keep out: types of items (conform), which knows Excel's days.
"""

from __future__ import annotations

import zipfile

import polars as pl

from catalog.entry import Entry
from catalog.schema import ROW, RULES, SOURCE
from ingestion.candidate import Cells
from ingestion.delivery import DeliveryRefused
from ingestion.header import known_titles, match
from ingestion.levels import join_levels
from ingestion.mapped import empty
from ingestion.sheet import FAULTY, SheetError, load, load_apart
from ingestion.source import Source

UNPACKED_LIMIT = 4 << 30  # bytes: a sheet of a million rows takes a tenth of it
OLD_LIMIT = 512 << 20  # bytes of an xls, whose sheets end at 65,536 rows


def read_workbook(entry: Entry, source: Source) -> Cells:
    """Return the text cells of a workbook; DeliveryRefused when it cannot be read."""
    _check_size(source, entry.origin.format)
    lines = _sheet(entry, source).slice(entry.origin.skip_rows)
    lines = lines.filter(pl.col(FAULTY) | pl.any_horizontal(pl.exclude(FAULTY).is_not_null()))
    if lines.is_empty():
        raise empty(source.name)
    header = entry.origin.header_rows if entry.origin.header else 0
    columns = _titles(entry, lines.drop(FAULTY).head(header))
    body = lines.slice(header).with_row_index(ROW, offset=1)
    columns, cells = _without_nameless(columns, body.drop(ROW, FAULTY))
    matched = match(entry, columns, source.name)
    cells.columns = list(matched.names)
    numbered = cells.insert_column(0, body[ROW].cast(pl.Int64))
    faulty = body[FAULTY]
    return Cells(
        numbered.filter(~faulty).lazy(), len(body), _faulty_rows(numbered.filter(faulty)),
        matched.notes, missing=matched.missing,
    )  # fmt: skip


def _titles(entry: Entry, head: pl.DataFrame) -> list[str]:
    """Return the titles of the columns: from the rows of the header, else the items in order."""
    if head.is_empty():
        declared = [item.title for item in entry.items]
        return (declared + [""] * head.width)[: max(head.width, len(declared))]
    levels = [["" if title is None else title for title in row] for row in head.rows()]
    return levels[0] if len(levels) == 1 else join_levels(levels, known_titles(entry))


def _faulty_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with a formula's error (#N/A) in a cell as malformed: it is no value at all."""
    return rows.select(
        ROW,
        pl.concat_str(pl.exclude(ROW).fill_null(""), separator="\t").alias(SOURCE),
        pl.lit(["embedded_junk"]).alias(RULES),
    )


def _check_size(source: Source, of: str | None) -> None:
    """Refuse what is no complete zip archive, or would take more memory than there is."""
    size = source.path.stat().st_size
    if size == 0:
        raise empty(source.name)
    if of == "xls" and not zipfile.is_zipfile(source.path):
        if size > OLD_LIMIT:
            raise _too_much(source.name, size)
        return
    try:
        with zipfile.ZipFile(source.path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile as error:
        raise _truncated(source.name, str(error)) from error
    if unpacked > UNPACKED_LIMIT:
        raise _too_much(source.name, unpacked)


def _too_much(file_name: str, size: int) -> DeliveryRefused:
    return DeliveryRefused(
        "unreadable", f"{file_name}: unpacks to {size >> 20} MiB — deliver such amounts as CSV"
    )


def _truncated(file_name: str, why: str, of: str | None = "xlsx") -> DeliveryRefused:
    return DeliveryRefused(
        "truncated_xlsx",
        f"{file_name}: not a complete {of} workbook ({why[:120]}) — deliver it again, and check "
        "that the transfer ended",
    )


def _sheet(entry: Entry, source: Source) -> pl.DataFrame:
    """Return the sheet's cells as text, header rows included, and which rows hold an error."""
    origin = entry.origin
    try:
        if origin.format == "xls":
            return load_apart(source.path, origin.sheet, source.scratch_file(".sheet"))
        return load(source.path, origin.sheet)
    except SheetError as error:
        if not error.sheets:
            raise _truncated(source.name, str(error), origin.format) from error
        raise DeliveryRefused(
            "wrong_resource",
            f"{source.name}: {error} but {', '.join(error.sheets)} — name the sheet as the "
            f"catalog entry {entry.name} declares",
        ) from error


def _without_nameless(columns: list[str], body: pl.DataFrame) -> tuple[list[str], pl.DataFrame]:
    """Leave out columns that have neither title nor values, which formatting leaves behind."""
    kept = [
        place
        for place, title in enumerate(columns)
        if title.strip() or body.to_series(place).null_count() < len(body)
    ]
    return [columns[place] for place in kept], body.select(pl.nth(kept))
