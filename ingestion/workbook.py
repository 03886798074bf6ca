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
from ingestion.sheet import FAULTY, SheetError
from ingestion.sheet_scan import ANOTHER, LOST, MERGED, UNVALUED
from ingestion.sheet_tables import settle
from ingestion.source import Source
from ingestion.workbook_check import Checked, check_old, check_workbook, read_sheet, truncated

REASONS = {
    1: "embedded_junk", LOST: "lost_digits", UNVALUED: "no_value", MERGED: "merged_cells",
    ANOTHER: "another_table",
}  # fmt: skip


def read_workbook(entry: Entry, source: Source) -> Cells:
    """Return the text cells of a workbook; DeliveryRefused when it cannot be read."""
    old = entry.origin.format == "xls" and not zipfile.is_zipfile(source.path)
    checked = check_old(source) if old else check_workbook(source, entry.origin.sheet)
    sheet, checked = _sheet(entry, source, checked)
    lines = sheet.slice(entry.origin.skip_rows)
    # A merged cell that covers a row without values only makes the one above it higher.
    told = (pl.col(FAULTY) & ~pl.lit(MERGED, pl.UInt8)) > 0
    lines = lines.filter(told | pl.any_horizontal(pl.exclude(FAULTY).is_not_null()))
    if lines.is_empty():
        raise empty(source.name)
    header = entry.origin.header_rows if entry.origin.header else 0
    columns = _titles(entry, lines.drop(FAULTY).head(header))
    settled = settle(entry, lines.head(header), lines.slice(header))
    body = settled.body.with_row_index(ROW, offset=1)
    columns, cells = _without_nameless(columns, body.drop(ROW, FAULTY))
    matched = match(entry, columns, source.name)
    cells.columns = list(matched.names)
    numbered = cells.insert_column(0, body[ROW].cast(pl.Int64)).insert_column(1, body[FAULTY])
    faulty = pl.col(FAULTY) > 0
    return Cells(
        numbered.filter(~faulty).drop(FAULTY).lazy(), len(body),
        _faulty_rows(numbered.filter(faulty)), (*checked.notes, *matched.notes, *settled.notes),
        missing=matched.missing, serials=not checked.since_1904,
    )  # fmt: skip


def _titles(entry: Entry, head: pl.DataFrame) -> list[str]:
    """Return the titles of the columns: from the rows of the header, else the items in order."""
    if head.is_empty():
        declared = [item.title for item in entry.items]
        return (declared + [""] * head.width)[: max(head.width, len(declared))]
    levels = [["" if title is None else title for title in row] for row in head.rows()]
    return levels[0] if len(levels) == 1 else join_levels(levels, known_titles(entry))


def _faulty_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with cells that have no true value as malformed, with every reason."""
    reasons = [
        pl.when(pl.col(FAULTY) & pl.lit(bit, pl.UInt8) > 0).then(pl.lit(name))
        for bit, name in REASONS.items()
    ]
    return rows.select(
        ROW,
        pl.concat_str(pl.exclude(ROW, FAULTY).fill_null(""), separator="\t").alias(SOURCE),
        pl.concat_list(reasons).list.drop_nulls().alias(RULES),
    )


def _sheet(entry: Entry, source: Source, checked: Checked) -> tuple[pl.DataFrame, Checked]:
    """Return the sheet's cells as text, header rows included, with what is wrong; and the rest."""
    try:
        return read_sheet(source, checked, entry.origin.sheet)
    except SheetError as error:
        if not error.sheets:
            raise truncated(source.name, str(error), entry.origin.format) from error
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
