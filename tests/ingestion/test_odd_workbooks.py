"""Workbooks as offices make them: what has no true value is refused, nothing is guessed."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest

from catalog.entry import Item
from tests.ingestion.books import PLAIN, SHEET, TITLES, WORKBOOK, changed, made, table
from tests.ingestion.entries import bad, entry, read_bytes, rows


@pytest.mark.parametrize(
    ("number", "lost"),
    [
        (520102199003071234, True),
        (1e15, True),
        (1e22, True),
        (-1234567890123456, True),
        (123456789012345, False),
        ("520102199003071234", False),
        (0.1 + 0.2, False),
    ],
)
def test_a_number_of_more_digits_than_a_spreadsheet_keeps_is_refused(number, lost, tmp_path):
    candidate = read_bytes(tmp_path, table([number, None, 1], PLAIN), WORKBOOK)
    assert bad(candidate) == ({1: ["lost_digits"]} if lost else {})
    assert rows(candidate, "meter_id")[-1] == (2, "W1")


def test_lost_digits_are_seen_as_other_programs_write_them(tmp_path):
    written = b'<x:c t="n" s="3" r="A2"><x:f>A9*1</x:f><x:v>520102199003071232</x:v></x:c>'
    content = changed(
        table([1, None, 1], PLAIN),
        SHEET,
        lambda text: (
            re.sub(rb"(</?)(\w)", rb"\1x:\2", text)
            .replace(b"<x:?xml", b"<?xml")
            .replace(b'worksheet xmlns="', b'worksheet xmlns:x="')
            .replace(b'<x:c r="A2"><x:v>1</x:v></x:c>', written)
        ),
    )
    assert bad(read_bytes(tmp_path, content, WORKBOOK)) == {1: ["lost_digits"]}


@pytest.mark.parametrize(
    ("cell", "refused_as"),
    [
        (b'<c r="B2"><f>A9</f><v>46082</v></c>', None),
        (b'<c r="B2" t="str"><f>A9</f><v>2026-03-01</v></c>', None),
        (b'<c r="B2" t="str"><f>IF(A9,"","")</f><v></v></c>', None),
        (b'<c r="B2"><f>A9</f></c>', "no_value"),
        (b'<c r="B2"><f>A9</f><v></v></c>', "no_value"),
        (b'<c r="B2"><f t="shared" si="0"/><v/></c>', "no_value"),
        (b'<c r="B2" t="e"><f>#REF!</f><v>#REF!</v></c>', "embedded_junk"),
    ],
)
def test_a_formula_counts_as_its_value_and_without_one_its_row_is_refused(
    cell, refused_as, tmp_path
):
    content = table(["W1", 1, 1.5], PLAIN)
    content = changed(content, SHEET, lambda text: text.replace(b'<c r="B2"><v>1</v></c>', cell))
    found = bad(read_bytes(tmp_path, content, WORKBOOK))
    assert found == ({1: [refused_as]} if refused_as else {})


def test_what_is_hidden_is_read_and_noted(tmp_path):
    def hide(page):
        page.set_row(1, None, None, {"hidden": True})
        page.set_column(1, 1, None, None, {"hidden": True})

    candidate = read_bytes(tmp_path, table(PLAIN, PLAIN, more=hide), WORKBOOK)
    assert candidate.records == 2
    assert candidate.notes == (
        "hidden columns were read like others",
        "hidden rows were read like others",
    )


@pytest.mark.parametrize(("sheet", "meter"), [(None, "shown"), ("旧", "hidden")])
def test_the_first_sheet_that_can_be_seen_is_read_unless_one_is_declared(sheet, meter, tmp_path):
    def fill(book):
        for name, value in (("旧", "hidden"), ("新", "shown")):
            page = book.add_worksheet(name)
            page.write_row(0, 0, TITLES)
            page.write_row(1, 0, [value, None, 1])
            if value == "hidden":
                page.hide()
            else:
                page.activate()
                page.set_first_sheet()

    candidate = read_bytes(tmp_path, made(fill), entry(format="xlsx", sheet=sheet))
    assert rows(candidate, "meter_id") == [(1, meter)]
    said = "the sheet is hidden, and was read" if sheet else "sheets not read: 旧"
    assert candidate.notes == (said,)


def test_days_from_1904_are_read_as_dates_and_bare_numbers_are_not(tmp_path):
    def fill(book):
        page = book.add_worksheet()
        page.write_row(0, 0, TITLES)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(1, 0, ["W1", None, 1])
        page.write_datetime(1, 1, dt.date(2026, 3, 1), day)
        page.write_row(2, 0, ["W2", 44620, 1])

    candidate = read_bytes(tmp_path, made(fill, date_1904=True), WORKBOOK)
    assert rows(candidate, "read_on") == [(1, dt.date(2026, 3, 1)), (2, None)]
    assert candidate.notes == ("days are counted from 1904: numbers are no dates",)


@pytest.mark.parametrize(
    ("merge", "refused_rows"),
    [((1, 0, 3, 0), [2, 3]), ((2, 0, 2, 2), [2]), ((0, 0, 1, 0), [1]), ((4, 0, 9, 0), [])],
)
def test_rows_whose_values_a_merged_cell_covers_are_refused(merge, refused_rows, tmp_path):
    content = table(
        ["W1", None, 1], [None, None, 2], ["W3", None, 3], ["W4", None, 4],
        more=lambda page: page.merge_range(*merge, "W" if merge[0] else TITLES[0]),
    )  # fmt: skip
    candidate = read_bytes(tmp_path, content, entry(format="xlsx", drift={"missing": "accept"}))
    assert bad(candidate) == {row: ["merged_cells"] for row in refused_rows}
    assert candidate.records == 4


@pytest.mark.parametrize("cell", ["'0001", "０００１", "0001"])
def test_leading_zeros_and_apostrophes_are_the_texts_own(cell, tmp_path):
    of = entry(Item(name="meter_id", title="水表编号", type="string", key=True), format="xlsx")
    content = made(lambda book: book.add_worksheet().write_column(0, 0, ["水表编号", cell]))
    assert (
        rows(read_bytes(tmp_path, content, of), "meter_id")[0][1].endswith("0001")
        or cell[0] == "０"
    )


def test_numbers_as_text_are_numbers_where_the_item_is_one(tmp_path):
    candidate = read_bytes(tmp_path, table(["W1", None, "1.50"]), WORKBOOK)
    assert rows(candidate, "usage_m3") == [(1, Decimal("1.50"))]


SECOND = [[" 水表编号", "抄表日期 ", "用水量"], ["W2", None, 2]]
OTHER = [["用水量", "水表编号"], [2, "W2"]]


@pytest.mark.parametrize(
    ("tables", "lines", "accepted", "refused_rows", "note"),
    [
        ("all", SECOND, ["W1", "W2"], [], "1 repeated header rows left out"),
        ("first", SECOND, ["W1"], [2], "another table after record 1: 1 records set aside"),
        ("first", OTHER, ["W1"], [2, 3], "another table after record 1: 2 records set aside"),
    ],
)
def test_headers_inside_a_sheet_are_no_data(tables, lines, accepted, refused_rows, note, tmp_path):
    of = entry(format="xlsx", tables=tables)
    candidate = read_bytes(tmp_path, table(PLAIN, [], *lines), of)
    assert [name for _, name in rows(candidate, "meter_id")] == accepted
    assert bad(candidate) == {row: ["another_table"] for row in refused_rows}
    assert candidate.notes == (note,)
