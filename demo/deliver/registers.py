"""Registers that are sent whole or by changes: people, places, enterprises, permits.

Keep out: events (happenings.py) and utilities (utilities.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from demo.city.build import City
from demo.city.enterprises import as_published, as_told
from demo.city.events import event_days
from demo.city.places import NEW_SINCE
from demo.deliver.encode import Layout
from demo.deliver.outbox import Outbox, Parcel, spare_rows
from demo.deliver.writing import with_address
from demo.size import FIRST_DAY

BEFORE, NOW = "202602", "202603"


def send_registers(city: City, outbox: Outbox) -> None:
    """Send every register of the city."""
    send_divisions(outbox)
    send_places(city, outbox)
    send_people(city, outbox)
    send_enterprises(city, outbox)
    send_publication(city, outbox)
    send_permits(city, outbox)


def send_divisions(outbox: Outbox) -> None:
    """Send the divisions that the city's vocabulary knows, valid and former ones."""
    known = [
        {"code": d.code, "name": d.name, "level": d.level, "parent": d.parent,
         "valid_from": d.valid_from, "valid_to": d.valid_to, "successor": d.successor}
        for d in outbox.catalog.vocabulary.divisions
    ]  # fmt: skip
    rows = pl.DataFrame(known, infer_schema_length=None).with_columns(
        pl.col("valid_to").cast(pl.Date), pl.col("parent", "successor").cast(pl.String)
    )
    spares = pl.DataFrame(
        {"code": [f"520199{number:03d}" for number in range(40)]}
    ).with_columns(
        pl.lit("示例街道").alias("name"), pl.lit("street").alias("level"),
        pl.lit("520100").alias("parent"), pl.lit(dt.date(2020, 1, 1)).alias("valid_from"),
        pl.lit(None, pl.Date).alias("valid_to"), pl.lit(None, pl.String).alias("successor"),
    )  # fmt: skip
    outbox.send_all("division", [Parcel("2026", rows)], spares)


def send_places(city: City, outbox: Outbox) -> None:
    """Send standard addresses, buildings and dwellings; the newest only in the second month."""
    places = city.places
    new = places.dwellings.filter(pl.col("registered_on") >= NEW_SINCE)["address_code"]
    addresses = places.addresses.with_columns(pl.lit(value=False).alias("is_spare"))
    earlier = addresses.filter(~pl.col("address_code").is_in(new.implode()))
    spares = addresses.head(48).with_columns(_unknown_address())
    parcels = [Parcel(BEFORE, earlier, Layout(bom=True)), Parcel(NOW, addresses)]
    outbox.send_all("standard_address", parcels, spares)
    spare_buildings = places.buildings.head(40).with_columns(
        ("B9" + pl.int_range(pl.len()).cast(pl.String).str.zfill(9)).alias("building_code")
    )
    outbox.send_all("building", [Parcel("2026Q1", places.buildings)], spare_buildings)
    dwellings = places.dwellings
    old = dwellings.filter(pl.col("registered_on") < NEW_SINCE)
    spare_dwellings = dwellings.head(40).with_columns(
        ("D9" + pl.int_range(pl.len()).cast(pl.String).str.zfill(9)).alias("dwelling_id")
    )
    outbox.send_all("dwelling", [Parcel(BEFORE, old), Parcel(NOW, dwellings)], spare_dwellings)


def _unknown_address() -> pl.Expr:
    running = pl.int_range(pl.len()).cast(pl.String).str.zfill(4)
    return (pl.col("address_code").str.slice(0, 9) + "99999999" + running).alias("address_code")


def send_people(city: City, outbox: Outbox) -> None:
    """Send residents and supported households, month by month."""
    people = _placed(city.people, "resident", city, outbox)
    rows, spares = spare_rows(people).values()
    since = pl.col("cancelled_on") >= NEW_SINCE
    earlier = rows.filter(pl.col("birth_date") < NEW_SINCE).with_columns(
        pl.when(since).then(pl.lit("registered")).otherwise("residence_status")
        .alias("residence_status"),
        pl.when(since).then(None).otherwise("cancelled_on").alias("cancelled_on"),
    )  # fmt: skip
    outbox.send_all("resident", [Parcel(BEFORE, earlier), Parcel(NOW, rows)], spares)
    low, low_spares = spare_rows(city.events["low_income_household"]).values()
    parcels = [
        Parcel(BEFORE, low.filter(pl.col("month") <= BEFORE)),
        Parcel(NOW, low),
    ]
    outbox.send_all("low_income_household", parcels, low_spares)


def _placed(rows: pl.DataFrame, unit: str, city: City, outbox: Outbox) -> pl.DataFrame:
    return with_address(
        rows, city.places.addresses, unit, seed=city.seed, vocabulary=outbox.catalog.vocabulary
    )


def send_enterprises(city: City, outbox: Outbox) -> None:
    """Send the register of enterprises: everything on the first day, then what changed."""
    rows, spares = spare_rows(_registered(city, outbox)).values()
    days = [FIRST_DAY + dt.timedelta(days=index) for index in range(min(city.size.days, 3))]
    parcels = [Parcel(f"{day:%Y%m%d}", as_told(rows, day)) for day in days]
    outbox.send_all("enterprise_registration", parcels, spares)


def send_publication(city: City, outbox: Outbox) -> None:
    """Send the public register of the old enterprises, in which capital is a text."""
    rows, spares = (as_published(part) for part in spare_rows(_registered(city, outbox)).values())
    old = rows.filter(pl.col("registered_on") < pl.date(2000, 1, 1))
    outbox.send_all("enterprise_publication", [Parcel("2026", old)], spares)


def _registered(city: City, outbox: Outbox) -> pl.DataFrame:
    return _placed(city.enterprises, "register", city, outbox)


def send_permits(city: City, outbox: Outbox) -> None:
    """Send permits: everything on the first day, revocations on the last."""
    rows, spares = spare_rows(city.events["permit"]).values()
    changed = pl.col("changed_on").is_not_null()
    first = rows.with_columns(
        pl.when(changed).then(pl.lit("valid")).otherwise("status").alias("status")
    )
    parcels = [Parcel(f"{FIRST_DAY:%Y%m%d}", first)]
    last = event_days(city.size.days)[-1]
    if (told := rows.filter(changed)).height:
        parcels.append(Parcel(f"{last:%Y%m%d}", told))
    outbox.send_all("permit", parcels, spares)
