from decimal import Decimal

import pytest

from catalog.entry import Item
from tests.ingestion.conform.cell import read_cell


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.5", "12.50"), ("-0.01", "-0.01"), ("+7", "7.00"), (".5", "0.50"), ("5.", "5.00"),
        ("007", "7.00"), ("12.500", "12.50"), (" 12.5\t", "12.50"), ("　12.5　", "12.50"),
        ("１２．５", "12.50"), ("－３", "-3.00"), ("1,234.5", "1234.50"), ("１，２３４", "1234.00"),
        ("12.5m³", "12.50"), ("12.5 m³", "12.50"), ("12.5（m³）", "12.50"), ("12.5M3", "12.50"),
        ("12345678.99", "12345678.99"),
    ],
)  # fmt: skip
def test_a_decimal_is_read_in_the_ways_units_write_it(text, expected):
    item = Item(name="usage_m3", title="用水量", type="decimal", precision=(10, 2), unit="m³")
    assert read_cell(text, item) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    ["十二", "12.505", "0.001", "123456789.00", "1e3", "12,34", "0,125", "00,125", "1,2345",
     "12.5kWh", "m³", "1 2", "12²", "①", "½", "--1", "0x10", "NaN", "inf", "1_000", "12.5m³m³", "",
     "."],
)  # fmt: skip
def test_what_is_no_decimal_of_the_declared_precision_is_null(text):
    item = Item(name="usage_m3", title="用水量", type="decimal", precision=(10, 2), unit="m³")
    assert read_cell(text, item) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12", 12), ("-3", -3), (" 7 ", 7), ("１２", 12), ("1,234,567", 1234567), ("12.0", 12),
     ("12户", 12), ("9223372036854775807", 2**63 - 1)],
)  # fmt: skip
def test_an_integer_is_read_in_the_ways_units_write_it(text, expected):
    item = Item(name="households", title="户数", type="integer", unit="户")
    assert read_cell(text, item) == expected


@pytest.mark.parametrize("text", ["12.5", "9223372036854775808", "1e3", "十二", "1,23", "-", "户"])
def test_what_is_no_integer_is_null(text):
    assert read_cell(text, Item(name="households", title="户数", type="integer", unit="户")) is None


def test_a_unit_is_not_taken_off_where_none_is_declared():
    item = Item(name="usage_m3", title="用水量", type="decimal", precision=(10, 2))
    assert read_cell("12.5m³", item) is None


@pytest.mark.parametrize(
    "text",
    [
        "1,005万元",
        "1005(万元)",
        "1,005.00(万元人民币)",
        "1005万人民币",
        "1,005( 万元人民币)",
        "1005万人民币元",
    ],
)
def test_an_amount_may_name_its_currency(text):
    item = Item(name="capital", title="注册资本", type="decimal", precision=(18, 2), unit="万元")
    assert read_cell(text, item) == 1005


@pytest.mark.parametrize("text", ["1005万美元", "1005(万美元)", "1005元", "1005亿元"])
def test_another_currency_or_scale_is_not_the_declared_one(text):
    item = Item(name="capital", title="注册资本", type="decimal", precision=(18, 2), unit="万元")
    assert read_cell(text, item) is None
