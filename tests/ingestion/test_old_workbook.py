"""xls workbooks are read apart, so that a damaged one cannot end the collection."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest

from ingestion.delivery import DeliveryRefused
from ingestion.read import read
from tests.ingestion.entries import HEADER, bad, entry, read_bytes, refused, rows
from tests.ingestion.test_workbook import workbook as new_workbook
from tests.ingestion.xls_writer import hidden_columns, hidden_row, merged, workbook

OF = entry(format="xls")
TITLES = HEADER.split(",")
WHOLE = workbook([TITLES, ["W1", 46082.0, 1.5], ["W2", "2026/3/2", "2"]])


def test_days_numbers_and_texts_are_read(tmp_path):
    found = rows(read_bytes(tmp_path, WHOLE, OF), "meter_id", "read_on", "usage_m3")
    assert found == [
        (1, "W1", dt.date(2026, 3, 1), Decimal("1.50")),
        (2, "W2", dt.date(2026, 3, 2), Decimal("2.00")),
    ]


def test_a_newer_workbook_that_is_called_xls_is_read_too(tmp_path):
    content = new_workbook(TITLES, ["W1", "2026-03-01", 1.5])
    assert rows(read_bytes(tmp_path, content, OF), "meter_id") == [(1, "W1")]


HIDING = workbook([TITLES, ["W1", 46082.0, 1.5]], before=["说明", "码表"], hidden=["说明", "码表"])
ROWS_OF_ONE = [TITLES, ["W1", 46082.0, 1.5]]


def test_the_first_sheet_that_can_be_seen_is_read_and_the_others_are_named(tmp_path):
    candidate = read_bytes(tmp_path, HIDING, OF)
    assert rows(candidate, "meter_id") == [(1, "W1")]
    assert candidate.notes == ("sheets not read: 说明, 码表",)


def test_a_hidden_sheet_that_is_declared_is_read_and_told(tmp_path):
    content = workbook(ROWS_OF_ONE, "明细", before=["说明"], hidden=["明细"])
    candidate = read_bytes(tmp_path, content, entry(format="xls", sheet="明细"))
    assert rows(candidate, "meter_id") == [(1, "W1")]
    assert candidate.notes == ("the sheet is hidden, and was read",)


THREE = [TITLES, *(["W1", 46082.0, 1.5], ["W2", 46083.0, 1.5], ["W3", 46084.0, 1.5])]
ODD = {
    "merged": (merged(1, 2, 0, 1), {1: ["merged_cells"], 2: ["merged_cells"]}),
    "merged down": (merged(1, 2, 0, 0), {2: ["merged_cells"]}),
    "merged across": (merged(3, 3, 0, 2), {3: ["merged_cells"]}),
}


@pytest.mark.parametrize(("more", "found"), ODD.values(), ids=ODD)
def test_merged_cells_are_set_aside_as_in_an_xlsx(more, found, tmp_path):
    assert bad(read_bytes(tmp_path, workbook(THREE, more=more), OF)) == found


def test_numbers_that_lost_digits_are_set_aside(tmp_path):
    content = workbook([*THREE, [520102199003071000.0, 46082.0, 1.5], [999999999999999.0, "", ""]])
    assert bad(read_bytes(tmp_path, content, OF)) == {4: ["lost_digits"]}


def test_hidden_parts_are_told_and_days_from_1904_are_not_guessed(tmp_path):
    more = hidden_row(1) + hidden_columns(0, 1)
    candidate = read_bytes(tmp_path, workbook(THREE, more=more, days=1), OF)
    assert candidate.notes == (
        "hidden columns were read like others",
        "hidden rows were read like others",
        "days are counted from 1904: numbers are no dates",
    )
    assert [row[1] for row in rows(candidate, "read_on")] == [None] * 3


def test_the_declared_sheet_must_be_there(tmp_path):
    of = entry(format="xls", sheet="明细")
    refusal = refused(tmp_path, WHOLE, of)
    assert refusal.kind == "wrong_resource"
    assert "has no sheet '明细' but Sheet1" in str(refusal)


@pytest.mark.parametrize("content", [WHOLE[:700], b"W1,2,3\n", WHOLE[:512] + b"\xff" * 5000])
def test_a_damaged_workbook_is_refused(content, tmp_path):
    refusal = refused(tmp_path, content, OF)
    assert refusal.kind == "truncated_xlsx"
    assert "not a complete xls workbook" in str(refusal)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_damaged_costs_the_delivery_alone(seed, tmp_path):
    chance, content = random.Random(seed), bytearray(WHOLE)
    for _ in range(8):  # in the header, where sizes and places of everything stand
        content[chance.randrange(8, 80)] = chance.randrange(256)
    path = tmp_path / "damaged"
    path.write_bytes(content)
    try:
        outcome = f"{read(OF, path, file_name='a.xls', scratch=tmp_path).records} records"
    except DeliveryRefused as refusal:
        outcome = refusal.kind
    assert outcome in {"2 records", "truncated_xlsx", "wrong_resource", "empty"}
