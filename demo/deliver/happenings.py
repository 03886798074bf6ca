"""Events and payments that are sent as they happen, by day, month or quarter.

Keep out: readings and bills (utilities.py).
"""

from __future__ import annotations

import polars as pl

from demo.city.build import City
from demo.city.economy import INSURED_MONTHS, TAXED_QUARTERS
from demo.city.events import LATE_DAY
from demo.deliver.encode import Layout
from demo.deliver.outbox import Outbox, Parcel, spare_rows


def send_happenings(city: City, outbox: Outbox) -> None:
    """Send everything that happened, but for the late, withdrawn and corrected (whole.py)."""
    for resource in ("birth_record", "death_record", "gas_safety_inspection"):
        _by(outbox, resource, city.events[resource], pl.col("month"))
    for resource in ("power_outage", "water_outage", "hotline_complaint"):
        frame = city.events[resource].filter(pl.col("told_on") != LATE_DAY)
        _by(outbox, resource, frame, pl.col("told_on").dt.strftime("%Y%m%d"))
    pressure = city.events["water_pressure"]
    _by(outbox, "water_pressure", pressure, pl.col("measured_on").dt.strftime("%Y%m"))
    penalties = city.events["administrative_penalty"].filter(~pl.col("withdrawn"))
    _by(outbox, "administrative_penalty", penalties, pl.col("month"), layout=Layout(crlf=True))
    insurance = city.events["social_insurance_payment"]
    later = insurance.filter(pl.col("month") != INSURED_MONTHS[0])
    _by(outbox, "social_insurance_payment", later, pl.col("month").str.replace("-", ""),
        layout=Layout(alias_header=True))  # fmt: skip
    _taxes(city, outbox)
    macro = city.events["macro_indicator"].with_columns(pl.lit(value=False).alias("is_spare"))
    spares = macro.with_columns(
        (pl.lit("2024") + pl.col("period").str.slice(4)).alias("period"),
        pl.lit(value=True).alias("is_spare"),
    )
    _by(
        outbox, "macro_indicator", pl.concat([macro, spares]), pl.col("period").str.replace("-", "")
    )


def _taxes(city: City, outbox: Outbox) -> None:
    rows, spares = spare_rows(city.events["tax_payment"]).values()
    parcels = [
        Parcel(quarter, rows.filter(pl.col("period") == quarter)) for quarter in TAXED_QUARTERS
    ]
    outbox.send_all("tax_payment", parcels, spares)


def _by(
    outbox: Outbox,
    resource: str,
    frame: pl.DataFrame,
    stamp: pl.Expr,
    *,
    layout: Layout | None = None,
) -> None:
    """Send a file for each stamp; the first in an odd layout when one is given."""
    stamped = frame.with_columns(stamp.alias("stamp"))
    rows, spares = spare_rows(stamped).values()
    groups = rows.partition_by("stamp", as_dict=True, maintain_order=True)
    ordered = sorted((str(key[0]), part) for key, part in groups.items())
    parcels = [
        Parcel(name, part, layout or Layout()) if number == 0 else Parcel(name, part)
        for number, (name, part) in enumerate(ordered)
    ]
    outbox.send_all(resource, parcels, spares)
