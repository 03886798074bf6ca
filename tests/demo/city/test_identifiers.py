import datetime as dt

import numpy as np
import polars as pl
import pytest
from stdnum import luhn
from stdnum.cn import ric, uscc

from demo.city.identifiers import (
    citizen_ids,
    meter_numbers,
    scattered,
    usccs,
    wrong_last,
)


def some_ids(count=500):
    division = pl.Series(["520102", "520114", "520181", "510104"] * (count // 4))
    birth = pl.Series([dt.date(1940, 1, 1) + dt.timedelta(days=61 * n) for n in range(count)])
    return citizen_ids(division, birth, np.arange(count) % 1000)


def test_citizen_ids_have_right_check_characters():
    for number in some_ids():
        expected = ric.calc_check_digit(number)
        assert number[-1] == expected


def test_credit_codes_are_valid_and_distinct():
    codes = usccs(pl.Series(["520102", "520121"] * 1_000), start=77)
    assert codes.n_unique() == 2_000
    assert all(uscc.is_valid(code) for code in codes)


def test_organization_part_of_credit_codes_has_its_own_check_character():
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    for code in usccs(pl.Series(["520103"] * 300), start=5):
        part = code[8:17]
        total = sum(int(sign, 36) * weight for sign, weight in zip(part, weights, strict=False))
        assert part[8] == {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


@pytest.mark.parametrize("letter", ["W", "P", "G"])
def test_meter_numbers_end_with_a_luhn_digit(letter):
    meters = meter_numbers(letter, np.full(400, 2019), scattered(400, start=9, width=7))
    assert meters.n_unique() == 400
    assert all(m[0] == letter and m[1:3] == "19" and luhn.is_valid(m[1:]) for m in meters)


def test_scattered_numbers_do_not_meet():
    numbers = scattered(200_000, start=11, width=7)
    assert len(np.unique(numbers)) == 200_000
    assert numbers.max() < 10**7


def test_wrong_last_character_is_never_the_right_one():
    ids = some_ids().to_frame("id")
    wrong = ids.select(wrong_last("id"))["id"]
    assert (wrong != ids["id"]).all()
    assert all(ric.calc_check_digit(number) != number[-1] for number in wrong)
