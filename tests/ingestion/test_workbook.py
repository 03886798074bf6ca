import datetime as dt
import io
from decimal import Decimal

import pytest
import xlsxwriter

from tests.ingestion.entries import HEADER, bad, entry, read_bytes, refused, rows

WORKBOOK = entry(format="xlsx")
COLUMNS = ("meter_id", "read_on", "usage_m3")
TITLES = HEADER.split(",")
ROW = (1, "0001", dt.date(2026, 3, 1), Decimal("1.50"))


def workbook(*lines: list, sheet: str = "数据", merge: tuple | None = None) -> bytes:
    """Return a workbook of these rows; a date becomes a cell in date format."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet(sheet)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for row, line in enumerate(lines):
            for column, value in enumerate(line):
                if isinstance(value, dt.date):
                    page.write_datetime(row, column, value, day)
                elif value == "=1/0":
                    page.write_formula(row, column, value, None, "#DIV/0!")
                elif value is not None:
                    page.write(row, column, value)
        if merge:
            page.merge_range(*merge)
    return buffer.getvalue()


@pytest.mark.parametrize("day", [dt.date(2026, 3, 1), 46082, "2026/3/1", "2026年3月1日"])
@pytest.mark.parametrize("usage", [1.5, "1.5", "１．５ m³"])
def test_cells_are_read_as_dates_numbers_or_text(day, usage, tmp_path):
    candidate = read_bytes(tmp_path, workbook(TITLES, ["0001", day, usage]), WORKBOOK)
    assert rows(candidate, *COLUMNS) == [ROW]


def test_blank_rows_and_nameless_blank_columns_are_nothing(tmp_path):
    content = workbook(
        [], [*TITLES, "", None], ["0001", 46082, 1.5], [], ["0002", None, None], [""]
    )
    candidate = read_bytes(tmp_path, content, WORKBOOK)
    assert rows(candidate, *COLUMNS) == [ROW, (2, "0002", None, None)]


def test_merged_headers_over_two_rows_are_joined(tmp_path):
    content = workbook(
        ["水表编号", "抄表", None], [None, "抄表日期", "用水量"], ["0001", 46082, 1.5],
        merge=(0, 1, 0, 2, "抄表"),
    )  # fmt: skip
    candidate = read_bytes(tmp_path, content, entry(format="xlsx", header_rows=2))
    assert rows(candidate, *COLUMNS) == [ROW]


def test_a_title_above_the_header_is_skipped_as_declared(tmp_path):
    content = workbook(["贵阳市用水抄表"], TITLES, ["0001", 46082, 1.5])
    of = entry(format="xlsx", skip_rows=1, sheet="数据")
    assert rows(read_bytes(tmp_path, content, of), *COLUMNS) == [ROW]


def test_a_header_alone_is_a_delivery_without_records(tmp_path):
    assert read_bytes(tmp_path, workbook(TITLES), WORKBOOK).records == 0


def test_a_formulas_error_is_no_blank_cell(tmp_path):
    lines = [["a", 46082, 1.5], ["b", "=1/0", 2], [], ["c", 46082, 3]]
    candidate = read_bytes(tmp_path, workbook([], TITLES, *lines), WORKBOOK)
    assert bad(candidate) == {2: ["embedded_junk"]}
    assert rows(candidate, "meter_id") == [(1, "a"), (3, "c")]
    assert candidate.malformed["_source"].to_list() == ["b\t\t2"]


WHOLE = workbook(TITLES, ["0001", 46082, 1.5])


@pytest.mark.parametrize(
    ("content", "of", "kind", "said"),
    [
        (b"", WORKBOOK, "empty", "holds nothing"),
        (workbook(), WORKBOOK, "empty", "holds nothing"),
        (WHOLE[: len(WHOLE) // 2], WORKBOOK, "truncated_xlsx", "not a complete xlsx workbook"),
        (WHOLE[:200] + b"\0" * 900 + WHOLE[1100:], WORKBOOK, "truncated_xlsx", "deliver it again"),
        (b"W1,2,3", WORKBOOK, "truncated_xlsx", "not a complete xlsx workbook"),
        (WHOLE, entry(format="xlsx", sheet="抄表"), "wrong_resource", "no sheet '抄表' but 数据"),
        (workbook(TITLES[:2]), WORKBOOK, "missing_column", "用水量"),
        (
            workbook([*TITLES, None], ["1", None, None, "x"]),
            WORKBOOK,
            "unknown_column",
            "without a title",
        ),
    ],
)
def test_a_workbook_that_cannot_be_read_is_refused(content, of, kind, said, tmp_path):
    refusal = refused(tmp_path, content, of)
    assert refusal.kind == kind
    assert said in str(refusal)
