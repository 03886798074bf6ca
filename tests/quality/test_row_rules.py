"""Row rules beyond an item's own words: what each refuses, and what it lets pass."""

from __future__ import annotations

import datetime as dt

import pytest

from catalog.vocabulary import Code, Division, Tariff
from tests.quality.rows import few, refused
from tests.quality.water import vocabulary

DAY = dt.date


def words():
    """Return a vocabulary with a division that ended, areas, industries and a tariff."""
    divisions = tuple(
        Division(code=code, name=code, level="district", valid_from=since, valid_to=until,
                 successor=after)
        for code, since, until, after in [
            ("520111", DAY(1958, 1, 1), None, None),
            ("520114", DAY(2000, 1, 1), DAY(2012, 11, 14), "520111"),
            ("520199", DAY(2000, 1, 1), DAY(2001, 1, 1), None),
            ("520199", DAY(2010, 1, 1), None, None),
        ]
    )  # fmt: skip
    tariffs = (
        Tariff(name="water", title="水价", rates=("2.70", "3.50"), source="s",
               valid_from=DAY(2024, 1, 1), valid_to=DAY(2025, 12, 31)),
        Tariff(name="water", title="水价", rates=("3.00", "4.00"), source="s",
               valid_from=DAY(2026, 1, 1)),
    )  # fmt: skip
    industry = tuple(Code(code=code, title=code) for code in ("A", "A01", "C25"))
    return vocabulary().model_copy(
        update={
            "divisions": divisions,
            "tariffs": tariffs,
            "code_lists": {"industry": industry},
            "area_codes": {"1101": "01 02", "5201": "03"},
        }
    )


PHONES = {
    "land_line": (["085186669999", "0851-86669999", None], ["86669999", "02886669999", "0851866"]),
    "phone": (["13800138000", "085186669999"], ["12800138000", "1380013800", "电话"]),
    "mobile": (["13800138000", "19912345678"], ["12800138000", "085186669999"]),
    "industry": (["A", "A01", "A011", "C2511"], ["U99", "A1", "a01", "C25111", "01"]),
}


@pytest.mark.parametrize("kind", PHONES)
def test_numbers_have_the_shape_of_their_kind(tmp_path, kind):
    good, bad = PHONES[kind]
    rows = [(text,) for text in [*good, *bad]]
    found = refused(few([{kind: {"item": "x"}}], x="text"), rows, tmp_path, vocabulary=words())
    wrong = range(len(good) + 1, len(rows) + 1)
    assert set(found) == set(wrong)
    assert all("bad_check_character:x" in why for why in found.values())


def test_an_industry_of_the_right_shape_must_stand_in_the_list(tmp_path):
    of = few([{"industry": {"item": "x"}}], x="text")
    found = refused(of, [("C25",), ("B06",), ("B",)], tmp_path, vocabulary=words())
    assert found == {2: ["unknown_industry:x"], 3: ["unknown_industry:x"]}


def test_a_citizen_id_begins_with_a_code_that_was_once_in_force(tmp_path):
    of = few([{"citizen_id": {"item": "x"}}], x="text")
    ids = [("11010519491231002X",), ("110101194912310023",), ("520114199001011236",)]
    found = refused(of, ids, tmp_path, vocabulary=words())
    assert found[1] == ["unknown_division:x"]
    assert "unknown_division:x" not in found.get(2, [])
    assert "unknown_division:x" not in found.get(3, [])


def test_without_a_list_of_areas_any_division_may_begin_a_citizen_id(tmp_path):
    of = few([{"citizen_id": {"item": "x"}}], x="text")
    assert refused(of, [("11010519491231002X",)], tmp_path) == {}


DIVISIONS = [
    (("520114", "2012-11-14"), True),
    (("520114", "2012-11-15"), False),
    (("520114", "1999-12-31"), False),
    (("520111", "2026-03-01"), True),
    (("520199", "2000-06-01"), True),
    (("520199", "2005-06-01"), False),
    (("520199", "2026-06-01"), True),
    (("999999", "2026-03-01"), False),
    ((None, "2026-03-01"), True),
    (("520114", None), True),
]


@pytest.mark.parametrize(("row", "good"), DIVISIONS)
def test_a_division_is_judged_as_of_the_day_of_its_record(tmp_path, row, good):
    of = few([{"division": {"item": "x", "day": "on"}}], x="text", on="day")
    found = refused(of, [row], tmp_path, vocabulary=words())
    assert found == ({} if good else {1: ["division_not_in_force:x+on"]})


@pytest.mark.parametrize(
    ("kind", "on", "good"),
    [
        ("month", "2012-11", True),
        ("month", "2012-12", False),
        ("instant", "2012-11-14 23:30", True),
        ("instant", "2012-11-15 00:30", False),
    ],
)
def test_a_division_is_judged_by_the_days_of_a_month_and_by_the_city_s_clock(
    tmp_path, kind, on, good
):
    of = few([{"division": {"item": "x", "day": "on"}}], x="text", on=kind)
    assert (refused(of, [("520114", on)], tmp_path, vocabulary=words()) == {}) is good


def test_a_division_without_a_day_needs_only_be_known(tmp_path):
    of = few([{"division": {"item": "x"}}], x="text")
    found = refused(of, [("520114",), ("999999",)], tmp_path, vocabulary=words())
    assert found == {2: ["division_not_in_force:x"]}


TARIFFS = [
    (("6.20", "1", "1", "2025-12"), True),
    (("6.20", "1", "1", "2026-01"), False),
    (("7.00", "1", "1", "2026-01"), True),
    (("7.01", "1", "1", "2026-01"), True),
    (("7.02", "1", "1", "2026-01"), False),
    (("3.00", "1", None, "2026-01"), True),
    (("1.00", "1", "1", "2023-12"), False),
    ((None, "1", "1", "2026-01"), True),
]


@pytest.mark.parametrize(("row", "good"), TARIFFS)
def test_a_bill_follows_the_rates_of_its_month(tmp_path, row, good):
    rule = {"tariff": {"item": "a", "of": ["t1", "t2"], "tariff": "water", "day": "on"}}
    of = few([rule], a="money", t1="money", t2="money", on="month")
    found = refused(of, [row], tmp_path, vocabulary=words())
    assert found == ({} if good else {1: ["not_by_tariff:a"]})


@pytest.mark.parametrize(
    ("row", "good"),
    [
        (("6.00", "2", "3.00"), True),
        (("6.01", "2", "3.00"), True),
        (("6.02", "2", "3.00"), False),
        (("6.02", None, "3.00"), True),
        ((None, "2", "3.00"), True),
    ],
)
def test_an_amount_is_the_product_of_its_factors(tmp_path, row, good):
    of = few([{"product": {"item": "a", "of": ["n", "p"]}}], a="money", n="whole", p="money")
    assert refused(of, [row], tmp_path) == ({} if good else {1: ["not_product:a"]})
