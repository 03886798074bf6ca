import pytest

from ingestion.delivery import DeliveryRefused
from ingestion.header import match
from tests.ingestion.entries import entry

NAMES = ("meter_id", "read_on", "usage_m3")


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        (["水表编号", "抄表日期", "用水量"], NAMES),
        (["meter_id", "read_on", "usage_m3"], NAMES),
        (["\ufeff水表编号", " 抄表日期 ", "用水量\r"], NAMES),
        (["水表编号\u200b", "抄\u200b表日期", "用水量"], NAMES),
        (["METER_ID", "抄表 日期", "用水量（m³）"], NAMES),
        (["用水量", "表号", "抄表日期"], ("usage_m3", "meter_id", "read_on")),
    ],
)
def test_columns_are_known_by_title_name_or_alias_in_any_order(columns, names):
    assert match(entry(), columns, "a.csv").names == names


@pytest.mark.parametrize(
    ("columns", "note"),
    [
        (["水表编号", "抄表日期", "用水量"], ()),
        (["抄表日期", "水表编号", "用水量"], ("columns in another order than declared",)),
        (["表号", "抄表日期", "用水量"], ("header '表号' read as 水表编号 (meter_id)",)),
    ],
)
def test_what_was_odd_about_a_header_is_noted(columns, note):
    assert match(entry(), columns, "a.csv").notes == note


@pytest.mark.parametrize(
    ("columns", "kind", "said"),
    [
        (["水表编号", "抄表日期"], "missing_column", "column 用水量 (usage_m3) is missing"),
        (["水表编号", "抄表日期", "水量"], "missing_column", "it has instead 水量"),
        (
            ["水表编号", "抄表日期", "用水量", "用水类型"],
            "unknown_column",
            "'用水类型' (nearest declared: 用水量)",
        ),
        (["水表编号", "抄表日期", "用水量", ""], "unknown_column", "a column without a title"),
        (
            ["水表编号", "抄表日期", "用水量", "表号"],
            "unknown_column",
            "column meter_id comes twice",
        ),
        (
            ["户号", "姓名", "地址"],
            "wrong_resource",
            "0 of its 3 columns are those of water_reading",
        ),
        (
            ["W2600000017", "2026-03-01", "1.5"],
            "wrong_resource",
            "begins with its header: 水表编号, 抄表日期",
        ),
    ],
)
def test_other_columns_refuse_the_delivery_and_are_named(columns, kind, said):
    with pytest.raises(DeliveryRefused) as raised:
        match(entry(), columns, "a.csv")
    assert raised.value.kind == kind
    assert str(raised.value).startswith("a.csv: ")
    assert said in str(raised.value)


def test_a_title_that_is_quoted_breaks_no_line_and_steers_no_terminal():
    with pytest.raises(DeliveryRefused) as raised:
        match(entry(), ["水表编号", "抄表日期", "用水量", "备\n注\x1b[31m"], "a.csv")
    assert "'备 注 [31m'" in str(raised.value)
    matched = match(entry(), ["表\n号", "抄表日期", "用水量"], "a.csv")
    assert matched.notes == ("header '表 号' read as 水表编号 (meter_id)",)
