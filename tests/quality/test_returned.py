"""Refused rows go back as text under the unit's headers, safe to open and to send again."""

from __future__ import annotations

from pathlib import Path

import fastexcel
import polars as pl
import pytest

from catalog.load_vocabulary import load_vocabulary
from catalog.schema import quarantine_schema
from ingestion.amendment import form_of, read_amendment
from quality.returned import Returned, returned, write
from tests.quality.water import entry

ENTRY = entry()
VOCABULARY = load_vocabulary()
ODD = ("=cmd|' /C calc'!A0", "@SUM(A1)", "-5", "'=1", "+86", "\tx", 'a,"b"\nc', "0012", "一")


def back(cells: tuple[str, ...] = ODD) -> Returned:
    schema = quarantine_schema(ENTRY)
    first = ENTRY.items[0].name
    rows = pl.DataFrame(
        {
            **{name: [None] * len(cells) for name in schema},
            first: list(cells),
            "_delivery": ["d" * 20] * len(cells),
            "_row": list(range(1, len(cells) + 1)),
            "_rules": [[f"wrong_type:{first}", "ragged"]] * len(cells),
        },
        schema=schema,
    )
    return returned(rows, ENTRY, VOCABULARY, file_name="water.csv")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_goes_out_comes_back_as_it_was(ending, tmp_path: Path) -> None:
    path = tmp_path / f"back.{ending}"
    write(back(), path)
    form = form_of(path)
    assert form is not None
    assert form.format == ending
    given = read_amendment(ENTRY, path, file_name=path.name, scratch=tmp_path, form=form)
    assert (given.delivery, given.records) == ("d" * 20, len(ODD))
    cells = given.frame.sort("_row").collect()[f"_cell_{ENTRY.items[0].name}"]
    assert [text.strip() for text in cells] == [text.strip() for text in ODD]


def test_no_cell_of_the_csv_begins_as_a_formula(tmp_path: Path) -> None:
    write(back(), tmp_path / "back.csv")
    cells = pl.read_csv(tmp_path / "back.csv", infer_schema=False)
    for column in cells:
        found = column.drop_nulls()
        risky = found.str.contains(r"^[=+\-@\t\r]") & ~found.str.contains(r"^[+-]?\d+$")
        assert not risky.any()


def test_a_workbook_holds_texts_and_no_formula(tmp_path: Path) -> None:
    write(back(), tmp_path / "back.xlsx")
    sheet = fastexcel.read_excel(tmp_path / "back.xlsx").load_sheet("待整改", dtypes="string")
    frame = sheet.to_polars()
    assert frame[ENTRY.items[0].title].to_list() == [text.replace("\r", "") for text in ODD]
    assert frame["未通过原因"][0].endswith("；字段数与表头不符，请按表头逐列填写")


def test_the_offending_cells_are_those_of_the_broken_rules() -> None:
    assert set(back().blamed) == {(ENTRY.items[0].name,)}


def test_a_file_that_no_unit_got_is_no_amendment(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("表号,日期\nW1,交付批次（勿改）\n", "utf-8")
    assert form_of(tmp_path / "a.csv") is None
    (tmp_path / "b.bin").write_bytes(b"PK\x03\x04 no archive")
    assert form_of(tmp_path / "b.bin") is None
