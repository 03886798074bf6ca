"""Streets, buildings, standard addresses and dwellings, as they truly are.

Keep out: how units write addresses (deliver/writing.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from catalog.vocabulary import Vocabulary
from demo.city.draw import days_between, hundredths, pick, spread, stream, weigh
from demo.city.identifiers import Ints, padded
from demo.city.names import COMMUNITY_KINDS, COMMUNITY_STEMS, ROADS
from demo.size import Size

DWELLINGS_PER_BUILDING = 6
ENTERPRISES_PER_BUILDING = 3
BUILDINGS_PER_ESTATE = 3
ROADS_PER_STREET = 5
NEW_SINCE = dt.date(2026, 2, 1)
"""Dwellings registered from this day on are missing in the first snapshot."""


@dataclass(frozen=True)
class Places:
    """Where everything is; rows of `dwellings` and `shops` are by running number."""

    districts: pl.DataFrame
    buildings: pl.DataFrame
    addresses: pl.DataFrame
    dwellings: pl.DataFrame
    shops: pl.DataFrame


def districts(vocabulary: Vocabulary) -> pl.DataFrame:
    """Return the recipients of backflow: division, its name."""
    found = vocabulary.recipients()
    return pl.DataFrame(
        {"division": [d.code for d in found], "division_name": [d.name for d in found]}
    )


def streets(vocabulary: Vocabulary) -> pl.DataFrame:
    """Return the streets of every district; a zone without streets stands for its own."""
    recipients = {d.code: d.name for d in vocabulary.recipients()}
    known = [
        (d.parent, d.code, d.name)
        for d in vocabulary.divisions
        if d.level == "street" and d.valid_to is None and d.parent in recipients
    ]
    with_streets = {parent for parent, _, _ in known}
    zones = [(code, code, "") for code in recipients if code not in with_streets]
    columns = ["division", "street", "street_name"]
    return pl.DataFrame(known + zones, schema=columns, orient="row").sort("street")


def build_places(size: Size, seed: int, vocabulary: Vocabulary) -> Places:
    """Return the places of a city of this size."""
    homes = -(-size.dwellings // DWELLINGS_PER_BUILDING)
    works = -(-size.enterprises // ENTERPRISES_PER_BUILDING)
    buildings = _buildings(homes, works, seed=seed, vocabulary=vocabulary)
    rooms = _rooms(buildings.head(homes), DWELLINGS_PER_BUILDING, size.dwellings)
    shops = _rooms(buildings.tail(works), ENTERPRISES_PER_BUILDING, size.enterprises)
    whole = buildings.with_columns(
        pl.lit(None, pl.String).alias("unit_number"), pl.lit(None, pl.String).alias("room")
    )
    columns = rooms.columns
    addresses = pl.concat([whole.select(columns), rooms, shops.select(columns)])
    return Places(
        districts=districts(vocabulary),
        buildings=buildings,
        addresses=addresses.with_columns(address_text().alias("address_text")),
        dwellings=_dwellings(rooms, seed),
        shops=shops,
    )


def address_text() -> pl.Expr:
    """Return the full text of a standard address."""
    return pl.concat_str(
        pl.lit("贵州省贵阳市"), "division_name", "street_name", "road", "house_number", "building",
        pl.col("unit_number").fill_null(""), pl.col("room").fill_null(""),
    )  # fmt: skip


def _buildings(homes: int, works: int, *, seed: int, vocabulary: Vocabulary) -> pl.DataFrame:
    """Return buildings, those with homes first: a few to an estate, which has one house number."""
    rng = stream(seed, "buildings")
    count = homes + works
    number = np.arange(count, dtype=np.int64)
    uses = weigh(rng, {"commercial": 4, "office": 3, "industrial": 2, "mixed": 1}, count)
    place = rng.random((2, count))
    return (
        _of_sites(rng, (homes, works), vocabulary)
        .with_columns(
            pl.Series("number", number),
            pl.Series("floors", rng.integers(3, 34, count)),
            pl.Series("built_year", rng.integers(1978, 2025, count)),
            pl.Series("longitude", 106.3 + 0.9 * place[0]).cast(pl.Decimal(9, 6)),
            pl.Series("latitude", 26.2 + 1.0 * place[1]).cast(pl.Decimal(8, 6)),
            pl.Series("use", np.where(number < homes, "residential", uses.to_numpy())),
            hundredths(rng.integers(60_000, 2_000_000, count)).alias("area_m2"),
            pl.lit("in_use").alias("status"),
        )
        .with_columns(
            (pl.col("street").str.pad_end(9, "0") + padded(number, 8) + "0000").alias(
                "address_code"
            ),
            ("B" + padded(number + 1, 10)).alias("building_code"),
        )
    )


def _of_sites(
    rng: np.random.Generator, counts: tuple[int, int], vocabulary: Vocabulary
) -> pl.DataFrame:
    """Return where each building stands: road, house number, estate and number within it."""
    homes, works = counts
    estates = -(-homes // BUILDINGS_PER_ESTATE)
    sites = _sites(rng, (estates, works), vocabulary)
    named = pl.Series(np.arange(sites.height) < estates) & pl.Series(rng.random(sites.height) < 0.8)
    near = pl.col("street").rank("dense").cast(pl.Int64) * 3
    road = (near + pl.Series(rng.integers(0, ROADS_PER_STREET, sites.height))) % len(ROADS)
    community = pick(rng, COMMUNITY_STEMS, sites.height) + pick(rng, COMMUNITY_KINDS, sites.height)
    first = pl.Series(rng.integers(1, 17, sites.height))
    placed = sites.with_columns(
        road.replace_strict(dict(enumerate(ROADS)), return_dtype=pl.String).alias("road"),
        pl.when(named).then(community).alias("community"),
        first.alias("first"),
    ).with_columns(_house_number(rng, sites.height).alias("house_number"))
    number = np.arange(homes + works)
    inside = np.where(number < homes, number % BUILDINGS_PER_ESTATE, 0)
    site = np.where(number < homes, number // BUILDINGS_PER_ESTATE, number - homes + estates)
    return placed[site].select(
        pl.exclude("first"),
        ((pl.col("first") + pl.Series(inside)).cast(pl.String) + "栋").alias("building"),
    )


def _house_number(rng: np.random.Generator, count: int) -> pl.Expr:
    """Return numbers along each road of a district: none occurs twice."""
    nth = pl.int_range(pl.len()).over("division", "road") * 3 + 1
    return (nth + pl.Series(rng.integers(0, 3, count))).cast(pl.String) + "号"


def _sites(
    rng: np.random.Generator, counts: tuple[int, int], vocabulary: Vocabulary
) -> pl.DataFrame:
    """Return a street for each site, those with homes first; each district has both."""
    street = streets(vocabulary).join(districts(vocabulary), on="division")
    by_district = street.group_by("division").agg(pl.len().alias("streets")).sort("division")
    district = np.concatenate([spread(rng, by_district.height, count) for count in counts])
    chosen = by_district[district].select(
        "division",
        (pl.Series(rng.random(sum(counts))) * pl.col("streets")).cast(pl.Int64).alias("nth"),
    )
    numbered = street.sort("street").with_columns(
        pl.int_range(pl.len()).over("division").alias("nth")
    )
    joined = chosen.join(numbered, on=["division", "nth"], how="left", maintain_order="left")
    return joined.drop("nth")


def _rooms(buildings: pl.DataFrame, per_building: int, count: int) -> pl.DataFrame:
    """Return `count` addresses of rooms, two to a floor, filling building after building."""
    running: Ints = np.arange(count, dtype=np.int64)
    inside = running % per_building
    room = (inside // 2 + 1) * 100 + inside % 2 + 1
    return buildings[running // per_building].with_columns(
        (pl.Series(inside % 2 + 1).cast(pl.String) + "单元").alias("unit_number"),
        (pl.Series(room).cast(pl.String) + "室").alias("room"),
        (pl.col("address_code").str.slice(0, 17) + padded(room, 4)).alias("address_code"),
    )


def _dwellings(rooms: pl.DataFrame, seed: int) -> pl.DataFrame:
    rng = stream(seed, "dwellings")
    count = rooms.height
    owners = {"private": 80.0, "enterprise": 8, "state": 10, "collective": 2}
    uses = {"residential": 85.0, "apartment": 12, "dormitory": 3}
    newest = _patterns(count) == "new"
    return rooms.with_columns(
        ("D" + padded(np.arange(1, count + 1, dtype=np.int64), 10)).alias("dwelling_id"),
        hundredths(rng.integers(3_000, 22_000, count)).alias("area_m2"),
        _patterns(count).alias("pattern"),
        weigh(rng, uses, count).alias("use"),
        weigh(rng, owners, count).alias("owner_kind"),
        pl.when(newest)
        .then(days_between(rng, ("2026-02-02", "2026-02-27"), count))
        .otherwise(days_between(rng, ("1998-01-05", "2025-12-30"), count))
        .alias("registered_on"),
    )


def _patterns(count: int) -> pl.Series:
    """Return how each dwelling is used; by running number, so that each district has all."""
    running = pl.int_range(count, eager=True).alias("pattern")
    turn = pl.col("pattern")
    return (
        running.to_frame()
        .select(
            pl.when(turn % 40 == 39).then(pl.lit("new"))
            .when(turn % 50 == 7).then(pl.lit("power_only"))
            .when(turn % 53 == 11).then(pl.lit("edge"))
            .when(turn % 47 == 5).then(pl.lit("fridge"))
            .when(turn % 27 == 13).then(pl.lit("filled"))
            .when(turn % 13 == 6).then(pl.lit("falling"))
            .when(turn % 6 == 4).then(pl.lit("empty"))
            .otherwise(pl.lit("lived_in"))
        )
        .to_series()
        .alias("pattern")
    )  # fmt: skip
