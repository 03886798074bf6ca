"""What happens in the city: outages, complaints, births, deaths, gas inspections.

`told_on` is the day of the delivery that tells of an event; spare rows have valid values
and stand in no delivery but where a defect is planted. Keep out: money (economy.py).
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from demo.city.accounts import Utility
from demo.city.draw import by_turns, days_between, pick, stream, weigh
from demo.city.identifiers import padded
from demo.city.people import SPARES
from demo.size import FIRST_DAY, Size

LATE_DAY = dt.date(2026, 2, 26)
"""Day of the complaints that arrive a week and a half late."""
DUE = {"pass": "1y", "minor": "30d", "serious": "7d"}
"""When a home is inspected next; who refused keeps the day that was due before."""
LONG_OUTAGE = (dt.datetime(2026, 2, 10, 6, 30), dt.datetime(2026, 2, 16, 14, 0))  # noqa: DTZ001


def event_days(days: int) -> list[dt.date]:
    """Return the days on which daily events are delivered: every third."""
    return [FIRST_DAY + dt.timedelta(days=index) for index in range(0, days, 3)]


def numbers(prefix: str, days: pl.Series) -> pl.Series:
    """Return running numbers: prefix, day, four digits (within the day)."""
    running = pl.int_range(pl.len()).over("day").cast(pl.String).str.zfill(4)
    day = pl.col("day").dt.strftime("%Y%m%d")
    return days.alias("day").to_frame().select(prefix + day + running).to_series()


def at(rng: np.random.Generator, days: pl.Series) -> pl.Series:
    """Return a time on each of the days, to the second, between six and eleven at night."""
    return days.cast(pl.Datetime("us")) + pl.Series(
        rng.integers(6 * 3600, 22 * 3600, len(days)) * 1_000_000
    ).cast(pl.Duration("us"))


def _days(size: Size, count: int, extra: list[dt.date]) -> pl.Series:
    """Return a day of events for each of `count` plus, for each extra day, fourteen more."""
    regular = event_days(size.days)
    turns = [regular[turn % len(regular)] for turn in range(count)]
    return pl.Series(turns + [day for day in extra for _ in range(14)], dtype=pl.Date)


def build_outages(utility: Utility, size: Size, seed: int, divisions: list[str]) -> pl.DataFrame:
    """Return outages of a utility; one of power lasts longer than five days."""
    rng = stream(seed, utility.name, "outages")
    count = max(56, size.people // 4_000) + SPARES
    days = _days(size, count, [])
    start = at(rng, days)
    hours = pl.Series(rng.integers(1, 30, count))
    frame = pl.DataFrame(
        {
            "outage_number": numbers(f"{utility.letter}O", days),
            "kind": weigh(rng, {"planned": 6, "burst": 4}, count),
            "division": pl.Series(divisions).gather(np.arange(count) % len(divisions)),
            "started_at": start,
            "ended_at": start + pl.Series(hours * 3_600_000_000).cast(pl.Duration("us")),
            "households": rng.integers(3, 900, count),
            "told_on": days,
            "is_spare": np.arange(count) >= count - SPARES,
        }
    )
    return pl.concat([frame, _long_outage(frame.schema)]) if utility.name == "power" else frame


def _long_outage(schema: pl.Schema) -> pl.DataFrame:
    row = {
        "outage_number": "PO202602100001", "kind": "burst", "division": "520194",
        "started_at": LONG_OUTAGE[0], "ended_at": LONG_OUTAGE[1], "households": 40,
        "told_on": dt.date(2026, 2, 17), "is_spare": False,
    }  # fmt: skip
    return pl.DataFrame([row], schema=schema)


def build_complaints(size: Size, seed: int, addresses: pl.DataFrame) -> pl.DataFrame:
    """Return calls to the hotline, in every district, with their outcome."""
    rng = stream(seed, "complaints")
    regular = max(56, size.people // 50) + SPARES
    days = _days(size, regular, [LATE_DAY])
    count = len(days)
    received = at(rng, days)
    place = by_turns(addresses[rng.permutation(addresses.height)], "division")
    place = place[np.arange(count) % place.height]
    status = weigh(rng, {"closed": 6, "assigned": 3, "open": 1}, count)
    took = pl.Series(rng.integers(1, 70, count) * 3_600_000_000).cast(pl.Duration("us"))
    topics = ("water", "power", "gas", "housing", "traffic", "environment", "noise", "other")
    running = np.arange(count)
    return pl.DataFrame({"received_at": received, "told_on": days}).with_columns(
        numbers("HL", days).alias("ticket_number"),
        place["division"], place["address_text"].alias("address"),
        pick(rng, topics, count).alias("topic"),
        pick(rng, ("示例市供水公司", "示例市供电公司", "示例市燃气公司", "示例街道办"), count)
        .alias("unit_concerned"),
        status.alias("status"),
        pl.when(status == "closed").then(pl.col("received_at") + took).alias("closed_at"),
        pl.Series("is_spare", (running >= regular - SPARES) & (running < regular)),
    )  # fmt: skip


def build_births(people: pl.DataFrame) -> pl.DataFrame:
    """Return records of the newborns."""
    born = people.filter(pl.col("is_newborn") | pl.col("is_spare"))
    return _records(born, "CS", pl.col("birth_date"))


def build_deaths(people: pl.DataFrame) -> pl.DataFrame:
    """Return records of the dead."""
    died = people.filter(pl.col("died_on").is_not_null() | pl.col("is_spare"))
    return _records(died, "SW", pl.col("died_on").fill_null(dt.date(2026, 2, 20)))


def _records(people: pl.DataFrame, prefix: str, event: pl.Expr) -> pl.DataFrame:
    told = people.with_columns(event.alias("event_date"))
    return told.select(
        numbers(prefix, told["event_date"]).alias("record_number"),
        "citizen_id", "name", "sex", "event_date",
        pl.col("domicile_division").alias("division"), "is_spare",
        pl.col("event_date").dt.strftime("%Y%m").alias("month"),
    )  # fmt: skip


def build_inspections(accounts: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return safety inspections of homes with gas, in January and February."""
    rng = stream(seed, "inspections")
    homes = accounts.filter(pl.col("role").is_in(["home", "special"]))
    special = homes["role"] == "special"
    first = pl.int_range(pl.len()).over("division") == 0  # so that none is without
    visited = homes.filter(pl.Series(rng.random(homes.height) < 0.3) | special | first)
    count = visited.height
    day = days_between(rng, ("2026-01-04", "2026-02-27"), count)
    result = weigh(rng, {"pass": 80.0, "minor": 12, "serious": 3, "refused": 5}, count)
    within = [pl.when(result == kind).then(day.dt.offset_by(span)) for kind, span in DUE.items()]
    return visited.select("account_number", "division").with_columns(
        ("AJ" + padded(np.arange(count, dtype=np.int64) + 202_600_000_001, 12)).alias(
            "inspection_number"
        ),
        day.alias("inspected_on"),
        result.alias("result"),
        pl.coalesce(within).alias("next_due"),
        visited["role"].eq("special").alias("is_spare"),
        day.dt.strftime("%Y%m").alias("month"),
    )
