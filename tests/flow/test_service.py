"""Service of the utilities, worked out from the truth by other means, is what the theme says."""

from __future__ import annotations

import polars as pl
import pytest

from tests.flow.conftest import Ran
from tests.flow.test_measures import ACCOUNT, UTILITIES, released, same, truth, unplaced

pytestmark = pytest.mark.xdist_group("tiny_city")

CELL = ["district", "utility", "month"]
NORM = 0.14  # MPa: what the city asks of the mains
SOURCES = {
    "outage": ("outages", "outages_planned", "outages_unended", "customers_interrupted",
               "customer_seconds"),
    "hotline": ("complaints", "complaints_closed", "seconds_to_close"),
    "pressure": ("pressure_readings", "pressure_low"),
    "inspection": ("inspections", "hazards_serious", "inspections_refused",
                   "inspections_overdue", "customers_uninspected"),
}  # fmt: skip


def month(day: str) -> pl.Expr:
    return pl.col(day).dt.strftime("%Y-%m").alias("month")


def count(condition: pl.Expr, name: str) -> pl.Expr:
    return condition.sum().cast(pl.Int64).alias(name)


@pytest.fixture(scope="module")
def accounts(ran: Ran) -> pl.DataFrame:
    """Return the accounts with the district in which the city can place them."""
    nowhere = unplaced(ran).with_columns(pl.lit(value=True).alias("nowhere"))
    every = truth(ran, "accounts").join(nowhere, on=ACCOUNT, how="left")
    place = pl.when(pl.col("nowhere").is_null()).then("division").otherwise(pl.lit("unresolved"))
    return every.with_columns(
        place.alias("district"),
        month("opened_on").alias("begun"),
        month("closed_on").fill_null("9999-99").alias("ended"),
    )


def of_outages(ran: Ran) -> pl.DataFrame:
    told = pl.concat(
        truth(ran, f"{utility}_outage").with_columns(pl.lit(utility).alias("utility"))
        for utility in ("water", "power")
    )
    lasted = (pl.col("ended_at") - pl.col("started_at")).dt.total_seconds()
    return told.group_by(pl.col("division").alias("district"), "utility", month("started_at")).agg(
        pl.len().cast(pl.Int64).alias("outages"),
        count(pl.col("kind") == "planned", "outages_planned"),
        count(pl.col("ended_at").is_null(), "outages_unended"),
        pl.col("households").sum().cast(pl.Int64).alias("customers_interrupted"),
        (lasted * pl.col("households")).sum().cast(pl.Int64).alias("customer_seconds"),
    )


def of_complaints(ran: Ran) -> pl.DataFrame:
    told = truth(ran, "hotline_complaint").filter(pl.col("topic").is_in(UTILITIES))
    took = (pl.col("closed_at") - pl.col("received_at")).dt.total_seconds()
    place = [pl.col("division").alias("district"), pl.col("topic").alias("utility")]
    return told.group_by(*place, month("received_at")).agg(
        pl.len().cast(pl.Int64).alias("complaints"),
        count(pl.col("closed_at").is_not_null(), "complaints_closed"),
        took.sum().cast(pl.Int64).alias("seconds_to_close"),
    )


def of_pressure(ran: Ran) -> pl.DataFrame:
    place = [pl.col("division").alias("district"), pl.lit("water").alias("utility")]
    return truth(ran, "water_pressure").group_by(*place, month("measured_on")).agg(
        pl.len().cast(pl.Int64).alias("pressure_readings"),
        count(pl.col("lowest_mpa").cast(pl.Float64) < NORM, "pressure_low"),
    )  # fmt: skip


def of_inspections(ran: Ran, accounts: pl.DataFrame, months: list[str]) -> pl.DataFrame:
    """Return what was inspected in each month, and what was overdue at its end."""
    made = truth(ran, "gas_safety_inspection")
    gas = accounts.filter(pl.col("utility") == "gas")
    where = made.join(gas.select("account_number", "district"), on="account_number", how="left")
    place = [pl.col("district").fill_null("unresolved"), pl.lit("gas").alias("utility")]
    counts = where.group_by(*place, month("inspected_on")).agg(
        pl.len().cast(pl.Int64).alias("inspections"),
        count(pl.col("result") == "serious", "hazards_serious"),
        count(pl.col("result") == "refused", "inspections_refused"),
    )
    states = []
    for each in months:
        known = made.filter(month("inspected_on") <= each, pl.col("next_due").is_not_null())
        last = known.sort("inspected_on").group_by("account_number").last()
        open_ = gas.filter(pl.col("begun") <= each, pl.col("ended") > each)
        due = open_.join(last, on="account_number", how="left")
        states.append(
            due.group_by("district", pl.lit("gas").alias("utility"), pl.lit(each).alias("month"))
            .agg(
                count((month("next_due") <= each).fill_null(value=False), "inspections_overdue"),
                count(pl.col("next_due").is_null(), "customers_uninspected"),
            )
        )  # fmt: skip
    return counts.join(pl.concat(states), on=CELL, how="full", coalesce=True)


@pytest.fixture(scope="module")
def expected(ran: Ran, accounts: pl.DataFrame) -> pl.DataFrame:
    """Return every measure; 0 within the months of its source, null outside."""
    made = truth(ran, "gas_safety_inspection").select(month("inspected_on"))["month"]
    months = sorted({*of_outages(ran)["month"], *of_complaints(ran)["month"],
                     *of_pressure(ran)["month"], *made})  # fmt: skip
    inspected = [each for each in months if made.min() <= each <= made.max()]
    parts = {
        "outage": of_outages(ran),
        "hotline": of_complaints(ran),
        "pressure": of_pressure(ran),
        "inspection": of_inspections(ran, accounts, inspected),
    }
    open_ = (pl.col("begun") <= pl.col("month")) & (pl.col("ended") > pl.col("month"))
    customers = (
        accounts.join(pl.DataFrame({"month": months}), how="cross")
        .filter(open_)
        .group_by(CELL)
        .agg(pl.len().cast(pl.Int64).alias("customers"))
    )
    districts = sorted({*accounts["division"], *accounts["district"]})
    cells = (
        pl.DataFrame({"district": districts})
        .join(pl.DataFrame({"utility": UTILITIES}), how="cross")
        .join(pl.DataFrame({"month": months}), how="cross")
        .join(customers, on=CELL, how="left")
        .with_columns(pl.col("customers").fill_null(0))
    )
    for name, part in parts.items():
        cells = with_part(cells, name, part)
    return cells


def with_part(cells: pl.DataFrame, name: str, part: pl.DataFrame) -> pl.DataFrame:
    """Add the measures of a source to the cells; the hotline speaks of all utilities alike."""
    spans = part.group_by("utility").agg(
        pl.col("month").min().alias("first"), pl.col("month").max().alias("last")
    )
    if name == "hotline":
        low, high = spans["first"].min(), spans["last"].max()
        spans = pl.DataFrame({"utility": UTILITIES, "first": low, "last": high})
    within = pl.col("month").is_between("first", "last").fill_null(value=False)
    return (
        cells.join(part, on=CELL, how="left")
        .join(spans, on="utility", how="left")
        .with_columns(pl.when(within).then(pl.col(n).fill_null(0)) for n in SOURCES[name])
        .drop("first", "last")
    )


def test_service_is_what_truly_happened(ran, expected) -> None:
    found = released(ran, "utility_service_quality")
    columns = [name for name in expected.columns if name in found.columns]
    assert len(columns) == 3 + 1 + 12
    same(found.select(columns), expected, CELL)
    assert found.select("outages", "pressure_low", "inspections_overdue").sum().row(0) > (0, 0, 0)
    assert found.filter(pl.col("utility") == "gas")["outages"].null_count() > 0
    assert found.filter(pl.col("district") == "unresolved")["customers"].sum() > 0


def test_rates_follow_from_the_counts(ran, expected) -> None:
    found = released(ran, "utility_service_quality")
    both = found.join(expected, on=CELL, suffix="_true")
    number = {name: pl.col(name).cast(pl.Float64) for name in both.columns}
    customers = pl.when(pl.col("customers") > 0).then(number["customers"])
    closed = pl.when(pl.col("complaints_closed") > 0).then(number["complaints_closed"])
    rates = {
        "customer_minutes": (number["customer_seconds"] / 60, 2),
        "saifi": (number["customers_interrupted"] / customers, 4),
        "saidi": (number["customer_seconds"] / 60 / customers, 4),
        "hours_to_close": (number["seconds_to_close"] / 3600 / closed, 2),
    }
    for name, (rate, digits) in rates.items():
        apart = both.with_columns(rate.alias("rate")).filter(
            (pl.col("rate") - pl.col(name).cast(pl.Float64)).abs() > 0.51 * 10**-digits
        )
        assert apart.is_empty(), (name, apart)
        told = both.with_columns(rate.alias("rate"))
        assert told.filter(pl.col("rate").is_null() != pl.col(name).is_null()).is_empty(), name
        assert told["rate"].count() > 10
