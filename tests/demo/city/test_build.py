import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

TABLES = (
    "people", "enterprises", "dwellings", "buildings", "addresses", "accounts", "usage", "vacancy",
    "water_outage", "power_outage", "hotline_complaint", "birth_record", "death_record",
    "gas_safety_inspection", "social_insurance_payment", "tax_payment", "permit",
    "administrative_penalty", "low_income_household", "macro_indicator",
    "water_pressure",
)  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_every_district_has_some_of_everything(home, table):
    frame = home.city(table)
    division = "domicile_division" if table == "people" else "division"
    recipients = {d.code for d in home.catalog.vocabulary.recipients()}
    assert recipients <= set(frame[division])


def test_nearly_every_district_has_a_vacant_dwelling_each_month(home):
    vacant = home.city("vacancy").filter(pl.col("status") == "vacant")
    counts = vacant.group_by("month").agg(pl.col("division").n_unique())["division"]
    assert min(counts) >= 13


def test_long_outage_makes_its_district_unknown(home):
    vacancy = home.city("vacancy")
    unknown = vacancy.filter(pl.col("reason") == "long_outage")
    assert set(unknown["status"]) == {"unknown"}
    assert set(unknown["division"]) == {"520194"}
    assert set(unknown["month"]) == {"2026-02"}


def test_vacancy_follows_from_usage_by_its_definition(home):
    limits = {"water": Decimal(1), "power": Decimal(10), "gas": Decimal(1)}
    used = {}
    for row in home.city("usage").iter_rows(named=True):
        if row["dwelling_id"]:
            here = used.setdefault((row["dwelling_id"], row["month"]), [])
            here.append(row["usage"] < limits[row["utility"]])
    judged = home.city("vacancy").filter(pl.col("reason").ne_missing("long_outage"))
    for row in judged.iter_rows(named=True):
        little = used.get((row["dwelling_id"], row["month"]), [])
        if len(little) < 2:
            assert row["status"] == "unknown"
        else:
            assert row["status"] == ("vacant" if all(little) else "occupied")


def test_exactly_one_cubic_metre_is_no_vacancy(home):
    water = home.city("usage").filter(
        (pl.col("utility") == "water") & (pl.col("usage") == Decimal("1.00"))
    )
    vacancy = home.city("vacancy").join(water, on=["dwelling_id", "month"], how="semi")
    assert vacancy.height > 0
    assert "vacant" not in set(vacancy["status"])


def test_some_dwellings_lack_a_utility(home):
    homes = home.city("accounts").filter(pl.col("dwelling_id").is_not_null())
    served = homes.group_by("dwelling_id").agg(pl.col("utility").n_unique())["utility"]
    assert set(served) == {1, 2, 3}


def test_each_person_has_an_identifier_of_their_own(home):
    people = home.city("people")
    assert people["citizen_id"].n_unique() == people.height
    assert (
        people["citizen_id"].str.slice(6, 8) == people["birth_date"].dt.strftime("%Y%m%d")
    ).all()
    male = people["citizen_id"].str.slice(16, 1).cast(pl.Int64) % 2 == 1
    assert (male == (people["sex"] == "1")).all()


def test_the_dead_are_cancelled_on_the_day_after(home):
    died = home.city("people").filter(pl.col("died_on").is_not_null())
    assert died.height == home.city("death_record").height
    assert (died["cancelled_on"] - died["died_on"] == dt.timedelta(days=1)).all()


@pytest.mark.parametrize("column", ["account_number", "meter_id"])
def test_accounts_and_meters_are_distinct(home, column):
    accounts = home.city("accounts")
    assert accounts.select("utility", column).n_unique() == accounts.height


def test_holders_of_accounts_are_people_or_enterprises_of_the_city(home):
    known = set(home.city("people")["citizen_id"]) | set(home.city("enterprises")["uscc"])
    assert set(home.city("accounts")["holder_id_or_uscc"]) <= known
