"""Enterprises of the register, with what changes in them while the demo delivers.

Keep out: taxes, insurance, permits and penalties (economy.py).
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from demo.city.draw import days_between, hundredths, pick, stream, weigh
from demo.city.identifiers import usccs
from demo.city.names import companies, people
from demo.city.people import SPARES
from demo.city.places import Places
from demo.size import FIRST_DAY, Size

TYPES = {"limited": 60.0, "individual": 20, "joint_stock": 5, "sole": 5, "partnership": 4,
         "state_owned": 2, "foreign": 2, "cooperative": 2}  # fmt: skip
TYPE_TEXTS = {"limited": "有限责任公司", "individual": "个体工商户", "joint_stock": "股份有限公司",
              "sole": "个人独资企业", "partnership": "普通合伙", "state_owned": "国有企业",
              "foreign": "外商投资企业", "cooperative": "农民专业合作社"}  # fmt: skip
CAPITAL_UNITS = ("(万元)", "万人民币", "(万元人民币)", "万元", "(万美元)")
INDUSTRIES = ("A01", "C13", "C15", "C27", "C39", "E47", "F51", "F52", "G54", "H61", "H62", "I65",
              "J66", "K70", "L72", "M73", "O80", "R90")  # fmt: skip


def build_enterprises(size: Size, seed: int, places: Places) -> pl.DataFrame:
    """Return enterprises as they are at the end, the spare ones last.

    `appears_on` is the day of the delivery that first names one, `changed_on` the day
    of the delivery that tells of its present status (null: never changed).
    """
    rng = stream(seed, "enterprises")
    count = size.enterprises + SPARES
    running = np.arange(count)
    shops = places.shops[running % size.enterprises]
    day = running % 2 + 1
    new = pl.Series((running % 29 == 28) & (day < size.days))  # founded while the demo delivers
    changed = pl.Series((running % 23 == 11) & (day < size.days)) & ~new
    renamed = pl.Series((running % 19 == 7) & (day < size.days)) & ~new & ~changed
    told_on = pl.lit(FIRST_DAY) + pl.duration(days=pl.lit(pl.Series(day)))
    scope = pick(rng, ("零售", "批发", "技术服务", "餐饮服务", "货物运输", "建筑施工"), count)
    sites = shops.select("division", "address_code", pl.col("use").alias("building_use"))
    return sites.with_columns(
        usccs(_register_office(shops["division"]), start=seed % 1_000_000).alias("uscc"),
        companies(rng, count).alias("name"),
        pl.when(renamed).then(companies(rng, count)).alias("former_name"),
        weigh(rng, TYPES, count).alias("type"),
        people(rng, count).alias("legal_representative"),
        hundredths(rng.integers(10_00, 500_000_00, count)).alias("registered_capital"),
        pl.when(new).then(pl.lit(FIRST_DAY)).otherwise(
            days_between(rng, ("1990-01-01", "2025-12-31"), count)
        ).alias("established_on"),
        pl.when(changed).then(pl.lit("cancelled")).otherwise(pl.lit("active")).alias("status"),
        pl.when(changed).then(pl.lit(FIRST_DAY)).otherwise(None).alias("cancelled_on"),
        pick(rng, INDUSTRIES, count).alias("industry"),
        scope.alias("business_scope"),
        pl.when(new).then(told_on).otherwise(pl.lit(FIRST_DAY)).alias("appears_on"),
        pl.when(changed | renamed).then(told_on).otherwise(None).alias("changed_on"),
        pl.Series("is_spare", running >= size.enterprises),
    )  # fmt: skip


def as_told(enterprises: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Return the rows of the register's delivery of a day: all on the first, then changes."""
    on_first = day == FIRST_DAY
    told = pl.col("changed_on") if not on_first else pl.col("appears_on")
    rows = enterprises.filter((told == day) | (pl.col("appears_on") == day))
    if not on_first:
        return rows
    return rows.with_columns(
        pl.coalesce("former_name", "name").alias("name"),
        pl.when(pl.col("changed_on").is_null()).then("status").otherwise(pl.lit("active"))
        .alias("status"),
        pl.when(pl.col("changed_on").is_null()).then("cancelled_on").alias("cancelled_on"),
    )  # fmt: skip


def as_published(enterprises: pl.DataFrame) -> pl.DataFrame:
    """Return enterprises as the public register prints them: texts instead of codes."""
    amount = pl.col("registered_capital").cast(pl.String)
    unit = (pl.int_range(pl.len()) % len(CAPITAL_UNITS)).replace_strict(
        dict(enumerate(CAPITAL_UNITS))
    )
    return enterprises.with_columns(
        pl.col("established_on").alias("registered_on"),
        pl.col("type").replace_strict(TYPE_TEXTS).alias("type"),
        (amount + unit).alias("registered_capital"),
        pl.lit("贵州").alias("province"),
        pl.lit("贵阳").alias("region"),
    )


def _register_office(division: pl.Series) -> pl.Series:
    """Return the registering division: zones register under the city's code."""
    local = division.str.slice(0, 5) == "52019"
    return pl.select(pl.when(local).then(pl.lit("520100")).otherwise(division)).to_series()
