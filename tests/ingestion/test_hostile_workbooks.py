"""Workbooks that would fill the memory or end the process are refused in one line."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from ingestion.sheet_scan import scan_sheet
from ingestion.unpacking import FREE
from tests.ingestion.books import PLAIN, SHEET, WORKBOOK, changed, table
from tests.ingestion.entries import read_bytes, refused


@pytest.mark.parametrize("said", [b"A1", b"A1:XFD1048576", b"ZZ9:A1"])
def test_what_a_sheet_says_of_its_size_is_not_believed(said, tmp_path):
    content = changed(
        table(PLAIN, PLAIN),
        SHEET,
        lambda text: re.sub(rb'(<dimension ref=")[^"]*', rb"\g<1>" + said, text),
    )
    assert read_bytes(tmp_path, content, WORKBOOK).records == 2


@pytest.mark.parametrize("place", [b"XFD1048576", b"A9999999", b"ZZZ9000"])
def test_a_cell_that_would_spread_the_sheet_over_the_memory_is_refused(place, tmp_path):
    content = changed(table(PLAIN), SHEET, lambda text: text.replace(b'"A2"', b'"' + place + b'"'))
    refusal = refused(tmp_path, content, WORKBOOK)
    assert refusal.kind == "unreadable"
    assert "delete what stands far from the table" in str(refusal)


@pytest.mark.parametrize("tag", [b"<c ", b"<c r=", b'<c r="A1" ', b"<row ", b"<mergeCell "])
def test_tags_that_never_end_are_looked_through_once(tag):
    """Of 60 kB of `<c ` each was searched up to the end: two minutes, and days of 16 MB."""
    content = changed(
        table(PLAIN),
        SHEET,
        lambda text: text.replace(b"<sheetData>", b"<sheetData>" + tag * 50_000),
    )
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert scan_sheet(book, SHEET, "water.xlsx").rows == 2


def test_a_cell_far_away_that_is_written_oddly_ends_no_process_of_ours(tmp_path):
    content = changed(
        table(PLAIN), SHEET, lambda text: text.replace(b'r="A2"', b"r = 'XFD1048576'")
    )
    assert refused(tmp_path, content, WORKBOOK).kind == "truncated_xlsx"


@pytest.mark.parametrize("value", [b"", b"<v>1</v>"])
def test_a_sheet_of_very_many_columns_is_read_or_refused_in_one_line(value, tmp_path):
    cells = b"".join(b'<c r="D1">%s</c>' % value for _ in range(4)) + b"<c>%s</c>" % value * 100_000
    content = changed(
        table(PLAIN), SHEET, lambda text: text.replace(b"</row>", cells + b"</row>", 1)
    )
    if value:
        refusal = refused(tmp_path, content, WORKBOOK)
        assert refusal.kind in {"unknown_column", "wrong_resource"}
        assert len(str(refusal)) < 1000
    else:
        assert read_bytes(tmp_path, content, WORKBOOK).records == 1


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "docProps/app.xml"])
def test_a_part_that_unpacks_to_far_more_than_it_is_packed_is_refused(part, tmp_path):
    content = changed(table(PLAIN), part, lambda text: text + b" " * (FREE + (8 << 20)))
    assert refused(tmp_path, content, WORKBOOK).kind == "unsafe_archive"


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml"])
def test_a_part_that_unpacks_to_more_than_it_says_is_refused(part, tmp_path):
    content = table(PLAIN)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo(part).file_size
    said, less = size.to_bytes(4, "little"), (size // 2).to_bytes(4, "little")
    assert refused(tmp_path, content.replace(said, less), WORKBOOK).kind == "truncated_xlsx"


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        ("xl/workbook.xml", lambda text: text[:-9], "xl/workbook.xml"),
        (
            "xl/workbook.xml",
            lambda text: b"<!DOCTYPE a>" + text[text.index(b"<workbook") :],
            "type",
        ),
        ("xl/_rels/workbook.xml.rels", lambda _: b"<Relationships/>", "no sheet"),
        ("xl/_rels/workbook.xml.rels", lambda text: text.replace(b"/sheet1", b"/sheet9"), "sheet9"),
    ],
)
def test_a_workbook_whose_parts_do_not_fit_is_refused(part, change, said, tmp_path):
    refusal = refused(tmp_path, changed(table(PLAIN), part, change), WORKBOOK)
    assert refusal.kind == "truncated_xlsx"
    assert said in str(refusal)


def test_a_workbook_with_a_password_is_named_as_such(tmp_path):
    refusal = refused(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, WORKBOOK)
    assert "protected by a password, or an xls" in str(refusal)
