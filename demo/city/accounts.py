"""Accounts and meters of the water, power and gas companies.

Roles: `home` of a dwelling, `work` of an enterprise, `special` without a building's use
(its readings and bills carry planted defects), `phantom` (no account: stands in no file
but in rows that are planted as wrong). Keep out: usage (usage.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from demo.city.draw import days_between, stream
from demo.city.holders import with_holders
from demo.city.identifiers import meter_numbers, padded, scattered
from demo.city.places import Places
from demo.size import FIRST_DAY

SPECIALS = 28
PHANTOMS = 40


@dataclass(frozen=True)
class Utility:
    """A utility company: prefixes of its numbers, its unit, bands, mean use and tiers a month."""

    name: str
    letter: str
    prefix: str
    digits: int
    unit: str
    bands: tuple[tuple[str, float], ...]
    home_mean: float
    work_mean: float
    tiers: tuple[int, int]
    prices: tuple[int, int, int]  # hundredths of a yuan for each unit of a tier
    vacant_below: int
    rollover: int
    coverage: float


WATER = Utility(
    "water", "W", "5201", 8, "m3", (("", 1.0),), home_mean=11, work_mean=80, tiers=(18, 25),
    prices=(270, 350, 590), vacant_below=1, rollover=100_000, coverage=0.96,
)  # fmt: skip
POWER = Utility(
    "power", "P", "", 10, "kwh", (("_peak", 0.5), ("_flat", 0.3), ("_valley", 0.2)),
    home_mean=190, work_mean=2_400, tiers=(170, 310), prices=(46, 51, 76), vacant_below=10,
    rollover=1_000_000, coverage=1.0,
)  # fmt: skip
GAS = Utility(
    "gas", "G", "G", 9, "m3", (("", 1.0),), home_mean=16, work_mean=150, tiers=(40, 60),
    prices=(268, 322, 402), vacant_below=1, rollover=100_000, coverage=0.72,
)  # fmt: skip
UTILITIES = (WATER, POWER, GAS)


def build_accounts(
    utility: Utility,
    seed: int,
    *,
    places: Places,
    people: pl.DataFrame,
    enterprises: pl.DataFrame,
    days: int,
) -> pl.DataFrame:
    """Return the accounts of a utility; a replaced meter's successor is an account of its own."""
    rng = stream(seed, utility.name, "accounts")
    homes = _homes(utility, rng, places=places, people=people)
    works = _works(utility, rng, enterprises)
    others = _without_use(works, places)
    held = pl.concat([homes, works, others], how="diagonal")
    numbered = _numbered(utility, held, rng)
    old = (pl.col("role") == "work") & (pl.int_range(pl.len()).over("role") % 37 == 5)
    replaced_on = FIRST_DAY + dt.timedelta(days=max(days // 2, 1))
    closing = numbered.with_columns(
        pl.when(old).then(pl.lit(replaced_on)).otherwise(None).cast(pl.Date).alias("closed_on")
    )
    whole = pl.concat([closing, _successors(utility, closing)], how="diagonal")
    return with_holders(whole, people, seed=seed)


def _homes(
    utility: Utility, rng: np.random.Generator, *, places: Places, people: pl.DataFrame
) -> pl.DataFrame:
    heads = people.filter(pl.col("is_head") & ~pl.col("is_spare")).select(
        "dwelling_id", pl.col("name").alias("holder_name"),
        pl.col("citizen_id").alias("holder_id_or_uscc"),
    )  # fmt: skip
    served = pl.Series(rng.random(places.dwellings.height) < utility.coverage)
    wanted = served & (pl.col("pattern") != "new")
    if utility.name != "power":
        wanted = wanted & (pl.col("pattern") != "power_only")
    owner = places.dwellings.join(heads, on="dwelling_id", how="left", maintain_order="left")
    absent = heads[rng.integers(0, heads.height, owner.height)]  # owners who live elsewhere
    return (
        owner.with_columns(
            pl.col("holder_name").fill_null(absent["holder_name"]),
            pl.col("holder_id_or_uscc").fill_null(absent["holder_id_or_uscc"]),
            pl.lit("residential").alias("kind"),
            pl.lit("home").alias("role"),
        )
        .filter(wanted)
        .select("dwelling_id", "division", "address_code", "pattern", "holder_name",
                "holder_id_or_uscc", "kind", "role")
    )  # fmt: skip


def _works(utility: Utility, rng: np.random.Generator, enterprises: pl.DataFrame) -> pl.DataFrame:
    known = enterprises.filter(~pl.col("is_spare"))
    share = 0.4 if utility.name == "gas" else 1.0
    served = pl.Series(rng.random(known.height) < share)
    industrial = pl.col("building_use") == "industrial"
    return known.filter(served & (pl.col("appears_on") == FIRST_DAY)).select(
        "uscc", "division", "address_code", pl.lit("work").alias("pattern"),
        pl.col("name").alias("holder_name"), pl.col("uscc").alias("holder_id_or_uscc"),
        pl.when(industrial).then(pl.lit("industrial")).otherwise(pl.lit("commercial"))
        .alias("kind"), pl.lit("work").alias("role"),
    )  # fmt: skip


def _without_use(works: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Return special and phantom accounts, at addresses of whole buildings by turns."""
    count = SPECIALS + PHANTOMS
    whole = places.buildings[np.arange(count) % places.buildings.height]
    holder = works[np.arange(count) % works.height]
    role = pl.Series(np.where(np.arange(count) < SPECIALS, "special", "phantom"))
    return whole.select("division", "address_code").with_columns(
        role.alias("role"), role.alias("pattern"), pl.lit("special").alias("kind"),
        holder["holder_name"], holder["holder_id_or_uscc"],
    )  # fmt: skip


def _numbered(utility: Utility, held: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    count = held.height
    year = rng.integers(2008, 2026, count)
    opened = days_between(rng, ("2008-01-01", "2025-11-30"), count)
    transformer = padded(np.arange(count, dtype=np.int64) // 40 + 1, 8)
    return held.with_columns(
        (utility.prefix + padded(scattered(count, start=11, width=utility.digits), utility.digits))
        .alias("account_number"),
        meter_numbers(utility.letter, year, scattered(count, start=101, width=7)).alias("meter_id"),
        opened.alias("opened_on"),
        ("T" + transformer).alias("transformer_id"),
    )  # fmt: skip


def _successors(utility: Utility, accounts: pl.DataFrame) -> pl.DataFrame:
    """Return the accounts that go on with new meters where old ones were replaced."""
    old = accounts.filter(pl.col("closed_on").is_not_null())
    count = old.height
    start = accounts.height + 1_000
    year = np.full(count, 2026)
    number = utility.prefix + padded(
        scattered(count, start=start, width=utility.digits), utility.digits
    )
    return old.with_columns(
        number.alias("account_number"),
        meter_numbers(utility.letter, year, scattered(count, start=start, width=7)).alias(
            "meter_id"
        ),
        pl.col("closed_on").alias("opened_on"),
        pl.lit(None, pl.Date).alias("closed_on"),
        pl.lit("successor").alias("role"),
        pl.lit("work").alias("pattern"),
    )
