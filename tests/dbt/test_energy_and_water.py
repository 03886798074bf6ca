"""Billed use by district and by enterprise, with what cannot be placed in sight."""

from decimal import Decimal

import polars as pl
import pytest

from tests.dbt.conftest import Tables, row
from tests.dbt.raw_city import FACTORY, MONTHS, SHOP, STALL_KEEPER, Rows, bills


def billed(utility: str) -> Decimal:
    rows: Rows = bills(utility)
    return sum((row.get("usage_kwh", row.get("usage_m3")) for row in rows), Decimal(0))


@pytest.mark.parametrize("utility", ["water", "power", "gas"])
def test_districts_add_up_to_the_bills(city: Tables, utility: str) -> None:
    found = city["energy_and_water_by_district"].filter(utility=utility)
    assert found["usage"].sum() == billed(utility)
    assert found["accounts"].sum() == len(bills(utility))


def test_bill_of_an_unknown_account_is_unresolved(city: Tables) -> None:
    found = row(city["energy_and_water_by_district"], account_kind="unknown", utility="gas")
    assert (found["district"], found["division"]) == ("unresolved", None)
    assert (found["accounts"], found["month"]) == (1, "2026-01")


def test_account_without_address_is_unresolved_by_kind(city: Tables) -> None:
    found = city["energy_and_water_by_district"].filter(
        district="unresolved", month="2026-02", utility="power"
    )
    assert set(found["account_kind"]) == {"residential", "commercial", "industrial"}


def test_district_row_counts_accounts_and_names_its_unit(city: Tables) -> None:
    found = row(
        city["energy_and_water_by_district"],
        district="520111", month="2026-01", utility="power", account_kind="residential",
    )  # fmt: skip
    assert (found["accounts"], found["usage_unit"]) == (2, "kWh")
    assert (found["usage"], found["amount"]) == (Decimal(1), Decimal(2))


def test_enterprise_sums_its_accounts_wherever_they_lie(city: Tables) -> None:
    found = row(city["energy_and_water_by_enterprise"], uscc=FACTORY, month="2026-01")
    assert (found["accounts"], found["power_kwh"]) == (2, Decimal(1000))
    assert (found["water_m3"], found["division"]) == (None, "520111")


def test_home_held_by_an_enterprise_is_its_use(city: Tables) -> None:
    assert city["energy_and_water_by_enterprise"].filter(uscc=SHOP).height == len(MONTHS)


def test_unregistered_holder_is_counted_and_not_named(city: Tables) -> None:
    found = city["energy_and_water_by_enterprise"].filter(enterprise="unresolved")
    assert found["uscc"].null_count() == found.height == len(MONTHS)
    text = city["energy_and_water_by_enterprise"].select(pl.exclude("_deliveries").cast(str))
    assert not text.select(pl.any_horizontal(pl.all() == STALL_KEEPER).any()).item()


@pytest.mark.parametrize(
    ("account", "holder_kind", "division"),
    [
        ("factory", "legal_entity", "520102"),
        ("workshop", "legal_entity", None),
        ("stall", "unknown", None),
        ("long", "unknown", "520102"),
        ("two", "person", "520102"),
    ],
)
def test_account_is_placed_and_its_holder_looked_up(
    city: Tables, account: str, holder_kind: str, division: str | None
) -> None:
    found = row(city["utility_account"], utility="power", account_number=account)
    assert (found["holder_kind"], found["division"]) == (holder_kind, division)
