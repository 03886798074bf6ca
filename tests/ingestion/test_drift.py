"""Columns that are not the entry's, in every format: refused, flagged for the gate, or left out."""

from __future__ import annotations

import io
import json

import polars as pl
import pytest

from catalog.drift import NO_MISSING, NO_NEW
from tests.ingestion.entries import entry, read_bytes, refused, rows

TABLE = pl.DataFrame(
    {"水表编号": ["W1", "W2"], "抄表日期": ["2026-03-01"] * 2, "水质": ["好", None]}
)
NEW = {"drift": {"new": "accept", "missing": "accept"}}


def csv(frame: pl.DataFrame) -> bytes:
    return frame.write_csv().encode()


def json_lines(frame: pl.DataFrame) -> bytes:
    said = [{k: v for k, v in row.items() if v is not None} for row in frame.to_dicts()]
    return "\n".join(json.dumps(row) for row in said).encode()


def xml(frame: pl.DataFrame) -> bytes:
    tags = ["".join(f"<{k}>{v}</{k}>" for k, v in r.items() if v) for r in frame.to_dicts()]
    return f"<r>{''.join(f'<row>{t}</row>' for t in tags)}</r>".encode()


def binary(frame: pl.DataFrame, kind: str) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file) if kind == "parquet" else frame.write_excel(file)
    return file.getvalue()


FORMATS = {
    "csv": csv,
    "jsonl": json_lines,
    "xml": xml,
    "parquet": lambda frame: binary(frame, "parquet"),
    "xlsx": lambda frame: binary(frame, "xlsx"),
}


def of(kind: str, **origin):
    record = {"record": "row"} if kind == "xml" else {}
    return entry(format=kind, **record, **origin)


@pytest.mark.parametrize("kind", FORMATS)
def test_new_and_missing_columns_are_left_out_and_told_where_accepted(kind, tmp_path):
    candidate = read_bytes(tmp_path, FORMATS[kind](TABLE), of(kind, **NEW))
    assert rows(candidate, "meter_id", "usage_m3") == [(1, "W1", None), (2, "W2", None)]
    assert candidate.drifted is not None
    assert candidate.drifted.new.to_dict(as_series=False) == {"水质": ["好", None]}


@pytest.mark.parametrize("kind", FORMATS)
def test_rows_with_something_in_a_new_column_are_flagged_where_quarantined(kind, tmp_path):
    whole = TABLE.with_columns(pl.lit("1").alias("用水量"))
    candidate = read_bytes(tmp_path, FORMATS[kind](whole), of(kind, drift={"new": "quarantine"}))
    assert rows(candidate, NO_NEW) == [(1, None), (2, "1")]


@pytest.mark.parametrize("kind", FORMATS)
def test_new_columns_are_refused_where_nothing_is_said(kind, tmp_path):
    whole = TABLE.with_columns(pl.lit("1").alias("用水量"))
    assert refused(tmp_path, FORMATS[kind](whole), of(kind)).kind == "unknown_column"


def test_every_row_is_flagged_where_a_missing_column_quarantines(tmp_path):
    of_csv = of("csv", drift={"missing": "quarantine"})
    candidate = read_bytes(tmp_path, csv(TABLE.drop("水质")), of_csv)
    assert rows(candidate, NO_MISSING) == [(1, None), (2, None)]
    whole = TABLE.drop("水质").with_columns(pl.lit("1").alias("用水量"))
    assert rows(read_bytes(tmp_path, csv(whole), of_csv), NO_MISSING) == [(1, "1"), (2, "1")]


def test_another_resource_is_refused_whatever_drift_is_accepted(tmp_path):
    other = pl.DataFrame({"户号": ["1"], "户主": ["某"], "抄表日期": [""]})
    for kind, write in FORMATS.items():
        assert refused(tmp_path, write(other), of(kind, **NEW)).kind == "wrong_resource"


def test_damaged_records_of_a_file_with_a_new_column_are_still_told(tmp_path):
    lines = "水表编号,抄表日期,用水量,水质\nW1,2026-03-01,1,好\nW2,2026-03-01\n"
    candidate = read_bytes(tmp_path, lines.encode(), of("csv", **NEW))
    assert candidate.malformed.select("_row", "_rules").rows() == [(2, ["ragged"])]
    assert candidate.malformed["_proposal"].to_list() == ["W2,2026-03-01,,"]


def test_a_zip_of_files_with_and_without_a_column_is_one_delivery(tmp_path):
    import zipfile

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("water_reading_a.csv", csv(TABLE))
        archive.writestr("water_reading_b.csv", "水表编号,抄表日期,用水量\nW3,2026-03-01,3\n")
    candidate = read_bytes(tmp_path, file.getvalue(), of("csv", **NEW))
    assert [(row, str(usage)) for row, usage in rows(candidate, "usage_m3")] == [
        (1, "None"),
        (2, "None"),
        (3, "3.00"),
    ]
    assert candidate.drifted is not None
    assert candidate.drifted.missing == ("usage_m3",)
