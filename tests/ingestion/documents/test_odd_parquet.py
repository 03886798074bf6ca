"""Parquet files that are damaged, oddly typed or far larger than they look."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.documents import parquet_check
from tests.ingestion.entries import bad, entry, read_bytes, refused, rows

PARQUET = entry(format="parquet")
COLUMNS = {"水表编号": ["W1", "W2"], "抄表日期": ["2026-03-01"] * 2, "用水量": [1.5, 2.0]}


def parquet(columns: dict | pa.Table = COLUMNS, **options: object) -> bytes:
    """Return a Parquet file of these columns, as Arrow writes it."""
    buffer = io.BytesIO()
    pq.write_table(
        columns if isinstance(columns, pa.Table) else pa.table(columns), buffer, **options
    )
    return buffer.getvalue()


MANY = {
    "水表编号": [f"W{n:06}" for n in range(5000)],
    "抄表日期": ["2026-03-01"] * 5000,
    "用水量": [n / 4 for n in range(5000)],
}


def damaged(content: bytes, at: int) -> bytes:
    """Return a file with a few bytes of a page changed."""
    return content[:at] + bytes(byte ^ 0xFF for byte in content[at : at + 40]) + content[at + 40 :]


@pytest.mark.parametrize(
    ("options", "at"),
    [
        ({"compression": "none", "use_dictionary": False}, 20),
        ({"compression": "none", "use_dictionary": False}, 3000),
        ({"compression": "snappy"}, 2000),
        ({"compression": "zstd", "write_page_checksum": True}, 2000),
        ({"compression": "none", "write_page_checksum": True}, 2000),
    ],
)
def test_a_damaged_page_refuses_the_delivery_when_it_is_read_not_later(options, at, tmp_path):
    whole = parquet(MANY, **options)
    assert read_bytes(tmp_path, whole, PARQUET).records == 5000
    refusal = refused(tmp_path, damaged(whole, at), PARQUET)
    assert refusal.kind == "unreadable"
    assert "not a complete Parquet file" in str(refusal)
    assert len(str(refusal).splitlines()) == 1


WHOLE = parquet()


@pytest.mark.parametrize(
    "content",
    [
        WHOLE[:-4],
        WHOLE[: len(WHOLE) // 2],
        WHOLE[:-8] + b"\xff\xff\xff\x7fPAR1",
        WHOLE[:-150] + b"\0" * 142 + WHOLE[-8:],
        b"PAR1",
        b"PAR1PAR1" + b"\0" * 20,
    ],
)
def test_a_damaged_footer_refuses_the_delivery(content, tmp_path):
    assert refused(tmp_path, content, PARQUET).kind == "unreadable"


@pytest.mark.parametrize(
    "values",
    [
        [[1], [2]],
        [{"a": 1}, {"a": 2}],
        [b"1", b"2"],
        pa.array([1, 2], pa.duration("us")),
    ],
)
def test_a_type_that_is_no_value_is_refused_and_left_out_where_the_column_is_new(values, tmp_path):
    refusal = refused(tmp_path, parquet({**COLUMNS, "用水量": values}), PARQUET)
    assert (refusal.kind, "用水量 of type" in str(refusal)) == ("unknown_column", True)
    lenient = entry(format="parquet", drift={"new": "accept"})
    assert read_bytes(tmp_path, parquet({**COLUMNS, "新": values}), lenient).records == 2


def test_a_decimal_of_more_digits_than_a_table_holds_is_refused(tmp_path):
    values = pa.array([Decimal(1), Decimal(2)], pa.decimal256(60, 2))
    refusal = refused(tmp_path, parquet({**COLUMNS, "用水量": values}), PARQUET)
    assert "用水量 of type Decimal(precision=60" in str(refusal)


@pytest.mark.parametrize(
    "values",
    [
        [True, False],
        [float("nan"), float("inf")],
        [dt.date(2026, 3, 1)] * 2,
        pa.array([1, 2], pa.time64("us")),
        ["甲", "乙"],
    ],
)
def test_a_column_of_another_type_keeps_its_text_and_gives_no_value(values, tmp_path):
    candidate = read_bytes(tmp_path, parquet({**COLUMNS, "用水量": values}), PARQUET)
    found = rows(candidate, "usage_m3", "_cell_usage_m3")
    assert [value for _, value, _ in found] == [None, None]
    assert all(text for *_, text in found)


def test_an_identifier_that_a_float_cannot_hold_costs_its_row(tmp_path):
    content = parquet({**COLUMNS, "水表编号": [520102199003071234.0, 12.0]})
    candidate = read_bytes(tmp_path, content, PARQUET)
    assert bad(candidate) == {1: ["lost_digits"]}
    assert [row for row, _ in rows(candidate, "meter_id")] == [2]
    exact = parquet({**COLUMNS, "水表编号": [520102199003071234, 12]})
    assert rows(read_bytes(tmp_path, exact, PARQUET), "meter_id")[0] == (1, "520102199003071234")


def test_an_identifier_that_a_gap_made_a_float_is_read_as_it_was(tmp_path):
    content = parquet({**COLUMNS, "水表编号": [12345.0, 1.5]})
    assert rows(read_bytes(tmp_path, content, PARQUET), "meter_id") == [(1, "12345"), (2, "1.5")]


def test_a_float_of_four_bytes_holds_fewer_digits(tmp_path):
    values = pa.array([16_777_217, 16_777_215], pa.int32()).cast(pa.float32(), safe=False)
    candidate = read_bytes(tmp_path, parquet({**COLUMNS, "水表编号": values}), PARQUET)
    assert bad(candidate) == {1: ["lost_digits"]}
    assert rows(candidate, "meter_id") == [(2, "16777215")]


def test_a_column_that_comes_twice_is_refused(tmp_path):
    table = pa.table([["a"], ["b"], ["c"]], names=["水表编号", "水表编号", "用水量"])
    assert "comes twice" in str(refused(tmp_path, parquet(table), PARQUET))


def test_columns_called_like_ours_are_only_new_ones(tmp_path):
    content = parquet({**COLUMNS, "_row": [7, 8], "_lost": [1, 2]})
    assert refused(tmp_path, content, PARQUET).kind == "unknown_column"
    lenient = entry(format="parquet", drift={"new": "accept"})
    assert rows(read_bytes(tmp_path, content, lenient), "meter_id") == [(1, "W1"), (2, "W2")]


def test_rows_without_end_in_a_small_file_are_refused(tmp_path, monkeypatch):
    same = parquet({name: pa.repeat(values[0], 100_000) for name, values in COLUMNS.items()})
    assert read_bytes(tmp_path, same, PARQUET).records == 100_000
    monkeypatch.setattr(parquet_check, "FREE", 1000)
    monkeypatch.setattr(parquet_check, "RATIO", 20)
    refusal = refused(tmp_path, same, PARQUET)
    assert (refusal.kind, "100,000 rows" in str(refusal)) == ("unsafe_archive", True)
