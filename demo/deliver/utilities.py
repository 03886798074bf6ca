"""What the water, power and gas companies send: accounts, daily readings, monthly bills.

Keep out: outages and inspections (happenings.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from demo.city.accounts import UTILITIES, Utility
from demo.city.build import City
from demo.city.identifiers import Ints
from demo.city.usage import PAST_MONTHS, MeterWalk, bills, month_usage
from demo.deliver.defects import Defect
from demo.deliver.encode import Layout
from demo.deliver.holders import as_accounts_have_it, before_hands_changed
from demo.deliver.outbox import Outbox, Parcel
from demo.deliver.writing import with_address
from demo.size import FIRST_DAY

ODD_BILLS = {
    "power": Layout(alias_header=True), "gas": Layout(reordered_columns=True), "water": Layout(),
}  # fmt: skip


def send_utilities(city: City, outbox: Outbox) -> pl.DataFrame:
    """Send everything of the three utilities; return the true use by account and month."""
    return pl.concat([_send(utility, city, outbox) for utility in UTILITIES], how="diagonal")


def _send(utility: Utility, city: City, outbox: Outbox) -> pl.DataFrame:
    accounts = city.accounts[utility.name]
    _accounts(utility, city, outbox)
    billed = {month: month_usage(utility, accounts, month, seed=city.seed) for month in PAST_MONTHS}
    walk = MeterWalk(utility, accounts, seed=city.seed, days=city.size.days)
    _readings(walk, city, outbox)
    billed |= {month: used for month, used in walk.months.items() if _complete(month, city)}
    return _bills(utility, city, outbox, billed)


def _accounts(utility: Utility, city: City, outbox: Outbox) -> None:
    """Send accounts of two months; replaced meters are in the second."""
    resource = f"{utility.name}_account"
    placed = with_address(
        city.accounts[utility.name], city.places.addresses, utility.name,
        seed=city.seed, vocabulary=outbox.catalog.vocabulary,
    )  # fmt: skip
    known = as_accounts_have_it(placed, city.enterprises, seed=city.seed, unit=utility.name)
    rows = known.filter(pl.col("role") != "phantom")
    phantoms = known.filter(pl.col("role") == "phantom")
    standing = rows.filter(pl.col("role") != "successor")
    earlier = before_hands_changed(standing).with_columns(pl.lit(None, pl.Date).alias("closed_on"))
    outbox.send_all(resource, [Parcel("202602", earlier), Parcel("202603", rows)], phantoms)


def _readings(walk: MeterWalk, city: City, outbox: Outbox) -> None:
    """Send a file of readings a day; special meters' rows carry the planted defects."""
    resource = f"{walk.utility.name}_reading"
    days = city.size.days
    heights = [int(walk.accounts["role"].is_in(["home", "work"]).sum())] * days
    heights[-1] -= min(heights[-1], 100)  # the last day holds the counters' defects too
    shares = outbox.plan(resource, heights)
    for index in range(days):
        frame = walk.day(index)
        last = index == days - 1
        special, history = pl.col("role") == "special", pl.col("has_history")
        kept = ~special if last else ~special | history
        rows = frame.filter(kept).with_columns(_marks(index))
        spares = frame.filter(special & ~history)
        defects = list(shares[index])
        if last and days > 1:
            spares = pl.concat([frame.filter(special & history), spares])
            defects = [*counter_defects(walk.utility), *defects]
        stamp = f"{FIRST_DAY + dt.timedelta(days=index):%Y%m%d}"
        layout = Layout(crlf=True) if index == 1 and resource == "water_reading" else Layout()
        outbox.send(
            resource, Parcel(stamp, rows, layout), spares=spares, defects=defects,
            odd=outbox.oddities(resource) if index == min(2, days - 1) else (),
        )  # fmt: skip


def counter_defects(utility: Utility) -> list[Defect]:
    """Return the defects that show only beside a meter's earlier readings (four donors)."""
    band = utility.bands[0][0]
    reading, usage = f"reading{band}_{utility.unit}", f"usage{band}_{utility.unit}"
    total = f"usage_{utility.unit}"
    back = {reading: pl.lit("90.00")}
    apart = {reading: pl.lit("105.00"), usage: pl.lit("3.00"), total: pl.lit("3.00")}
    return [
        Defect("reading_goes_back", "reading_goes_back", back, donors=2),
        Defect("usage_not_difference", "usage_not_difference", apart, donors=2),
    ]


def _marks(index: int) -> list[pl.Expr]:
    """Return the marks of readings that are odd by themselves, from the second day on."""
    rolled = pl.col("wrapped") & (index > 0)
    kind = pl.when(rolled).then(pl.lit("meter_rollover")).when("first").then(
        pl.lit("meter_replaced")
    )  # fmt: skip
    return [
        kind.alias("_kind"),
        pl.when(rolled | pl.col("first")).then(pl.lit("accepted")).alias("_expect"),
    ]


def _complete(month: str, city: City) -> bool:
    """Tell whether readings cover every day of the month."""
    first = dt.date.fromisoformat(f"{month}-01")
    following = (first + dt.timedelta(days=32)).replace(day=1)
    return first >= FIRST_DAY and following <= FIRST_DAY + dt.timedelta(days=city.size.days)


def _bills(utility: Utility, city: City, outbox: Outbox, billed: dict[str, Ints]) -> pl.DataFrame:
    """Send bills of each month; return what was truly used."""
    accounts = city.accounts[utility.name]
    made = [
        bills(utility, accounts, month, used=used, seed=city.seed) for month, used in billed.items()
    ]
    special = pl.col("role") == "special"
    parcels = [
        Parcel(month.replace("-", ""), bill.filter(~special),
               ODD_BILLS[utility.name] if number == 0 else Layout())
        for number, (month, bill) in enumerate(zip(billed, made, strict=True))
    ]  # fmt: skip
    outbox.send_all(f"{utility.name}_bill", parcels, made[-1].filter(special))
    return pl.concat([bill.filter(~special) for bill in made]).select(
        pl.lit(utility.name).alias("utility"), "account_number", "meter_id", "dwelling_id", "uscc",
        "division", "month", pl.col(f"usage_{utility.unit}").alias("usage"), "amount",
        "paid_on",
    )  # fmt: skip
