"""Workbooks as tests need them: filled by a function, or with a part changed afterwards."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import xlsxwriter

from tests.ingestion.entries import HEADER, entry

WORKBOOK = entry(format="xlsx")
TITLES = HEADER.split(",")
SHEET = "xl/worksheets/sheet1.xml"
PLAIN = ["W1", None, 1.5]


def made(fill: Callable[[xlsxwriter.Workbook], None], **options: object) -> bytes:
    """Return a workbook that this function filled."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, options) as book:
        fill(book)
    return buffer.getvalue()


def table(*lines: list, more: Callable[[xlsxwriter.worksheet.Worksheet], None] | None = None):
    """Return a workbook of one sheet with the header and these rows."""

    def fill(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet("数据")
        for row, line in enumerate((TITLES, *lines)):
            page.write_row(row, 0, line)
        if more:
            more(page)

    return made(fill)


def changed(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with one part changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return target.getvalue()
