"""Sheets as Excel workbooks: numbers and dates as cells of their kind, merged two-row headers.

Keep out: other formats (encode.py).
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from demo.deliver.encode import Layout, titles
from demo.deliver.sheet import Sheet

CREATED = dt.datetime(2026, 3, 1, 8, 0, 0)  # noqa: DTZ001 - a workbook's property has no zone
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]+)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
GROUPS = {"value": "数值", "unit": "数值"}
"""Items of two-row headers that stand under a merged title."""


def write_workbook(sheet: Sheet, path: Path, layout: Layout) -> None:
    """Write the sheet as the only worksheet of a workbook, the same bytes each time."""
    entry = sheet.entry
    header = titles(entry, layout)
    book = xlsxwriter.Workbook(path, {"constant_memory": entry.origin.header_rows == 1})
    book.set_properties({"created": CREATED, "author": "示例"})
    page = book.add_worksheet(entry.origin.sheet or entry.title)
    _header(page, header, rows=entry.origin.header_rows, style=book.add_format({"bold": True}))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    kinds = [entry.item(name).type for name in header]
    for row, values in enumerate(sheet.cells.select(list(header)).iter_rows()):
        for column, (kind, text) in enumerate(zip(kinds, values, strict=True)):
            if text is not None:
                _cell(page, (row + entry.origin.header_rows, column), kind, text=text, day=day)
    book.close()


def _header(page: Worksheet, header: dict[str, str], *, rows: int, style: Format) -> None:
    """Write titles; over two rows they are merged down, or stand under a merged group."""
    grouped = [column for column, name in enumerate(header) if name in GROUPS]
    for column, (name, title) in enumerate(header.items()):
        if rows == 1 or name in GROUPS:
            page.write_string(rows - 1, column, title, style)
        else:
            page.merge_range(0, column, rows - 1, column, title, style)
    if rows > 1 and len(grouped) > 1:
        group = next(iter(GROUPS.values()))
        page.merge_range(0, grouped[0], rows - 2, grouped[-1], group, style)


def _cell(page: Worksheet, at: tuple[int, int], kind: str, *, text: str, day: Format) -> None:
    """Write a number or day as Excel has it; what is neither stays text."""
    if kind in ("decimal", "integer") and NUMBER.fullmatch(text):
        page.write_number(*at, float(text))
    elif kind == "date" and DAY.fullmatch(text) and (moment := _day(text)):
        page.write_datetime(*at, moment, day)
    else:
        page.write_string(*at, text)


def _day(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None
