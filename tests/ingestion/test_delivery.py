import ast
import datetime as dt
from pathlib import Path

import pytest

from ingestion.delivery import REFUSALS, Intent, as_of, delivery_id, in_order, in_words, intent
from tests.ingestion.entries import entry

LATE = dt.datetime(2026, 3, 5, 20, tzinfo=dt.UTC)  # already the 6th in the city


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("20260301.csv", "2026-03-01"), ("2026-03-01.csv", "2026-03-01"),
        ("202603.csv", "2026-03-01"),
        ("2026-03.csv", "2026-03-01"), ("2026Q2.csv", "2026-04-01"), ("2026-q4.csv", "2026-10-01"),
        ("2026.csv", "2026-01-01"), ("20260301080000.csv", "2026-03-01"),
        ("20260301.correction1.csv", "2026-03-01"), ("area520102_20260301.csv", "2026-03-01"),
        ("20260231.csv", "2026-03-06"), ("last.csv", "2026-03-06"), ("1234567.csv", "2026-03-06"),
    ],
)  # fmt: skip
def test_a_delivery_speaks_for_the_period_in_its_name_or_for_the_day_it_came(stamp, day):
    assert as_of(entry(), f"water_reading_{stamp}", LATE) == dt.date.fromisoformat(day)


def test_a_year_in_the_resources_own_name_is_no_stamp():
    of = entry(pattern="census_2020_*.csv")
    assert as_of(of, "census_2020_202603.csv", LATE) == dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("a_20260301.csv", Intent("deliver", "a_20260301")),
        ("a_20260301.correction1.csv", Intent("correct", "a_20260301")),
        ("a_20260301.correction12.xlsx", Intent("correct", "a_20260301")),
        ("a_20260301.correction1.correction2.csv", Intent("correct", "a_20260301")),
        ("a_20260301.withdrawal", Intent("withdraw", "a_20260301")),
        ("a_20260301.csv.withdrawal", Intent("withdraw", "a_20260301")),
        ("a_20260301.csv.gz.withdrawal", Intent("withdraw", "a_20260301")),
        ("a_2026.03.withdrawal", Intent("withdraw", "a_2026.03")),
        ("a.b.csv", Intent("deliver", "a.b")),
        ("a", Intent("deliver", "a")),
        ("a_20260301.csv.gz", Intent("deliver", "a_20260301")),
        ("a_20260301.zip", Intent("deliver", "a_20260301")),
        ("a_20260301.correction2.XLSX.ZIP", Intent("correct", "a_20260301")),
        ("a_2026.03.zip", Intent("deliver", "a_2026.03")),
    ],
)
def test_a_name_says_what_the_file_is_for(name, meant):
    assert intent(name) == meant


def test_corrections_are_numbered_however_they_are_packed():
    names = ("a.correction9.csv.gz", "a.correction10.csv", "a.correction.csv", "a.csv")
    assert [intent(name).number for name in names] == [9, 10, 0, 0]


def test_parts_are_ordered_as_people_count_them():
    names = ["a_20260301", "a_20260301-2", "a_20260301-10", "a_20260302", "b"]
    shuffled = [names[at] for at in (2, 4, 0, 3, 1)]
    assert sorted(shuffled, key=in_order) == names


def test_the_same_bytes_are_another_delivery_for_another_resource():
    assert delivery_id("a", "00") == delivery_id("a", "00") != delivery_id("b", "00")


def kinds_raised():
    """Return the kinds with which the code refuses deliveries."""
    root = Path(__file__).parents[2]
    files = [p for room in ("ingestion", "orchestration") for p in (root / room).rglob("*.py")]
    calls = (n for file in files for n in ast.walk(ast.parse(file.read_text("utf-8"))))
    for call in calls:
        refuses = isinstance(call, ast.Call) and getattr(call.func, "id", "") == "DeliveryRefused"
        if refuses and isinstance(call.args[0], ast.Constant):
            yield call.args[0].value


def test_each_kind_of_refusal_has_words_for_people():
    kinds = set(kinds_raised())
    assert len(kinds) > 10
    assert kinds | {"not_a_file"} == set(REFUSALS)


@pytest.mark.parametrize(
    ("recorded", "told"),
    [
        (
            "empty: a.csv: the file holds nothing",
            "文件没有任何内容，请完整地重新报送（the file holds nothing）",
        ),
        (
            "empty: b.csv in a.zip: no",
            "文件没有任何内容，请完整地重新报送（b.csv in a.zip: no）",
        ),
        ("held, not judged yet: r: no table", "held, not judged yet: r: no table"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_recorded_reason_is_told_in_words(recorded, told):
    assert in_words(recorded, "a.csv") == told
