"""Expectations of this city's data that Great Expectations has no class for, and their metrics.

Keep out: expectations that any Polars user could want (gx_polars/expectations.py).
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any, ClassVar

import polars as pl
from great_expectations.expectations.expectation import (
    ColumnMapExpectation,
    ColumnPairMapExpectation,
    MulticolumnMapExpectation,
)

from quality import arithmetic, garbled, identifiers
from quality.gx_polars.providers import MULTI, PAIR, Asked, row_rule

MALE = ("1", "男", "男性", "M")
FEMALE = ("2", "女", "女性", "F")


class ExpectCellToBeOfDeclaredType(ColumnPairMapExpectation):
    """Expect a typed value (A) wherever the text as delivered (B) is not blank."""

    map_metric: ClassVar[str] = "column_pair_values.cell_is_typed"


class ExpectColumnTextToLieBetween(ColumnMapExpectation):
    """Expect texts that sort as they mean (months, codes) to lie between two others."""

    min_text: str | None = None
    max_text: str | None = None
    map_metric: ClassVar[str] = "column_values.text_between"
    success_keys: ClassVar[tuple[str, ...]] = ("min_text", "max_text", "mostly")


class ExpectColumnTextToBeSound(ColumnMapExpectation):
    """Expect texts without signs of a failed decoding and without control characters."""

    map_metric: ClassVar[str] = "column_values.sound"


class ExpectColumnValuesToBeUscc(ColumnMapExpectation):
    """Expect unified social credit codes with their check character (GB 32100-2015)."""

    map_metric: ClassVar[str] = "column_values.uscc"


class ExpectColumnValuesToBeOrganizationCode(ColumnMapExpectation):
    """Expect organization codes with their check character (GB 11714-1997)."""

    map_metric: ClassVar[str] = "column_values.organization_code"


class ExpectColumnValuesToBeMeterNumber(ColumnMapExpectation):
    """Expect numbers of water, power and gas meters with their Luhn digit."""

    map_metric: ClassVar[str] = "column_values.meter_number"


class ExpectColumnValuesToBeBankCard(ColumnMapExpectation):
    """Expect bank card numbers with their Luhn digit."""

    map_metric: ClassVar[str] = "column_values.bank_card"


class ExpectColumnValuesToBeCitizenId(ColumnMapExpectation):
    """Expect citizen IDs with a birth date that exists and their check character (GB 11643)."""

    born_until: str | None = None
    map_metric: ClassVar[str] = "column_values.citizen_id"
    success_keys: ClassVar[tuple[str, ...]] = ("born_until", "mostly")


class ExpectColumnValuesToBeUsccOrCitizenId(ColumnMapExpectation):
    """Expect credit codes of bodies or citizen IDs of persons."""

    born_until: str | None = None
    map_metric: ClassVar[str] = "column_values.uscc_or_citizen_id"
    success_keys: ClassVar[tuple[str, ...]] = ("born_until", "mostly")


class ExpectIdentityToAgree(MulticolumnMapExpectation):
    """Expect sex and birth date to be those of the citizen ID, which comes first."""

    sex: str | None = None
    birth_date: str | None = None
    map_metric: ClassVar[str] = "multicolumn_values.identity_agrees"
    success_keys: ClassVar[tuple[str, ...]] = ("sex", "birth_date", "mostly")


class ExpectTotalToBeSumOfParts(MulticolumnMapExpectation):
    """Expect the first column to be the sum of the others; a missing part counts as zero."""

    tolerance: float = 0.0
    map_metric: ClassVar[str] = "multicolumn_values.total_is_sum"
    success_keys: ClassVar[tuple[str, ...]] = ("tolerance", "mostly")


class ExpectAmountToBeProductOfFactors(MulticolumnMapExpectation):
    """Expect the first column to be the product of the others."""

    tolerance: float = 0.0
    map_metric: ClassVar[str] = "multicolumn_values.amount_is_product"
    success_keys: ClassVar[tuple[str, ...]] = ("tolerance", "mostly")


class ExpectBillToFollowTariff(MulticolumnMapExpectation):
    """Expect an amount to be quantities times the rates of a day: [amount, quantities…, day].

    `rates` are [first day, last day or null, [rate of each quantity]].
    """

    rates: list[Any]
    tolerance: float = 0.0
    map_metric: ClassVar[str] = "multicolumn_values.bill_follows_tariff"
    success_keys: ClassVar[tuple[str, ...]] = ("rates", "tolerance", "mostly")


def _between(asked: Asked) -> pl.Expr:
    low, high = asked.values["min_text"], asked.values["max_text"]
    column, tests = asked.columns[0], [pl.lit(value=True)]
    tests += [column >= pl.lit(low)] if low is not None else []
    tests += [column <= pl.lit(high)] if high is not None else []
    return pl.all_horizontal(tests)


def _until(asked: Asked) -> dt.date | None:
    written = asked.values["born_until"]
    return None if written is None else dt.date.fromisoformat(written)


def _citizen_id(asked: Asked) -> pl.Expr:
    old = asked.columns[0].str.contains(identifiers.OLD_CITIZEN_ID)  # refused by its own rule
    return old | identifiers.citizen_id(asked.columns[0], _until(asked))


def _either(asked: Asked) -> pl.Expr:
    column = asked.columns[0]
    return identifiers.uscc(column) | identifiers.citizen_id(column, _until(asked))


def _identity(asked: Asked) -> pl.Expr:
    """Judge only where the number itself is right: a false one has its own rule."""
    number = asked.columns[0]
    tests = []
    if asked.values["sex"] is not None:
        sex, male = pl.col(asked.values["sex"]), identifiers.is_male(number)
        tests += [~(sex.is_in(MALE) & ~male), ~(sex.is_in(FEMALE) & male)]
    if asked.values["birth_date"] is not None:
        born = pl.col(asked.values["birth_date"])
        tests.append(born == identifiers.birth_date(number))
    agrees = pl.all_horizontal([test.fill_null(value=True) for test in tests])
    return agrees | ~identifiers.citizen_id(number).fill_null(value=False)


@cache
def register() -> None:
    """Register the metrics of these expectations, once a process."""
    row_rule(
        "column_pair_values.cell_is_typed",
        lambda a: a.columns[0].is_not_null() | a.columns[1].is_null(),
        domain=PAIR,
    )
    row_rule("column_values.text_between", _between, values=("min_text", "max_text"))
    row_rule("column_values.sound", lambda a: garbled.is_sound(a.columns[0]))
    row_rule("column_values.uscc", lambda a: identifiers.uscc(a.columns[0]))
    row_rule(
        "column_values.organization_code",
        lambda a: identifiers.organization_code(a.columns[0]),
    )
    row_rule("column_values.meter_number", lambda a: identifiers.meter_number(a.columns[0]))
    row_rule("column_values.bank_card", lambda a: identifiers.bank_card(a.columns[0]))
    row_rule("column_values.citizen_id", _citizen_id, values=("born_until",))
    row_rule("column_values.uscc_or_citizen_id", _either, values=("born_until",))
    row_rule(
        "multicolumn_values.identity_agrees",
        _identity,
        domain=MULTI,
        values=("sex", "birth_date"),
    )
    row_rule(
        "multicolumn_values.total_is_sum", arithmetic.total, domain=MULTI, values=("tolerance",)
    )
    row_rule(
        "multicolumn_values.amount_is_product",
        arithmetic.product,
        domain=MULTI,
        values=("tolerance",),
    )
    row_rule(
        "multicolumn_values.bill_follows_tariff",
        arithmetic.bill,
        domain=MULTI,
        values=("rates", "tolerance"),
    )
