import datetime as dt
import io
from decimal import Decimal

import polars as pl
import pytest

from catalog.entry import Item
from tests.ingestion.entries import entry, read_bytes, refused, rows

PARQUET = entry(format="parquet")
DAY = dt.date(2026, 3, 1)


def parquet(**columns) -> bytes:
    """Return a Parquet file of these columns."""
    buffer = io.BytesIO()
    pl.DataFrame(columns).write_parquet(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "day", [DAY, "2026/3/1", "20260301", dt.datetime.fromisoformat("2026-03-01")]
)
@pytest.mark.parametrize("usage", [Decimal("1.50"), 1.5, "1.5", "１．５m³"])
def test_columns_are_read_whatever_type_they_have(day, usage, tmp_path):
    content = parquet(用水量=[usage], 表号=["W1"], 抄表日期=[day])
    candidate = read_bytes(tmp_path, content, PARQUET)
    columns = ("meter_id", "read_on", "usage_m3")
    assert rows(candidate, *columns) == [(1, "W1", DAY, Decimal("1.50"))]
    assert len(candidate.notes) == 2


def test_a_float_is_not_rounded_to_the_declared_decimals(tmp_path):
    content = parquet(水表编号=["W1", "W2"], 抄表日期=[DAY, DAY], 用水量=[1.505, 0.1 + 0.2])
    candidate = read_bytes(tmp_path, content, PARQUET)
    assert rows(candidate, "usage_m3", "_cell_usage_m3") == [
        (1, None, "1.505"),
        (2, None, "0.30000000000000004"),
    ]


@pytest.mark.parametrize(
    "moment",
    [dt.datetime.fromisoformat("2026-03-01 08:00"), dt.datetime(2026, 3, 1, tzinfo=dt.UTC)],
)
def test_an_instant_keeps_its_offset_or_is_the_citys(moment, tmp_path):
    of = entry(Item(name="at", title="时间", type="datetime"), format="parquet")
    candidate = read_bytes(tmp_path, parquet(at=[moment]), of)
    assert rows(candidate, "at") == [(1, dt.datetime(2026, 3, 1, tzinfo=dt.UTC))]


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"", "empty", "holds nothing"),
        (b"PAR1 and no more", "unreadable", "not a complete Parquet file"),
        (parquet(水表编号=["W"], 抄表日期=[DAY])[:-9], "unreadable", "deliver it again"),
        (parquet(水表编号=["W"], 抄表日期=[DAY]), "missing_column", "用水量"),
        (
            parquet(水表编号=["W"], 抄表日期=[[1]], 用水量=[1]),
            "unknown_column",
            "抄表日期 of type List",
        ),
        (parquet(a=[1]), "wrong_resource", "0 of its 1 columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(content, kind, said, tmp_path):
    refusal = refused(tmp_path, content, PARQUET)
    assert refusal.kind == kind
    assert said in str(refusal)
