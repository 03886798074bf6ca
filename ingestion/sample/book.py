"""A workbook as a sample: where its header begins and how many rows it takes.

Keep out: reading deliveries, whose entry says so (workbook).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ingestion.delivery import DeliveryRefused
from ingestion.levels import join_levels
from ingestion.sample.found import Sample, frame_of, sample
from ingestion.sample.headless import is_row
from ingestion.sheet import FAULTY, SheetError
from ingestion.source import Source
from ingestion.workbook_check import check_old, check_workbook, read_sheet

FIGURE = re.compile(r"[-+\d.,/%:年月日]+")
OLD = b"\xd0\xcf\x11\xe0"  # how an xls begins; another one may be called so
Row = Sequence[str | None]


def sample_book(source: Source) -> Sample:
    """Return the sample of the sheet of an xlsx or xls that a delivery would be read from."""
    with source.path.open("rb") as file:
        old = file.read(4) == OLD
    try:
        checked = check_old(source) if old else check_workbook(source, None)
        sheet, _ = read_sheet(source, checked, checked.sheet)
    except (SheetError, DeliveryRefused) as error:
        raise ValueError(str(error)) from error
    rows: Sequence[Row] = sheet.drop(FAULTY).rows()
    full = [sum(cell is not None for cell in row) for row in rows]
    # A title above the table fills one cell; a header's first row fills half of them at least.
    start = next((n for n, count in enumerate(full) if 2 * count > max(full) > 0), None)
    if start is None:
        raise ValueError("its first sheet holds nothing")
    levels = _levels(rows[start:])
    heads = [[cell or "" for cell in row] for row in rows[start : start + levels]]
    lowest = [low or high for *_, high, low in zip(*heads, strict=True)] if levels > 1 else heads[0]
    titles = lowest if len(set(lowest)) == len(lowest) else join_levels(heads, ())
    if is_row(titles, rows[start + levels :]):
        raise ValueError("its sheet has no header: write one above its rows")
    words: dict[str, Any] = {"skip_rows": start, "header_rows": levels}
    return sample(
        source, frame_of(titles, rows[start + levels :]), "xls" if old else "xlsx", **words
    )


def _levels(rows: Sequence[Row]) -> int:
    """Return how many rows the header takes: two where merged cells leave gaps in the first."""
    if len(rows) < 3 or all(rows[0]):
        return 1
    below = [cell for cell in rows[1] if cell is not None]
    gaps = [place for place, cell in enumerate(rows[0]) if cell is None]
    titled = all(rows[1][place] for place in gaps) and not any(map(FIGURE.fullmatch, below))
    return 2 if titled else 1
