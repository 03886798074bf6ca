import polars as pl
import pytest

from catalog.entry import Item
from ingestion.conform.cells import conform
from tests.ingestion.entries import entry

KINDS = ["string", "integer", "date", "datetime", "month", "boolean", "json"]


def conformed(values: list[str | None], kind: str, **origin):
    """Return value and cell of each row of one item."""
    of = entry(Item(name="x", title="甲", type=kind), **origin)
    frame = pl.LazyFrame(
        {"_row": range(len(values)), "x": values}, {"_row": pl.Int64, "x": pl.String}
    )
    return conform(frame, of).select("x", "_cell_x").collect(engine="streaming").rows()


@pytest.mark.parametrize("kind", KINDS)
def test_a_blank_cell_is_null_and_no_wrong_type(kind):
    assert conformed([None, "", "  ", "　"], kind) == [(None, None)] * 4


@pytest.mark.parametrize("kind", KINDS)
def test_an_entrys_word_for_null_is_null_and_no_wrong_type(kind):
    assert conformed(["N/A", " N/A "], kind, null_values=("N/A",)) == [(None, None)] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_without_rows_keeps_its_type(kind):
    assert conformed([], kind) == []


def test_a_cell_keeps_the_text_as_delivered():
    assert conformed([" 12 ", "１２", "十二"], "integer") == [
        (12, " 12 "),
        (12, "１２"),
        (None, "十二"),
    ]


def test_the_frame_streams_with_the_declared_columns_in_order():
    schema = {"_row": pl.Int64, **dict.fromkeys(("usage_m3", "read_on", "meter_id"), pl.String)}
    frame = pl.LazyFrame([(1, "1", None, "W")], schema, orient="row")
    schema = conform(frame, entry()).collect_schema()
    assert schema.names() == [
        "_row", "meter_id", "read_on", "usage_m3",
        "_cell_meter_id", "_cell_read_on", "_cell_usage_m3",
    ]  # fmt: skip
    assert schema["usage_m3"] == pl.Decimal(10, 2)


def test_odd_cells_are_read_alike_wherever_they_stand():
    values = ["1"] * 200_000
    values[7], values[150_000], values[-1] = "１", " 1", "一"
    found = conformed(values, "integer")
    assert [at for at, (value, _) in enumerate(found) if value != 1] == [199_999]
