"""Check characters, against python-stdnum on random and mutated codes."""

from __future__ import annotations

import datetime as dt
import random

import polars as pl
import pytest
from stdnum import luhn
from stdnum.cn import ric, uscc

from quality import identifiers

ALPHABET = identifiers.CREDIT


def check(function, codes, **more):
    return (
        pl.DataFrame({"c": codes}, schema={"c": pl.String})
        .select(function(pl.col("c"), **more))["c"]
        .to_list()
    )


def random_uscc(rng):
    front = "".join(rng.choice("0123456789") for _ in range(8))
    body = front + "".join(rng.choice(ALPHABET) for _ in range(9))
    return body + uscc.calc_check_digit(body)


def random_citizen_id(rng):
    born = dt.date(1920, 1, 1) + dt.timedelta(days=rng.randrange(38_000))
    body = f"5201{rng.randrange(100):02d}{born:%Y%m%d}{rng.randrange(1000):03d}"
    return body + ric.calc_check_digit(body + "0")


def random_digits(rng, length):
    body = "".join(rng.choice("0123456789") for _ in range(length - 1))
    return body + luhn.calc_check_digit(body)


def mutated(rng, code, alphabet):
    place = rng.randrange(len(code))
    kind = rng.randrange(4)
    if kind == 0:
        return code[:place] + code[place + 1 :]
    if kind == 1 and place + 1 < len(code):
        return code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    return code[:place] + rng.choice(alphabet) + code[place + 1 :]


def both(rng, make, alphabet, count=3000):
    good = [make(rng) for _ in range(count)]
    return good + [mutated(rng, code, alphabet) for code in good]


def test_credit_codes_agree_with_stdnum():
    codes = both(random.Random(1), random_uscc, ALPHABET + "IOSVZ-a ")

    def expected(code):
        return len(code) == 18 and code == code.upper().strip() and uscc.is_valid(code)

    assert check(identifiers.uscc, codes) == [expected(c) for c in codes]


def test_citizen_ids_agree_with_stdnum():
    codes = both(random.Random(2), random_citizen_id, "0123456789Xx")

    def expected(code):
        if len(code) != 18 or not code[:17].isdigit():
            return False
        try:
            born = ric.get_birth_date(code)
        except ValueError:
            return False
        return born.year >= 1800 and ric.calc_check_digit(code) == code[17]

    assert check(identifiers.citizen_id, codes) == [expected(c) for c in codes]


@pytest.mark.parametrize("length", [13, 16, 17, 19])
def test_bank_cards_agree_with_stdnum(length):
    codes = both(random.Random(3), lambda rng: random_digits(rng, length), "0123456789", 500)
    expected = [13 <= len(c) <= 19 and luhn.is_valid(c) for c in codes]
    assert check(identifiers.bank_card, codes) == expected


def test_meter_numbers_agree_with_stdnum():
    codes = [
        "WPGX"[n % 4] + c
        for n, c in enumerate(both(random.Random(4), lambda r: random_digits(r, 10), "0123456789A"))
    ]

    def expected(code):
        return (
            code[0] in "WPG" and len(code) == 11 and code[1:].isdigit() and luhn.is_valid(code[1:])
        )

    assert check(identifiers.meter_number, codes) == [expected(c) for c in codes]


@pytest.mark.parametrize(
    ("function", "code", "expected"),
    [
        (identifiers.uscc, "91110000600037341L", True),
        (identifiers.uscc, "91110000600037341l", False),
        (identifiers.uscc, "N/A", False),
        (identifiers.uscc, "", False),
        (identifiers.uscc, "９１１１０００", False),
        (identifiers.uscc, "贵州示例公司", False),
        (identifiers.uscc, None, None),
        (identifiers.organization_code, "600037341", True),
        (identifiers.organization_code, "600037342", False),
        (identifiers.organization_code, "60003734-1", False),
        (identifiers.citizen_id, "11010519491231002X", True),
        (identifiers.citizen_id, "11010519491231002x", False),
        (identifiers.citizen_id, "440524188001010014", True),
        (identifiers.citizen_id, "110105491231002", False),
        (identifiers.citizen_id, None, None),
        (identifiers.mobile, "13800138000", True),
        (identifiers.mobile, "12800138000", False),
        (identifiers.mobile, "138001380000", False),
        (identifiers.plate, "贵A12345", True),
        (identifiers.plate, "贵AD12345", True),
        (identifiers.plate, "贵AX12345", False),
        (identifiers.plate, "贵B12345", False),
        (identifiers.meter_number, None, None),
        (identifiers.bank_card, None, None),
    ],
)
def test_a_code_is_judged_by_its_shape_and_its_check(function, code, expected):
    assert check(function, [code]) == [expected]


def test_a_birth_date_after_today_is_refused_and_today_is_not():
    code = "52010220260301001"
    code += ric.calc_check_digit(code + "0")
    assert check(identifiers.citizen_id, [code], today=dt.date(2026, 3, 1)) == [True]
    assert check(identifiers.citizen_id, [code], today=dt.date(2026, 2, 28)) == [False]
    assert check(identifiers.citizen_id, [code]) == [True]


@pytest.mark.parametrize("day", ["19000229", "20010229", "20260431", "20261301", "20260100"])
def test_a_day_that_never_was_is_refused(day):
    code = f"520102{day}001"
    code += ric.calc_check_digit(code + "0")
    assert check(identifiers.citizen_id, [code]) == [False]


def test_a_sliced_column_is_read_from_its_own_place():
    codes = pl.Series("c", ["x" * 18, "91110000600037341L", None, "91110000600037341L"])
    found = codes.slice(1).to_frame().select(identifiers.uscc(pl.col("c")))["c"].to_list()
    assert found == [True, None, True]
