"""Vitality of enterprises, worked out from the truth by other means, is what the theme says."""

from __future__ import annotations

import polars as pl
import pytest

from tests.flow.conftest import Ran
from tests.flow.test_measures import ACCOUNT, released, same, truth

pytestmark = pytest.mark.xdist_group("tiny_city")

KEY = ["uscc", "month"]
CELL = ["district", "industry_section", "month"]
SIGNS = ("power_kwh", "insured", "taxed")
ACTIVE = {"power_kwh": 10, "insured": 1, "taxed": 0.01}  # the city's definition: any of these


def month(day: str) -> pl.Expr:
    return pl.col(day).dt.strftime("%Y-%m")


@pytest.fixture(scope="module")
def register(ran: Ran) -> pl.DataFrame:
    """Return every registered body with its district, section, first and last month."""
    return truth(ran, "enterprises").select(
        "uscc",
        pl.col("division").alias("district"),
        pl.col("industry").str.head(1).alias("industry_section"),
        month("established_on").alias("begun"),
        month("cancelled_on").fill_null("9999-99").alias("ended"),
    )


@pytest.fixture(scope="module")
def power(ran: Ran) -> pl.DataFrame:
    """Return what bodies used of power; nobody's where neither number nor link says whose."""
    links = released(ran, "holder_link").filter(pl.col("outcome") == "linked")
    linked = links.select("claim", pl.lit(value=True).alias("linked"), "entity")
    used = truth(ran, "usage").filter(pl.col("utility") == "power").drop("uscc")
    accounts = truth(ran, "accounts").select(*ACCOUNT, "kind", "holder_id_or_uscc", "id_told")
    claim = (pl.col("utility") + ":" + pl.col("account_number")).alias("claim")
    works = (
        used.join(accounts, on=ACCOUNT)
        .filter(pl.col("kind") != "residential")
        .with_columns(claim)
        .join(linked, on="claim", how="left")
    )
    wrong = works.filter("linked", pl.col("entity") != pl.col("holder_id_or_uscc"))
    assert wrong.is_empty()
    known = pl.col("id_told") | pl.col("linked").fill_null(value=False)
    whose = pl.when(known).then("holder_id_or_uscc").alias("uscc")
    return works.select(whose, "month", pl.col("usage").alias("power_kwh"))


@pytest.fixture(scope="module")
def signs(ran: Ran, power: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """Return what tells of each body's life in each month."""
    insured = truth(ran, "social_insurance_payment").select(
        "uscc", "month", pl.col("insured_count").alias("insured")
    )
    last = pl.col("period").str.head(4) + "-" + (
        (pl.col("period").str.slice(5).cast(pl.Int64) * 3).cast(pl.String).str.zfill(2)
    )  # fmt: skip
    of_quarter = [
        truth(ran, "tax_payment").select(
            "uscc",
            (last + "-01").str.to_date().dt.offset_by(f"-{back}mo").dt.strftime("%Y-%m")
            .alias("month"),
            pl.col("amount").alias("taxed"),
            (pl.col("amount") if back == 0 else pl.lit(None)).alias("tax_amount"),
        )
        for back in range(3)
    ]  # fmt: skip
    punished = truth(ran, "administrative_penalty").select(
        "uscc",
        month("decided_on").alias("month"),
        pl.lit(1).alias("penalties"),
        pl.col("amount").alias("penalty_amount"),
    )
    every = pl.concat([power, insured, *of_quarter, punished], how="diagonal_relaxed")
    sums = [pl.col(name).drop_nulls().sum() for name in every.columns if name not in KEY]
    none = [pl.col(name).count().alias(f"{name}_told") for name in every.columns if name not in KEY]
    summed = every.group_by(KEY).agg(*sums, *none)
    return summed.join(register, on="uscc", how="left")


def told(name: str) -> pl.Expr:
    """Return the sum of a measure, null where nothing was told of it."""
    return pl.when(pl.col(f"{name}_told").sum() > 0).then(pl.col(name).sum()).alias(name)


def expected(signs: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    first = signs["month"].min()
    spoken = {*signs["month"], *register["begun"], *register["ended"]} - {"9999-99"}
    months = sorted(one for one in spoken if one >= first)
    at_work = pl.any_horizontal(pl.col(name) >= least for name, least in ACTIVE.items())
    stands = (pl.col("begun") <= pl.col("month")) & (pl.col("ended") > pl.col("month"))
    cell = [pl.col("district").fill_null("unresolved"),
            pl.col("industry_section").fill_null("unknown"), "month"]  # fmt: skip
    activity = signs.group_by(cell).agg(
        (stands & at_work).fill_null(value=False).sum().alias("active"),
        *(told(n) for n in ("power_kwh", "insured", "tax_amount", "penalties", "penalty_amount")),
    )
    counts = (
        register.join(pl.DataFrame({"month": months}), how="cross")
        .group_by(CELL)
        .agg(
            (pl.col("begun") == pl.col("month")).sum().alias("registered"),
            (pl.col("ended") == pl.col("month")).sum().alias("cancelled"),
            stands.sum().alias("standing"),
        )
    )
    judged = signs.filter(pl.any_horizontal(pl.col(f"{s}_told") > 0 for s in SIGNS))["month"]
    fined = signs.filter(pl.col("penalties_told") > 0)["month"]
    joined = counts.join(activity, on=CELL, how="full", coalesce=True).with_columns(
        pl.col("registered", "cancelled", "standing").fill_null(0),
        pl.when(pl.col("month").is_in(judged.implode())).then(pl.col("active").fill_null(0)),
        pl.when(pl.col("month").is_between(pl.lit(fined.min()), pl.lit(fined.max())))
        .then(pl.col("penalties").fill_null(0)),
    )  # fmt: skip
    following = (pl.col("month") + "-01").str.to_date().dt.offset_by("1mo").dt.strftime("%Y-%m")
    earlier = joined.select(*CELL[:2], following, pl.col("power_kwh").alias("power_kwh_before"))
    return joined.join(earlier, on=CELL, how="left")


def test_vitality_is_what_the_enterprises_truly_did(ran, signs, register) -> None:
    measures = expected(signs, register)
    found = released(ran, "enterprise_vitality")
    columns = [name for name in measures.columns if name in found.columns]
    assert len(columns) == len(found.columns) - 4  # district's code, undated, change, deliveries
    same(found.select(columns), measures, CELL)
    assert found["undated"].sum() == 0
    assert (found["cancelled"].sum(), found["active"].sum()) > (0, 0)
    assert found["active"].null_count() > 0


def test_change_of_power_is_its_share_of_the_month_before(ran) -> None:
    found = released(ran, "enterprise_vitality").drop_nulls("power_change")
    assert found.height > 50
    now, before = (pl.col(name).cast(pl.Float64) for name in ("power_kwh", "power_kwh_before"))
    share = (now - before) * 100 / before
    assert found.filter((share - pl.col("power_change").cast(pl.Float64)).abs() > 0.0051).is_empty()


def test_power_of_holders_whom_nobody_knows_has_a_row_of_its_own(ran, power) -> None:
    nobodys = power.filter(pl.col("uscc").is_null())
    found = released(ran, "enterprise_vitality").filter(pl.col("industry_section") == "unknown")
    assert nobodys.height > 0
    assert set(found["district"]) == {"unresolved"}
    assert found["power_kwh"].sum() == nobodys["power_kwh"].sum()
