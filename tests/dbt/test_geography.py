"""Divisions with history, and what is placed in a district by its address."""

import pytest

from tests.dbt.conftest import Tables, row
from tests.dbt.raw_city import SOUTH_STREET


@pytest.mark.parametrize(
    ("code", "current", "district"),
    [
        ("520102", "520102", "520102"),
        ("520114", "520111", "520111"),
        ("520116", "520111", "520111"),
        ("520117", None, None),
        ("520118", "520118", "520118"),
        ("520119", None, None),
        ("520100", "520100", None),
        (SOUTH_STREET, SOUTH_STREET, "520102"),
    ],
)
def test_division_follows_its_successors(
    city: Tables, code: str, current: str | None, district: str | None
) -> None:
    found = city["administrative_division"].filter(code=code)
    assert set(found.select("current_code", "district").rows()) == {(current, district)}


def test_renamed_division_keeps_its_history(city: Tables) -> None:
    assert city["administrative_division"].filter(code="520118").height == 2


@pytest.mark.parametrize(
    ("address", "division"),
    [("long", "520102"), ("merged", "520111"), ("lost", None), ("local", "520191")],
)
def test_address_lies_in_a_standing_district(
    city: Tables, address: str, division: str | None
) -> None:
    assert row(city["address"], address_code=address)["division"] == division


@pytest.mark.parametrize(
    ("table", "key", "placed"),
    [
        ("registered_building", "building_code", "long"),
        ("registered_dwelling", "dwelling_id", "long"),
    ],
)
def test_what_has_an_unknown_address_is_kept_without_division(
    city: Tables, table: str, key: str, placed: str
) -> None:
    assert row(city[table], **{key: placed})["division"] == "520102"
    assert row(city[table], **{key: "nowhere"})["division"] is None
