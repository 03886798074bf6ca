"""Use of water, power and gas: day by day while readings are delivered, month by month before.

All quantities are whole hundredths of the utility's unit, so that sums are exact.
Keep out: rendering readings and bills as files.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from demo.city.accounts import Utility
from demo.city.draw import hundredths, stream
from demo.city.identifiers import Ints
from demo.size import FIRST_DAY

PAST_MONTHS = ("2026-01", "2026-02")
WITH_HISTORY = 4
"""So many special meters have good readings up to the last day, when planted ones follow."""
SPECIAL_READING = 100_00


class MeterWalk:
    """The counters of all meters of a utility, on their way through the days."""

    def __init__(self, utility: Utility, accounts: pl.DataFrame, *, seed: int, days: int) -> None:
        self.utility = utility
        self.accounts = accounts
        self.months: dict[str, Ints] = {}
        self._seed = seed
        self._mean = daily_means(utility, accounts, seed)
        self._special = (accounts["role"] == "special").to_numpy()
        self._window = _window(accounts, days)
        rng = stream(seed, utility.name, "counters")
        self._bases = [
            self._start(rng, band, share) for band, (_, share) in enumerate(utility.bands)
        ]

    def day(self, index: int) -> pl.DataFrame:
        """Return the readings of the next day, special meters too, and move the counters.

        Columns: meter_id, read_on, reading and usage by band (decimals), usage, read_kind,
        `wrapped`, `first`, `role` and `has_history`.
        """
        read_on = FIRST_DAY + dt.timedelta(days=index)
        active = (self._window[0] <= index) & (index < self._window[1])
        total = np.where(active, self._usage(index), 0)
        parts = self._parts(total)
        columns, wrapped = self._advance(parts)
        month = self.months.setdefault(f"{read_on:%Y-%m}", np.zeros(len(total), np.int64))
        month += total
        kinds = np.array(["remote", "manual", "estimated"], dtype="U9")
        chance = stream(self._seed, self.utility.name, "kind", index).random(len(total))
        frame = self.accounts.select("meter_id", "account_number", "role").with_columns(
            pl.lit(read_on).alias("read_on"),
            *columns,
            hundredths(total).alias(f"usage_{self.utility.unit}"),
            pl.Series("read_kind", kinds[np.searchsorted([0.9, 0.98], chance)]),
            pl.Series("wrapped", wrapped),
            pl.Series("first", (self._window[0] == index) & (index > 0)),
            pl.Series("has_history", self._special & (np.cumsum(self._special) <= WITH_HISTORY)),
        )
        return frame.filter(pl.Series(active | self._special))

    def _start(self, rng: np.random.Generator, band: int, share: float) -> Ints:
        """Return the counters before the first day; a few are about to roll over."""
        count = self.accounts.height
        rollover = self.utility.rollover * 100
        start = rng.integers(10_00, rollover * 6 // 10, count)
        works = (self.accounts["role"] == "work").to_numpy()
        rolls = works & (np.cumsum(works) % 61 == 3) & (band == 0)
        first_day = (self._usage(0) * share).astype(np.int64)
        start = np.where(rolls, rollover - 4 - first_day, start)
        new = self._window[0] > 0
        return np.where(self._special, SPECIAL_READING, np.where(new, 0, start))

    def _usage(self, index: int) -> Ints:
        """Return what each meter counts on a day, in hundredths."""
        chance = stream(self._seed, self.utility.name, "day", index).random(len(self._mean))
        used = (self._mean * (0.6 + 0.8 * chance)).astype(np.int64)
        return np.where(self._special, 0, used)

    def _parts(self, total: Ints) -> list[Ints]:
        shares = [share for _, share in self.utility.bands]
        first = [(total * share).astype(np.int64) for share in shares[1:]]
        return [total - np.sum(first, axis=0, dtype=np.int64), *first] if first else [total]

    def _advance(self, parts: list[Ints]) -> tuple[list[pl.Series], np.ndarray]:
        columns: list[pl.Series] = []
        wrapped = np.zeros(self.accounts.height, dtype=bool)
        unit = self.utility.unit
        for position, ((band, _), part) in enumerate(zip(self.utility.bands, parts, strict=True)):
            reading = self._bases[position] + part
            over = reading >= self.utility.rollover * 100
            self._bases[position] = reading - over * self.utility.rollover * 100
            wrapped |= over
            columns.append(hundredths(self._bases[position]).alias(f"reading{band}_{unit}"))
            if band:
                columns.append(hundredths(part).alias(f"usage{band}_{unit}"))
        return columns, wrapped


def daily_means(utility: Utility, accounts: pl.DataFrame, seed: int) -> np.ndarray:
    """Return each account's mean use a day, in hundredths."""
    rng = stream(seed, utility.name, "means")
    count = accounts.height
    spread = rng.lognormal(0.0, 0.35, count)
    home = np.clip(utility.home_mean * spread, utility.vacant_below * 4, None)
    work = np.clip(utility.work_mean * spread, utility.vacant_below * 4, utility.work_mean * 4)
    is_home = (accounts["role"] == "home").to_numpy()
    monthly = np.where(is_home, home, work)
    asleep = _asleep(utility, accounts["pattern"].to_numpy(), rng.random(count))
    monthly = np.where(np.isnan(asleep), monthly, asleep)
    return np.asarray(monthly * 100 / 30)


def _asleep(utility: Utility, pattern: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Return the use a month of dwellings where nobody lives; nan for all others."""
    little = utility.vacant_below * 0.6 * chance
    usage = np.where(pattern == "empty", little, np.nan)
    just_lived_in = utility.vacant_below * (1.35 if utility.name == "water" else 0.5)
    usage = np.where(pattern == "edge", just_lived_in, usage)
    return np.where((pattern == "fridge") & (utility.name != "power"), little, usage)


def month_usage(utility: Utility, accounts: pl.DataFrame, month: str, *, seed: int) -> Ints:
    """Return what each account used in a month before readings begin, in hundredths."""
    chance = stream(seed, utility.name, "month", month).random(accounts.height)
    used = (daily_means(utility, accounts, seed) * 30 * (0.8 + 0.4 * chance)).astype(np.int64)
    pattern = accounts["pattern"].to_numpy()
    before_filled = (pattern == "filled") & (month == PAST_MONTHS[0])
    used = np.where(before_filled, (chance * utility.vacant_below * 99).astype(np.int64), used)
    fallen = (pattern == "falling") & (month == PAST_MONTHS[1])
    used = np.where(fallen, used * 15 // 100, used)
    # exactly 1 m³ is not less than 1 m³: the dwelling counts as lived in
    exactly = (pattern == "edge") & (utility.name == "water")
    used = np.where(exactly, utility.vacant_below * 100, used)
    without = accounts["role"].is_in(["special", "phantom", "successor"]).to_numpy()
    return np.where(without, 0, used)


def _window(accounts: pl.DataFrame, days: int) -> tuple[Ints, Ints]:
    """Return the first day of each meter's readings and the day after the last."""
    first = np.zeros(accounts.height, dtype=np.int64)
    last = np.full(accounts.height, days, dtype=np.int64)
    role = accounts["role"].to_numpy()
    since = (accounts["opened_on"] - FIRST_DAY).dt.total_days().to_numpy()
    until = (accounts["closed_on"] - FIRST_DAY).dt.total_days().fill_null(days).to_numpy()
    first = np.where(role == "successor", since, first)
    last = np.where(role == "work", until, last)
    idle = (role == "special") | (role == "phantom")
    return first, np.where(idle, 0, last)


def bills(
    utility: Utility, accounts: pl.DataFrame, month: str, *, used: Ints, seed: int
) -> pl.DataFrame:
    """Return the bills of a month, with tiers for homes; special accounts' bills are spare."""
    rng = stream(seed, utility.name, "bills", month)
    unit = utility.unit
    special = (accounts["role"] == "special").to_numpy()
    used = np.where(special, rng.integers(5_00, 80_00, len(used)), used)
    low, high = (limit * 100 for limit in utility.tiers)
    stepped = (accounts["role"] == "home").to_numpy()
    tier1 = np.where(stepped, np.minimum(used, low), used)
    tier2 = np.where(stepped, np.clip(used - low, 0, high - low), 0)
    tier3 = used - tier1 - tier2
    tiers = (tier1, tier2, tier3)
    fen = sum(tier * price for tier, price in zip(tiers, utility.prices, strict=True)) // 100
    due = pl.Series([f"{month}-01"]).str.to_date().dt.offset_by("1mo")[0]
    paid = pl.Series(rng.integers(2, 26, len(used)))
    unpaid = pl.Series(rng.random(len(used)) < 0.08)
    billed = accounts.select(
        "account_number", "meter_id", "role", "dwelling_id", "uscc", "division"
    )
    bill_rows = billed.with_columns(
        pl.lit(month).alias("month"),
        hundredths(used).alias(f"usage_{unit}"),
        *(hundredths(tier).alias(f"tier{n}_{unit}") for n, tier in enumerate(tiers, start=1)),
        hundredths(np.asarray(fen)).alias("amount"),
        pl.when(unpaid)
        .then(None)
        .otherwise(pl.lit(due) + pl.duration(days=pl.lit(paid)))
        .alias("paid_on"),
    )
    return bill_rows.filter(_billed(accounts, month))


def _billed(accounts: pl.DataFrame, month: str) -> pl.Series:
    """Tell which accounts get a bill for the month: those open on some of its days."""
    role = accounts["role"]
    opened = accounts["opened_on"].dt.strftime("%Y-%m") <= month
    return (role != "phantom") & opened
