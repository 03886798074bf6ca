"""Persons and households from residents, births and deaths."""

import datetime as dt

import polars as pl
import pytest

from tests.dbt.conftest import Tables, row


@pytest.mark.parametrize(
    ("citizen", "status", "known_from"),
    [
        ("wife", "living", "resident"),
        ("husband", "deceased", "resident"),
        ("moved", "cancelled", "resident"),
        ("newborn", "living", "birth_record"),
        ("visitor", "deceased", "death_record"),
    ],
)
def test_person_is_known_from_the_register_that_lists_it(
    city: Tables, citizen: str, status: str, known_from: str
) -> None:
    person = row(city["person"], citizen_id=citizen)
    assert (person["status"], person["known_from"]) == (status, known_from)


def test_no_citizen_is_lost_or_doubled(city: Tables) -> None:
    assert sorted(city["person"]["citizen_id"]) == [
        "alone", "husband", "lodger", "moved", "newborn", "visitor", "wife",
    ]  # fmt: skip


def test_earliest_of_two_death_records_counts(city: Tables) -> None:
    assert row(city["person"], citizen_id="husband")["died_on"] == dt.date(2026, 1, 2)


def test_resident_register_goes_before_birth_record(city: Tables) -> None:
    person = row(city["person"], citizen_id="wife")
    assert (person["name"], person["birth_date"]) == ("wife", dt.date(1980, 1, 1))


def test_person_at_an_unknown_address_is_kept_without_division(city: Tables) -> None:
    unplaced = city["person"].filter(pl.col("division").is_null())
    assert set(unplaced["citizen_id"]) == {"moved", "alone", "newborn", "visitor"}


def test_person_names_the_deliveries_that_made_it(city: Tables) -> None:
    assert row(city["person"], citizen_id="husband")["_deliveries"] == [
        "death_record-1", "division-1", "resident-1", "standard_address-1",
    ]  # fmt: skip


def test_household_lives_where_most_living_members_do(city: Tables) -> None:
    household = row(city["household"], household_number="H1")
    assert (household["members"], household["persons"], household["addresses"]) == (2, 3, 2)
    # One living member at each address: the lower code wins.
    assert household["address_code"] == "long"


def test_household_without_living_members_stays(city: Tables) -> None:
    household = row(city["household"], household_number="H2")
    assert (household["members"], household["division"]) == (0, None)
