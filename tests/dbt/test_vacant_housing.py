"""Which dwellings are vacant, and for how long."""

from decimal import Decimal

import polars as pl
import pytest

from tests.dbt.conftest import Tables, row
from tests.dbt.raw_city import MONTHS

V, USED, U = "vacant", "occupied", "unknown"


def months(city: Tables, dwelling: str, column: str) -> list[object]:
    found = city["vacant_housing"].filter(dwelling_id=dwelling).sort("month")
    assert tuple(found["month"]) == MONTHS
    return found[column].to_list()


@pytest.mark.parametrize(
    ("dwelling", "status"),
    [
        pytest.param("long", [V] * 7, id="little of all three"),
        pytest.param("two", [V] * 7, id="no gas account: gas is not counted"),
        pytest.param("one", [U] * 7, id="one utility is too few"),
        pytest.param("used", [USED] * 7, id="used"),
        pytest.param("gap", [V, V, V, U, V, V, V], id="a month without bills"),
        pytest.param("off", [V, V, U, V, V, V, V], id="water off for more than five days"),
        pytest.param("merged", [V, V, V, V, V, U, U], id="an outage that has not ended"),
        pytest.param("shared", [U] * 7, id="two dwellings at one address"),
        pytest.param("shared2", [U] * 7, id="the other of the two"),
        pytest.param("lost", [V] * 7, id="in an abolished district"),
        pytest.param("nowhere", [U] * 7, id="at an address without accounts"),
    ],
)
def test_month_of_a_dwelling_is_judged(city: Tables, dwelling: str, status: list[str]) -> None:
    assert months(city, dwelling, "status") == status


def test_every_dwelling_has_a_row_for_every_month(city: Tables) -> None:
    assert city["vacant_housing"].height == city["registered_dwelling"].height * len(MONTHS)


def test_long_vacancy_begins_with_the_sixth_month_in_a_row(city: Tables) -> None:
    assert months(city, "long", "months_vacant_in_row") == [1, 2, 3, 4, 5, 6, 7]
    assert months(city, "long", "long_vacant") == [False] * 5 + [True] * 2


def test_month_that_is_not_known_ends_the_row(city: Tables) -> None:
    assert months(city, "gap", "months_vacant_in_row") == [1, 2, 3, 0, 1, 2, 3]
    assert not any(months(city, "gap", "long_vacant"))


def test_utility_without_a_bill_is_null_and_not_counted(city: Tables) -> None:
    month = row(city["vacant_housing"], dwelling_id="two", month="2026-01")
    assert (month["water_m3"], month["power_kwh"]) == (Decimal("0.5"), Decimal("0.5"))
    assert (month["gas_m3"], month["utilities_counted"]) == (None, 2)


def test_several_accounts_of_a_dwelling_add_up(city: Tables) -> None:
    month = row(city["vacant_housing"], dwelling_id="used", month="2026-01")
    assert month["power_kwh"] == Decimal("30.5")  # the dwelling's own and the hostel's


def test_outage_of_exactly_five_days_does_not_hide_a_vacancy(city: Tables) -> None:
    month = row(city["vacant_housing"], dwelling_id="long", month="2026-03")
    assert (month["outage_days"], month["status"]) == (Decimal(5), V)


def test_outage_of_a_district_reaches_its_streets(city: Tables) -> None:
    assert months(city, "off", "outage_days")[:2] == [Decimal(1), Decimal(0)]


def test_lasting_outage_is_counted_to_the_end_of_the_month(city: Tables) -> None:
    # It began on 10 June at midnight, city time.
    assert months(city, "merged", "outage_days")[5:] == [Decimal(21), Decimal(52)]


def test_dwelling_without_district_is_kept(city: Tables) -> None:
    unplaced = city["vacant_housing"].filter(pl.col("division").is_null())
    assert set(unplaced["dwelling_id"]) == {"lost", "nowhere"}


def test_row_names_the_deliveries_that_decided_it(city: Tables) -> None:
    month = row(city["vacant_housing"], dwelling_id="off", month="2026-03")
    placed = ("division", "dwelling", "standard_address")
    billed = ("water_account", "water_bill", "power_account", "power_bill")
    assert month["_deliveries"] == sorted(
        f"{name}-1" for name in (*placed, *billed, "water_outage")
    )
