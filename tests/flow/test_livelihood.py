"""Supported households and their use, worked out from the truth, are what the theme says."""

from __future__ import annotations

import polars as pl
import pytest

from registry import crossings
from tests.flow.conftest import Ran
from tests.flow.test_measures import UTILITIES, released, same, truth

pytestmark = pytest.mark.xdist_group("tiny_city")

HOUSEHOLD = ["household_number", "month"]
NO_USE = {"water": 1, "power": 10, "gas": 1}  # the city's definition, a month
FALL_FROM = {"water": 3, "power": 30, "gas": 3}
FALLS_TO = 0.3
LONG = pl.duration(days=5)


@pytest.fixture(scope="module")
def households(ran: Ran) -> pl.DataFrame:
    """Return the supported households by month, and where they live."""
    heads = truth(ran, "people").filter("is_head").select(
        "household_number", "dwelling_id", "address_code",
        pl.col("domicile_division").alias("district"),
    )  # fmt: skip
    months = truth(ran, "usage").select(pl.col("month").unique())
    supported = truth(ran, "low_income_household").select(
        "household_number", "members", pl.col("valid_from").dt.strftime("%Y-%m").alias("since")
    )
    joined = supported.join(heads, on="household_number", how="left", validate="1:1")
    return joined.join(months, how="cross").filter(pl.col("since") <= pl.col("month"))


def limit(limits: dict[str, int]) -> pl.Expr:
    return pl.col("utility").replace_strict(limits, return_dtype=pl.Float64)


@pytest.fixture(scope="module")
def signs(ran: Ran, households: pl.DataFrame) -> pl.DataFrame:
    """Return what each utility's use tells of each household and month."""
    used = truth(ran, "usage").drop_nulls("dwelling_id")
    by_month = ["dwelling_id", "utility", "month"]
    following = (pl.col("month") + "-01").str.to_date().dt.offset_by("1mo").dt.strftime("%Y-%m")
    before = used.select(*by_month[:2], following, pl.col("usage").alias("before"))
    outages = pl.concat([truth(ran, "water_outage"), truth(ran, "power_outage")])
    long = outages.filter(pl.col("ended_at") - pl.col("started_at") > LONG).select(
        pl.col("division").alias("district"),
        pl.col("started_at").dt.strftime("%Y-%m").alias("month"),
        pl.lit(value=True).alias("off"),
    )
    # A bill is overdue once its company has billed a later month.
    overdue = pl.col("paid_on").is_null() & (pl.col("month") < used["month"].max())
    now, then = pl.col("usage").cast(pl.Float64), pl.col("before").cast(pl.Float64)
    sign = (
        pl.when("off").then(pl.lit("not_judged"))
        .when(now < limit(NO_USE)).then(pl.lit("no_use"))
        .when((then >= limit(FALL_FROM)) & (now <= then * FALLS_TO)).then(pl.lit("falling"))
        .otherwise(pl.lit("none"))
    )  # fmt: skip
    return (
        households.join(used.drop("division"), on=["dwelling_id", "month"])
        .join(before, on=by_month, how="left")
        .join(long.unique(), on=["district", "month"], how="left")
        .with_columns(sign.alias("sign"), overdue.cast(pl.Int64).alias("overdue"))
    )


def test_the_care_list_names_those_who_may_be_in_need(ran, households, signs) -> None:
    bad = pl.col("sign").is_in(["no_use", "falling"]) | (pl.col("overdue") > 0)
    owed = pl.when(pl.col("overdue") > 0).then("amount").otherwise(0)
    wide = signs.pivot("utility", index=HOUSEHOLD, values="sign")
    sums = signs.group_by(HOUSEHOLD).agg(
        pl.col("overdue").sum().cast(pl.Int64).alias("bills_overdue"),
        owed.sum().alias("amount_overdue"),
        bad.any().alias("listed"),
    )
    names = {f"{utility}_sign": pl.col(utility).fill_null("not_counted") for utility in UTILITIES}
    place = households.select(*HOUSEHOLD, "members", "address_code",
                              pl.col("district").alias("division"))  # fmt: skip
    true = (
        sums.filter("listed")
        .join(wide.select(*HOUSEHOLD, **names), on=HOUSEHOLD)
        .join(place, on=HOUSEHOLD)
    )
    found = released(ran, "livelihood_care_list")
    same(found.select(pl.exclude("found_by", "_deliveries")), true, HOUSEHOLD)
    assert set(found["found_by"]) == {"address"}
    every = found.select(pl.concat_list(*names).explode())
    assert {"no_use", "falling", "not_counted"} <= set(every.to_series())
    assert found["bills_overdue"].sum() > 0


def test_districts_count_their_households_and_those_without_bills(ran, households, signs) -> None:
    judged = signs.group_by(HOUSEHOLD).agg(
        (pl.col("sign") == "no_use").any().alias("without_use"),
        (pl.col("sign") == "falling").any().alias("falling"),
        (pl.col("overdue") > 0).any().alias("in_arrears"),
    )
    flags = ["without_use", "falling", "in_arrears"]
    every = households.join(judged, on=HOUSEHOLD, how="left")
    true = every.group_by("district", "month").agg(
        pl.len().alias("households"),
        pl.col("without_use").is_null().sum().alias("unmatched"),
        *(pl.col(flag).fill_null(value=False).sum() for flag in flags),
        pl.any_horizontal(*flags).fill_null(value=False).sum().alias("to_be_cared_for"),
    )
    found = released(ran, "livelihood_support_by_district")
    same(found.select(true.columns), true, ["district", "month"])
    listed = released(ran, "livelihood_care_list")
    assert found["to_be_cared_for"].sum() == listed.height
    assert found["amount_overdue"].sum() == listed["amount_overdue"].sum()


def test_no_district_has_the_list_without_a_grant(ran) -> None:
    found = crossings.for_table(ran.city.registry, "thematic", "livelihood_care_list")
    assert {one.status.value for one in found if one.crossing.recipient != "nobody"} == {"refused"}
    assert sum(one.crossing.rows for one in found) == 0
    rows = released(ran, "livelihood_care_list").height
    assert sum(sum(one.crossing.withheld.values()) for one in found) == rows > 0
    assert not list((ran.home / "outbox").rglob("livelihood_care_list"))
    returned = {name for zone, name in ran.city.lake.tables() if zone == "backflow"}
    assert not [name for name in returned if name.startswith("livelihood_care_list__")]
