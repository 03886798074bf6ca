"""Which dwellings are truly vacant in which month, by the definition of the city.

Keep out: how a model finds it out.
"""

from __future__ import annotations

import polars as pl

from demo.city.accounts import UTILITIES
from demo.city.build import City

LONG_DAYS = 5


def vacancy(city: City, usage: pl.DataFrame) -> pl.DataFrame:
    """Return each dwelling's status a month: vacant, occupied, or unknown with the reason.

    Unknown: fewer than two utilities, or a power outage in the division that lasted longer
    than five days.
    """
    limits = pl.DataFrame(
        [(utility.name, utility.vacant_below) for utility in UTILITIES],
        schema=["utility", "limit"], orient="row",
    )  # fmt: skip
    little = pl.col("usage") < pl.col("limit")
    judged = (
        usage.filter(pl.col("dwelling_id").is_not_null())
        .join(limits, on="utility")
        .group_by("dwelling_id", "month")
        .agg(pl.len().alias("utilities"), little.all().alias("little"))
    )
    months = usage.select("month").unique()
    every = city.places.dwellings.select("dwelling_id", "division").join(months, how="cross")
    joined = every.join(judged, on=["dwelling_id", "month"], how="left").join(
        long_outages(city), on=["division", "month"], how="left"
    )
    reason = (
        pl.when(pl.col("utilities").fill_null(0) < 2).then(pl.lit("few_utilities"))
        .when(pl.col("cut_off").is_not_null()).then(pl.lit("long_outage"))
    )  # fmt: skip
    status = (
        pl.when(reason.is_not_null()).then(pl.lit("unknown"))
        .when("little").then(pl.lit("vacant")).otherwise(pl.lit("occupied"))
    )  # fmt: skip
    return joined.select(
        "dwelling_id",
        "division",
        "month",
        pl.col("utilities").fill_null(0),
        status.alias("status"),
        reason.alias("reason"),
    ).sort("dwelling_id", "month")


def long_outages(city: City) -> pl.DataFrame:
    """Return division and month of outages that lasted longer than five days."""
    lasted = pl.col("ended_at") - pl.col("started_at")
    outages = pl.concat([city.events["water_outage"], city.events["power_outage"]])
    return (
        outages.filter(~pl.col("is_spare") & (lasted > pl.duration(days=LONG_DAYS)))
        .select("division", pl.col("started_at").dt.strftime("%Y-%m").alias("month"))
        .unique()
        .with_columns(pl.lit(value=True).alias("cut_off"))
    )
