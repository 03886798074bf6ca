"""Address texts are read as standard addresses, or kept with the reason why they are not."""

import pytest

from tests.dbt.conftest import Tables, row
from tests.dbt.raw_city import TEXTS


@pytest.mark.parametrize(
    ("who", "reading", "address", "division"),
    [
        ("long", "exact", "long", "520102"),
        ("two", "alias", "two", "520102"),
        ("shared", "slip", "shared", "520102"),
        ("gap", "ambiguous", None, None),
        ("used", "unread", None, None),
    ],
)
def test_text_is_read_as_the_one_address_that_it_names(
    city: Tables, who: str, reading: str, address: str | None, division: str | None
) -> None:
    found = row(city["address_reading"], address_text=TEXTS[who])
    assert (found["reading"], found["address_code"]) == (reading, address)
    assert found["division"] == division
    assert found["candidates"] == {"ambiguous": 2, "unread": 0}.get(reading, 1)


def test_reading_names_the_deliveries_of_text_and_address(city: Tables) -> None:
    found = row(city["address_reading"], address_text=TEXTS["two"])
    assert found["_deliveries"] == ["division-1", "standard_address-1", "water_account-1"]


def test_no_text_is_lost(city: Tables) -> None:
    assert set(TEXTS.values()) <= set(city["address_reading"]["address_text"])
