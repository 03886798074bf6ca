"""A day of the city, worked out from the truth by other means, is what the theme says."""

from __future__ import annotations

import polars as pl
import pytest

from demo.city.accounts import UTILITIES
from demo.city.build import build_city
from demo.city.usage import MeterWalk
from demo.size import SIZES
from tests.flow.conftest import SEED, Ran
from tests.flow.test_measures import released, same, truth, unplaced

pytestmark = pytest.mark.xdist_group("tiny_city")

CELL = ["district", "day"]
LATER = {"enterprises_registered", "enterprises_cancelled", "permits_issued", "penalties"}
USED = {"water": "water_m3", "power": "power_kwh", "gas": "gas_m3"}
EVENTS = {
    "water_outages": ("water_outage", "started_at"),
    "power_outages": ("power_outage", "started_at"),
    "complaints": ("hotline_complaint", "received_at"),
    "complaints_closed": ("hotline_complaint", "closed_at"),
    "births": ("birth_record", "event_date"),
    "deaths": ("death_record", "event_date"),
    "enterprises_registered": ("enterprises", "established_on"),
    "enterprises_cancelled": ("enterprises", "cancelled_on"),
    "permits_issued": ("permit", "issued_on"),
    "penalties": ("administrative_penalty", "decided_on"),
}


@pytest.fixture(scope="module")
def used(ran: Ran) -> pl.DataFrame:
    """Return what the city's meters counted each day, where the city can place them."""
    size = SIZES["tiny"]
    city = build_city(size, SEED, ran.city.catalog.vocabulary)
    nowhere = unplaced(ran)
    days = []
    for utility in UTILITIES:
        accounts = city.accounts[utility.name].select("meter_id", "account_number", "division")
        walk = MeterWalk(utility, city.accounts[utility.name], seed=SEED, days=size.days)
        lost = nowhere.filter(pl.col("utility") == utility.name)["account_number"].implode()
        place = pl.when(pl.col("account_number").is_in(lost)).then(pl.lit("unresolved"))
        days += [
            walk.day(index)
            .join(accounts.drop("account_number"), on="meter_id")
            .group_by(place.otherwise("division").alias("district"), pl.col("read_on").alias("day"))
            .agg(pl.col(f"usage_{utility.unit}").sum().alias(USED[utility.name]))
            for index in range(size.days)
        ]
    return pl.concat(days, how="diagonal")


def of_events(ran: Ran) -> dict[str, pl.DataFrame]:
    """Return how much of each measure there was, by district and day."""
    found = {}
    for measure, (table, day) in EVENTS.items():
        told = truth(ran, table).drop_nulls(day)
        place = [pl.col("division").alias("district"), pl.col(day).cast(pl.Date).alias("day")]
        found[measure] = told.group_by(place).agg(pl.len().cast(pl.Int64).alias(measure))
    outages = pl.concat([truth(ran, "water_outage"), truth(ran, "power_outage")])
    found["customers_interrupted"] = outages.group_by(
        pl.col("division").alias("district"), pl.col("started_at").cast(pl.Date).alias("day")
    ).agg(pl.col("households").sum().cast(pl.Int64).alias("customers_interrupted"))
    return found


@pytest.fixture(scope="module")
def expected(ran: Ran, used: pl.DataFrame) -> pl.DataFrame:
    """Return every measure: 0 from its first to its last day, null on others."""
    events = of_events(ran)
    first = min([used["day"].min(), *(f["day"].min() for m, f in events.items() if m not in LATER)])
    told = pl.concat([used.select(CELL), *(frame.select(CELL) for frame in events.values())])
    days = told.select(pl.col("day").unique()).filter(pl.col("day") >= first)
    read = used["day"].unique().implode()
    cells = told.select(pl.col("district").unique()).join(days, how="cross")
    for measure in USED.values():
        amount = used.group_by(CELL).agg(pl.col(measure).drop_nulls().sum())
        filled = pl.when(pl.col("day").is_in(read)).then(pl.col(measure).fill_null(0))
        cells = cells.join(amount, on=CELL, how="left").with_columns(filled)
    for measure, frame in events.items():
        low, high = pl.lit(frame["day"].min()), pl.lit(frame["day"].max())
        filled = pl.when(pl.col("day").is_between(low, high)).then(pl.col(measure).fill_null(0))
        cells = cells.join(frame, on=CELL, how="left").with_columns(filled)
    return cells


def test_each_day_is_what_truly_happened(ran, expected) -> None:
    found = released(ran, "city_daily")
    columns = [name for name in expected.columns if name in found.columns]
    assert len(columns) == len(expected.columns) == 2 + 3 + 11
    same(found.select(columns), expected, CELL)
    amounts = found.select(columns[2:]).sum().row(0)
    assert all(amount > 0 for amount in amounts), amounts
    assert found["births"].null_count() > 0  # of March nothing is told yet


def test_a_month_of_days_is_the_months_own_sum(ran) -> None:
    days = released(ran, "city_daily").filter(pl.col("day").dt.month() == 2)
    service = released(ran, "utility_service_quality").filter(pl.col("month") == "2026-02")
    outages = days.select("water_outages", "power_outages").sum().sum_horizontal().item()
    assert outages == service["outages"].sum()
    assert days["customers_interrupted"].sum() == service["customers_interrupted"].sum()
