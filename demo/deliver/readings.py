"""Very many readings in one file, for benches: valid against the entry, written in batches.

Keep out: the city (its readings come from utilities.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from catalog.entry import Entry
from catalog.load import load_catalog
from demo.city.draw import hundredths, pick, stream
from demo.city.identifiers import Ints, meter_numbers, padded, scattered, usccs
from demo.size import FIRST_DAY

METERS = 500_000
BATCH = 250_000
ROLLOVER = 100_000_00
DAMAGES = ("十二", "remote,1", "rem\x00ote", "999999")
"""What stands for the way of reading in damaged records: unknown, ragged, junk, unknown."""
FALSE = (DAMAGES[0], DAMAGES[3])
CHARGED = {
    "payer_uscc": "付费单位统一社会信用代码",
    "due_on": "缴费期限",
    "tier1_m3": "第一阶梯用量",
    "tier2_m3": "第二阶梯用量",
}
ADDRESS = "用水地址"
ROADS = ("观山湖区长岭北路", "云岩区中华中路", "南明区花果园大街", "花溪区清溪路", "乌当区新添大道")
FIRST_TIER, PAID_WITHIN = 60, 30  # hundredths of m³ a day, days


@dataclass(frozen=True)
class Written:
    """What a bench file holds."""

    rows: int
    meters: int
    damaged: int


def write_readings(  # noqa: PLR0913 - by keyword, each what a bench varies
    path: Path,
    *,
    rows: int,
    seed: int,
    encoding: str = "utf-8",
    damaged: float = 0.0,
    accounts: Path | None = None,
    charged: bool = False,
    meters: int | None = None,
    addressed: bool = False,
) -> Written:
    """Write so many water readings as CSV, day after day; a share of the records damaged.

    A damaged record counts no use, so that the meter's next reading still agrees. With
    `accounts`, the accounts that the meters belong to are written there. `charged` readings
    have the columns of `CHARGED` too, and their damages are false values only. `addressed` ones
    say where the water is used: Chinese text in each record.
    """
    catalog = load_catalog()
    meters = meters or min(METERS, max(rows // 20, min(rows, 1_000)))
    names = _meters(meters, seed)
    count = 0
    with path.open("wb") as file:
        titles = [item.title for item in catalog.entry("water_reading").items]
        titles += CHARGED.values() if charged else ()
        titles += [ADDRESS] if addressed else ()
        places = _addresses(meters, seed) if addressed else None
        file.write(f"{','.join(titles)}\n".encode(encoding))
        for frame, bad in _days(names, rows, seed=seed, damaged=damaged, charged=charged):
            shown = frame if places is None else frame.with_columns(places.head(frame.height))
            for part in shown.iter_slices(BATCH):
                text = part.write_csv(include_header=False, quote_style="never")
                file.write(text.encode(encoding))
            count += bad
    if accounts is not None:
        _write_accounts(accounts, names, catalog.entry("water_account"), encoding)
    return Written(rows=rows, meters=meters, damaged=count)


def _meters(count: int, seed: int) -> pl.Series:
    year = stream(seed, "bench", "years").integers(2008, 2026, count)
    return meter_numbers("W", year, scattered(count, start=101, width=7)).alias("meter_id")


def _days(
    names: pl.Series, rows: int, *, seed: int, damaged: float, charged: bool
) -> Iterator[tuple[pl.DataFrame, int]]:
    """Return the readings of each day and how many of them are damaged."""
    meters = len(names)
    damages = np.array(FALSE if charged else DAMAGES)
    payers = _payers(meters) if charged else None
    counter: Ints = stream(seed, "bench", "start").integers(10_00, ROLLOVER // 2, meters)
    for day, start in enumerate(range(0, rows, meters)):
        rng = stream(seed, "bench", day)
        bad = rng.random(meters) < damaged
        used = np.where(bad, 0, rng.integers(0, 90, meters))
        counter = counter + used
        kind = np.where(rng.random(meters) < 0.97, "remote", "manual")
        kind = np.where(bad, damages[np.arange(meters) % len(damages)], kind)
        frame = pl.DataFrame(
            [
                names,
                pl.Series("read_on", [FIRST_DAY + dt.timedelta(days=day)]).new_from_index(
                    0, meters
                ),
                hundredths(counter).alias("reading_m3"),
                hundredths(used).alias("usage_m3"),
                pl.Series("read_kind", kind),
            ]
        ).head(rows - start)
        if payers is not None:
            frame = _charged(frame, payers, used, FIRST_DAY + dt.timedelta(days=day))
        yield frame, int(bad[: frame.height].sum())


def _payers(count: int) -> pl.Series:
    return usccs(pl.Series(["520103"]).new_from_index(0, count), start=1).alias("payer_uscc")


def _addresses(count: int, seed: int) -> pl.Series:
    """Return a made-up address for each meter."""
    rng = stream(seed, "bench", "addresses")
    number, building = (pl.Series(rng.integers(1, n, count)).cast(pl.String) for n in (400, 60))
    places = "贵阳市" + pick(rng, ROADS, count) + number + "号" + building + "栋"
    return places.alias("address")


def _charged(frame: pl.DataFrame, payers: pl.Series, used: Ints, day: dt.date) -> pl.DataFrame:
    """Add who pays, until when, and how the use falls into two tiers."""
    height, first = frame.height, np.minimum(used, FIRST_TIER)
    due = pl.Series("due_on", [day + dt.timedelta(days=PAID_WITHIN)]).new_from_index(0, height)
    tiers = [hundredths(first).alias("tier1_m3"), hundredths(used - first).alias("tier2_m3")]
    more = [payers.head(height), due, *(tier.head(height) for tier in tiers)]
    return frame.with_columns(more)


def _write_accounts(path: Path, names: pl.Series, entry: Entry, encoding: str) -> None:
    """Write an account for each meter, with the items that the entry requires."""
    count = len(names)
    number = "5201" + padded(scattered(count, start=11, width=8), 8)
    known = {
        "account_number": number,
        "meter_id": names,
        "holder_name": pl.Series(["示例用户"]).new_from_index(0, count),
        "kind": pl.Series(["residential"]).new_from_index(0, count),
        "address": pl.Series(["示例路1号"]).new_from_index(0, count),
        "opened_on": pl.Series(["2020-01-01"]).new_from_index(0, count),
    }
    absent = pl.Series([None], dtype=pl.String).new_from_index(0, count)
    frame = pl.DataFrame([known.get(item.name, absent).alias(item.title) for item in entry.items])
    path.write_bytes(frame.write_csv().encode(encoding))
