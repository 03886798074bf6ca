"""Residents and households: who lives where, who was born, who died.

Keep out: how registers write them, and defects.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from demo.city.draw import by_turns, days_between, pick, stream, weigh
from demo.city.identifiers import citizen_ids, padded
from demo.city.names import people as person_names
from demo.city.places import Places
from demo.size import Size

SPARES = 48
"""Valid persons, accounts and events that no other table knows: defects are planted in them."""

BIRTHPLACES = (
    "520102", "520103", "520111", "520112", "520113", "520114", "520121", "520122", "520123",
    "520181", "520201", "520302", "510104", "430102",
)  # fmt: skip
ETHNICITIES = {"01": 62.0, "06": 12, "09": 11, "07": 4, "12": 4, "15": 3, "37": 2, "03": 1, "97": 1}
MONTHS = (("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28"))


def build_people(size: Size, seed: int, places: Places) -> pl.DataFrame:
    """Return residents, the spare ones last: heads of households, the others, newborns."""
    rng = stream(seed, "people")
    count = size.people + SPARES
    homes = by_turns(_homes(places, rng), "domicile_division")
    heads = min(homes.height, size.people // 2)
    newborn = _events_a_month(size) * 2
    running = np.arange(count)
    by_chance = (running >= heads + newborn) & (running < size.people - newborn)
    home = np.where(by_chance, rng.integers(0, heads, count), running % heads)
    is_newborn = (running >= size.people - newborn) & (running < size.people)
    return (
        homes[home]
        .with_columns(
            _names(rng, home, count).alias("name"),
            pl.Series("sex", np.where(rng.random(count) < 0.51, "1", "2")),
            _births(rng, heads, is_newborn).alias("birth_date"),
            weigh(rng, ETHNICITIES, count).alias("ethnicity"),
            pick(rng, BIRTHPLACES, count).alias("birthplace"),
            pl.Series("is_head", running < heads),
            pl.Series("is_newborn", is_newborn),
            pl.Series("is_spare", running >= size.people),
        )
        .pipe(_identified)
        .pipe(_registered, rng=rng, size=size, heads=heads)
    )


def _names(rng: np.random.Generator, home: np.ndarray, count: int) -> pl.Series:
    """Return names; most of a household share the surname of its head, who is first of it."""
    own = person_names(rng, count)
    of_head = own.gather(home).str.slice(0, 1) + own.str.slice(1)
    shared = pl.Series(rng.random(count) < 0.6)
    return pl.select(pl.when(shared).then(of_head).otherwise(own)).to_series()


def _events_a_month(size: Size) -> int:
    """Return births (and deaths) a month: enough for one in each district."""
    return max(14, size.people // 1_200)


def _homes(places: Places, rng: np.random.Generator) -> pl.DataFrame:
    """Return the dwellings that somebody is registered in, with a household number each."""
    lived_in = pl.Series(rng.random(places.dwellings.height) < 0.95)
    homes = places.dwellings.filter(lived_in & (pl.col("pattern") != "new")).select(
        "dwelling_id", "address_code", pl.col("division").alias("domicile_division")
    )
    number = np.arange(homes.height, dtype=np.int64)
    return homes.with_columns(("52" + padded(number + 1, 10)).alias("household_number"))


def _births(rng: np.random.Generator, heads: int, is_newborn: np.ndarray) -> pl.Series:
    count = len(is_newborn)
    grown = days_between(rng, ("1938-01-01", "2003-12-31"), count)
    any_age = days_between(rng, ("1938-01-01", "2025-10-31"), count)
    first, second = (days_between(rng, month, count) for month in MONTHS)
    running = np.arange(count)
    new = pl.select(pl.when(pl.Series(running % 2 == 0)).then(first).otherwise(second)).to_series()
    return pl.select(
        pl.when(pl.Series(is_newborn)).then(new).when(pl.Series(running < heads)).then(grown)
        .otherwise(any_age)
    ).to_series()  # fmt: skip


def _identified(people: pl.DataFrame) -> pl.DataFrame:
    """Add citizen IDs: newborns are registered where they live, if it has a national code."""
    official = pl.col("domicile_division").is_in(BIRTHPLACES)
    code = pl.when(pl.col("is_newborn") & official).then("domicile_division")
    numbered = people.with_columns(code.otherwise("birthplace").alias("birthplace")).with_columns(
        (
            pl.int_range(pl.len()).over("birthplace", "birth_date", "sex") * 2
            + pl.when(pl.col("sex") == "1").then(1).otherwise(2)
        ).alias("sequence")
    )
    identifier = citizen_ids(
        numbered["birthplace"], numbered["birth_date"], numbered["sequence"].to_numpy()
    )
    return numbered.with_columns(identifier.alias("citizen_id")).drop("sequence", "birthplace")


def _registered(
    people: pl.DataFrame, *, rng: np.random.Generator, size: Size, heads: int
) -> pl.DataFrame:
    """Add status and days of registration; the dead are cancelled on the day after."""
    count = people.height
    deaths = _events_a_month(size) * 2
    running = np.arange(count)
    dies = (running >= heads) & (running < heads + deaths)
    first, second = (days_between(rng, month, count) for month in MONTHS)
    died = pl.when(pl.Series(running % 2 == 0)).then(first).otherwise(second)
    later = days_between(rng, ("1990-01-01", "2025-12-20"), count)
    status = weigh(rng, {"registered": 84.0, "permit": 9, "temporary": 7}, count)
    return people.with_columns(
        pl.when(pl.Series(dies) & ~pl.col("is_newborn")).then(died).alias("died_on"),
        pl.max_horizontal("birth_date", later).alias("registered_on"),
        status.alias("residence_status"),
    ).with_columns(
        (pl.col("died_on") + dt.timedelta(days=1)).alias("cancelled_on"),
        pl.when(pl.col("died_on").is_null())
        .then("residence_status")
        .otherwise(pl.lit("cancelled"))
        .alias("residence_status"),
    )
