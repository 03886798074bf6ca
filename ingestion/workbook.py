"""Reading an xlsx delivery: one sheet, every cell as text, its header on one or several rows.

Keep out: types of items (conform), which knows Excel's days.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.schema import ROW, RULES, SOURCE
from ingestion.candidate import Cells
from ingestion.delivery import DeliveryRefused
from ingestion.header import known_titles, match
from ingestion.levels import join_levels
from ingestion.mapped import empty
from ingestion.source import Source

FAULTY = "_faulty"
UNPACKED_LIMIT = 4 << 30  # bytes: a sheet of a million rows takes a tenth of it


def read_workbook(entry: Entry, source: Source) -> Cells:
    """Return the text cells of a workbook; DeliveryRefused when it cannot be read."""
    _check_archive(source)
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
        matched.notes,
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


def _check_archive(source: Source) -> None:
    """Refuse what is no complete zip archive, or would unpack to more than fits."""
    if source.path.stat().st_size == 0:
        raise empty(source.name)
    try:
        with zipfile.ZipFile(source.path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile as error:
        raise _truncated(source.name, str(error)) from error
    if unpacked > UNPACKED_LIMIT:
        raise DeliveryRefused(
            "unreadable",
            f"{source.name}: unpacks to {unpacked >> 20} MiB — deliver such amounts as CSV",
        )


def _truncated(file_name: str, why: str) -> DeliveryRefused:
    return DeliveryRefused(
        "truncated_xlsx",
        f"{file_name}: not a complete xlsx workbook ({why[:120]}) — deliver it again, and check "
        "that the transfer ended",
    )


def _sheet(entry: Entry, source: Source) -> pl.DataFrame:
    """Return the sheet's cells as text, header rows included, and which rows hold an error."""
    import fastexcel  # 0.1 s, and most deliveries are no workbooks

    try:
        book = fastexcel.read_excel(Path(source.path))
        name = entry.origin.sheet or book.sheet_names[0]
        if name not in book.sheet_names:
            raise DeliveryRefused(
                "wrong_resource",
                f"{source.name}: has no sheet '{name}' but {', '.join(book.sheet_names)} — name "
                f"the sheet as the catalog entry {entry.name} declares",
            )
        sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        cells, errors = sheet.to_arrow_with_errors()
    except fastexcel.FastExcelError as error:
        raise _truncated(source.name, str(error).splitlines()[0]) from error
    frame = pl.DataFrame(cells)
    faulty = {error.position[0] for error in errors.errors} if errors else set()
    return frame.with_columns(pl.int_range(len(frame)).is_in(faulty).alias(FAULTY))


def _without_nameless(columns: list[str], body: pl.DataFrame) -> tuple[list[str], pl.DataFrame]:
    """Leave out columns that have neither title nor values, which formatting leaves behind."""
    kept = [
        place
        for place, title in enumerate(columns)
        if title.strip() or body.to_series(place).null_count() < len(body)
    ]
    return [columns[place] for place in kept], body.select(pl.nth(kept))
