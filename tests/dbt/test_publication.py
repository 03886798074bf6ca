"""What is read of the texts in which the public register tells of a body."""

from decimal import Decimal

import polars as pl
import pytest

from tests.dbt.conftest import Tables, row
from tests.dbt.raw_economy import FACTORY, PUBLISHED, published


@pytest.mark.parametrize(
    ("which", "amount", "currency", "known"),
    [
        ("yuan", "1178.3792", "CNY", "text"),
        ("dollars", "250", "USD", "text"),
        ("hongkong", "50", "HKD", "text"),
        ("whole", "15000", "CNY", "text"),
        ("small", "0.5", "CNY", "text"),
        pytest.param("ten_thousand", "30", None, "no_currency", id="ten thousand of what?"),
        pytest.param("bare", None, None, "unread", id="a number without any unit"),
        pytest.param("words", None, None, "unread", id="an amount in words"),
        pytest.param("blank", None, None, "none", id="nothing told"),
    ],
)
def test_capital_is_an_amount_of_a_currency(
    city: Tables, which: str, amount: str | None, currency: str | None, known: str
) -> None:
    found = row(city["legal_entity"], uscc=published(which))
    assert found["capital_amount"] == (None if amount is None else Decimal(amount))
    assert (found["capital_currency"], found["capital_known"]) == (currency, known)
    assert found["capital_text"] == PUBLISHED[which][2]
    assert found["registered_capital"] == (
        Decimal(amount) if amount and currency == "CNY" else None
    )


@pytest.mark.parametrize(
    ("which", "told", "division", "known"),
    [
        pytest.param("yuan", "520102", "520102", "address", id="a district of the city"),
        pytest.param("hongkong", "520302", "520302", "address", id="a district elsewhere"),
        pytest.param("small", "520321", "520304", "address", id="a former name"),
        pytest.param("blank", "520202", "520281", "address", id="succeeded twice"),
        pytest.param("whole", "520302", "520302", "code", id="the office of the code"),
        pytest.param("ten_thousand", "520322", "520322", "code", id="a city, and an office in it"),
        pytest.param("dollars", "520100", None, "region", id="the region that is told"),
        pytest.param("bare", "520400", None, "code", id="the city of the code"),
        pytest.param("words", None, None, "none", id="nothing says it"),
    ],
)
def test_division_is_where_a_body_is_registered(
    city: Tables, which: str, told: str | None, division: str | None, known: str
) -> None:
    found = row(city["legal_entity"], uscc=published(which))
    assert (found["registered_division"], found["division_known"]) == (told, known)
    assert found["division"] == division


@pytest.mark.parametrize(
    ("which", "industry", "known"),
    [
        ("yuan", "C29", "name"),
        ("hongkong", "F51", "scope"),
        pytest.param("ten_thousand", "K70", "scope", id="behind what every register prints"),
        pytest.param("bare", None, "unread", id="a scope of no known word"),
        pytest.param("small", None, "none", id="nothing but what every register prints"),
        pytest.param("blank", "J66", "name", id="of several words the last"),
    ],
)
def test_industry_is_read_of_the_name_or_of_the_scope(
    city: Tables, which: str, industry: str | None, known: str
) -> None:
    found = row(city["legal_entity"], uscc=published(which))
    assert (found["industry"], found["industry_known"]) == (industry, known)
    assert found["industry_section"] == (industry and industry[0])


@pytest.mark.parametrize(
    ("which", "kind", "known"),
    [
        pytest.param("dollars", "limited", "text", id="of two words the longer"),
        ("whole", "branch", "text"),
        ("blank", "branch", "name"),
        ("small", None, "unread"),
        ("hongkong", None, "none"),
    ],
)
def test_type_is_read_of_the_text_or_of_the_name(
    city: Tables, which: str, kind: str | None, known: str
) -> None:
    found = row(city["legal_entity"], uscc=published(which))
    assert (found["type"], found["type_known"]) == (kind, known)


def test_register_goes_before_its_publication(city: Tables) -> None:
    found = row(city["legal_entity"], uscc=FACTORY)
    assert (found["name"], found["known_from"]) == ("示例厂", "enterprise_registration")
    assert (found["registered_capital"], found["capital_known"]) == (Decimal("100.5"), "told")


def test_readings_add_up_to_the_entities(city: Tables) -> None:
    sums = city["legal_entity_reading"].group_by("field").agg(pl.col("entities").sum())
    assert set(sums["entities"]) == {city["legal_entity"].height}
    capital = city["legal_entity_reading"].filter(field="registered_capital", known="unread")
    assert capital.select("entities", "filled").row(0) == (2, 0)
