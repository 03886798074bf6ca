"""Money and standing: taxes, social insurance, permits, penalties, low income, indicators.

Keep out: the register of enterprises itself (enterprises.py).
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from demo.city.draw import days_between, hundredths, pick, stream, weigh
from demo.city.events import event_days
from demo.city.identifiers import padded
from demo.city.people import SPARES
from demo.size import FIRST_DAY, Size

INSURED_MONTHS = ("2025-12", "2026-01", "2026-02")
TAXED_QUARTERS = ("2025Q3", "2025Q4")
INDICATORS = {
    "gdp": "亿元", "industrial_output": "亿元", "fixed_investment": "亿元", "retail_sales": "亿元",
    "fiscal_revenue": "亿元", "disposable_income": "元", "resident_population": "万人",
    "consumer_price_index": "上年同月=100",
}  # fmt: skip
AUTHORITIES = (
    "示例市市场监督管理局",
    "示例市住房和城乡建设局",
    "示例市卫生健康局",
    "示例市应急管理局",
)


def payers(enterprises: pl.DataFrame) -> pl.DataFrame:
    """Return the enterprises known from the first day; one in five pays nothing (`is_spare`)."""
    known = enterprises.filter(~pl.col("is_spare") & (pl.col("appears_on") == FIRST_DAY))
    return known.select(
        "uscc", "name", "division", (pl.int_range(pl.len()) % 5 == 0).alias("is_spare")
    )


def build_insurance(enterprises: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return what each paying enterprise paid for the insured of each month."""
    every = payers(enterprises)
    months = []
    for month in INSURED_MONTHS:
        rng = stream(seed, "insurance", month)
        insured = rng.integers(1, 400, every.height)
        per_head = rng.integers(900_00, 2_400_00, every.height)
        months.append(
            every.with_columns(
                pl.lit(month).alias("month"),
                pl.Series("insured_count", insured),
                hundredths(insured * per_head).alias("amount"),
            )
        )
    return pl.concat(months)


def build_taxes(enterprises: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return what each paying enterprise paid in each quarter of each kind of tax."""
    every = payers(enterprises)
    parts = []
    for quarter in TAXED_QUARTERS:
        for kind in ("vat", "enterprise_income", "stamp"):
            rng = stream(seed, "tax", quarter, kind)
            amount = hundredths(rng.integers(50_00, 900_000_00, every.height))
            parts.append(
                every.with_columns(
                    pl.lit(quarter).alias("period"), pl.lit(kind).alias("tax_kind"),
                    amount.alias("amount"),
                )
            )  # fmt: skip
    return pl.concat(parts)


def build_permits(size: Size, seed: int, enterprises: pl.DataFrame) -> pl.DataFrame:
    """Return permits as they are at the end; `changed_on` tells which were revoked meanwhile."""
    rng = stream(seed, "permits")
    holders = payers(enterprises)
    count = max(70, size.enterprises * 2 // 3) + SPARES
    holder = holders[np.arange(count) % holders.height]
    issued = days_between(rng, ("2021-03-01", "2026-02-20"), count)
    running = np.arange(count)
    days = event_days(size.days)
    changed = pl.Series((running % 17 == 9) & (len(days) > 1))
    return holder.select(pl.col("uscc").alias("holder_uscc"), "division").with_columns(
        ("XK" + padded(running + 520_100_000_001, 12)).alias("permit_number"),
        weigh(rng, {"food_business": 5, "construction": 2, "hygiene": 2, "transport": 2,
                    "medical_device": 1}, count).alias("type"),
        issued.alias("issued_on"),
        issued.dt.offset_by("5y").alias("valid_until"),
        pl.when(changed).then(pl.lit("revoked")).otherwise(pl.lit("valid")).alias("status"),
        pick(rng, AUTHORITIES, count).alias("authority"),
        pl.when(changed).then(pl.lit(days[-1])).otherwise(None).cast(pl.Date).alias("changed_on"),
        pl.Series("is_spare", running >= count - SPARES),
    )  # fmt: skip


def build_penalties(size: Size, seed: int, enterprises: pl.DataFrame) -> pl.DataFrame:
    """Return decisions of January and February, and those of December that were withdrawn."""
    rng = stream(seed, "penalties")
    holders = payers(enterprises)
    count = max(70, size.enterprises // 10) + SPARES
    running = np.arange(count)
    holder = holders[running * 7 % holders.height]
    decided = days_between(rng, ("2026-01-04", "2026-02-27"), count)
    withdrawn = pl.Series(running < 12)
    decided = pl.select(
        pl.when(withdrawn).then(pl.lit(dt.date(2025, 12, 15))).otherwise(decided)
    ).to_series()
    kind = weigh(rng, {"warning": 4, "fine": 5, "confiscation": 1, "suspension": 1}, count)
    amount = hundredths(rng.integers(500_00, 200_000_00, count))
    return holder.select("uscc", "name", "division").with_columns(
        ("CF" + padded(running + 202_600_000_001, 12)).alias("decision_number"),
        kind.alias("penalty"),
        pl.when(kind.is_in(["fine", "confiscation"])).then(amount).alias("amount"),
        decided.alias("decided_on"),
        pick(rng, AUTHORITIES, count).alias("authority"),
        decided.dt.strftime("%Y%m").alias("month"),
        withdrawn.alias("withdrawn"),
        pl.Series("is_spare", running >= count - SPARES),
    )


def build_low_income(people: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return supported households; `month` is the first snapshot that names each."""
    rng = stream(seed, "low_income")
    heads = people.filter(pl.col("is_head") & ~pl.col("is_spare"))
    sizes = people.filter(~pl.col("is_spare")).group_by("household_number").agg(
        pl.len().alias("members")
    )  # fmt: skip
    chosen = heads.head(max(42, heads.height // 40))
    chosen = chosen.join(sizes, on="household_number", how="left", maintain_order="left")
    count = chosen.height
    since = pl.Series(np.arange(count) % 10)
    spare = since == 9
    return chosen.select(
        "household_number", pl.col("citizen_id").alias("applicant_id"),
        pl.col("members").cast(pl.Int64), pl.col("domicile_division").alias("division"),
    ).with_columns(
        hundredths(rng.integers(0, 1_400_00, count)).alias("monthly_income"),
        days_between(rng, ("2023-01-01", "2025-12-31"), count).alias("valid_from"),
        pl.lit(None, pl.Date).alias("valid_to"),
        pl.when(since == 8).then(pl.lit("202603")).when(since == 7).then(pl.lit("202602"))
        .otherwise(pl.lit("202601")).alias("month"),
        spare.alias("is_spare"),
    )  # fmt: skip


def build_indicators(seed: int, divisions: list[str]) -> pl.DataFrame:
    """Return monthly indicators of the city and its districts."""
    periods = ("2026-01", "2026-02")
    frame = (
        pl.DataFrame({"indicator": list(INDICATORS), "unit": list(INDICATORS.values())})
        .join(pl.DataFrame({"division": ["520100", *divisions]}), how="cross")
        .join(pl.DataFrame({"period": periods}), how="cross")
    )
    value = stream(seed, "indicators").integers(1_0000, 90_000_0000, frame.height)
    return frame.with_columns(
        (pl.Series(value).cast(pl.Decimal(18, 4)) / 10_000).cast(pl.Decimal(18, 4)).alias("value")
    ).sort("period", "indicator", "division")
