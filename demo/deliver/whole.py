"""Deliveries that are odd or wrong as wholes, and what else lies about in an inbox.

All are extra files with stamps of their own, so that the city's good deliveries stay whole.
Keep out: defects of rows (defects.py).
"""

from __future__ import annotations

import polars as pl

from demo.city.accounts import UTILITIES
from demo.city.build import City
from demo.city.economy import INSURED_MONTHS
from demo.city.events import LATE_DAY
from demo.city.usage import PAST_MONTHS, bills, month_usage
from demo.deliver.encode import Layout, encode
from demo.deliver.outbox import Outbox, Parcel, write
from demo.deliver.sheet import Sheet, compose

LATE_BY = 12
LONG_LINE = 10_000_000


def send_wholes(city: City, outbox: Outbox) -> None:
    """Send every kind of odd whole delivery once."""
    _late(city, outbox)
    _out_of_order(city, outbox)
    _corrected(city, outbox)
    _withdrawn(city, outbox)
    _repeated(outbox)
    _empty(outbox)
    _header_only(city, outbox)
    _columns(city, outbox)
    _wrong_encoding(city, outbox)
    _truncated(city, outbox)
    _wrong_resource(city, outbox)
    _half_written(outbox)
    _too_many_bad_rows(city, outbox)
    _long_line(city, outbox)


def _late(city: City, outbox: Outbox) -> None:
    frame = city.events["hotline_complaint"].filter(pl.col("told_on") == LATE_DAY)
    path = outbox.send("hotline_complaint", Parcel(f"{LATE_DAY:%Y%m%d}", frame))
    outbox.arrives_late(path, LATE_BY)
    outbox.truth.whole("hotline_complaint", path.name, "late", expect="accepted")


def _out_of_order(city: City, outbox: Outbox) -> None:
    """Send the snapshot of January after those of February and March."""
    low = city.events["low_income_household"]
    earlier = low.filter(~pl.col("is_spare") & (pl.col("month") == "202601"))
    path = outbox.send("low_income_household", Parcel("202601", earlier))
    outbox.arrives_late(path, 75)
    outbox.truth.whole("low_income_household", path.name, "out_of_order", expect="accepted")


def _corrected(city: City, outbox: Outbox) -> None:
    """Send December's insurance wrong (tenfold, incomplete), then right."""
    name = "social_insurance_payment"
    month = INSURED_MONTHS[0]
    insurance = city.events[name]
    right = insurance.filter(~pl.col("is_spare") & (pl.col("month") == month))
    wrong = right.head(right.height - 5).with_columns((pl.col("amount") * 10).alias("amount"))
    stamp = month.replace("-", "")
    first = outbox.send(name, Parcel(stamp, wrong))
    second = outbox.send(name, Parcel(stamp, right), name=f"{first.stem}.correction1.csv")
    outbox.arrives_late(second, LATE_BY)
    for path in (first, second):
        outbox.truth.whole(name, path.name, "corrected", expect="accepted")


def _withdrawn(city: City, outbox: Outbox) -> None:
    name = "administrative_penalty"
    frame = city.events[name].filter(pl.col("withdrawn"))
    path = outbox.send(name, Parcel("202512", frame))
    notice = path.with_suffix(".withdrawal")
    notice.write_text("企业提出异议，决定书撤回。\n", encoding="utf-8")
    outbox.note(name, notice, rows=0)
    outbox.arrives_late(notice, LATE_BY)
    outbox.truth.whole(name, path.name, "withdrawn", expect="absent")


def _repeated(outbox: Outbox) -> None:
    """Send the bytes of a delivery again under another name."""
    original = outbox.folder("water_bill") / "water_bill_202602.csv"
    again = original.with_name("water_bill_202602_again.csv")
    again.write_bytes(original.read_bytes())
    outbox.note("water_bill", again, rows=0)
    outbox.truth.whole("water_bill", again.name, "exact_repeat_file", expect="repeat")


def _empty(outbox: Outbox) -> None:
    path = outbox.folder("gas_bill") / "gas_bill_202512.csv"
    path.write_bytes(b"")
    outbox.note("gas_bill", path, rows=0)
    outbox.truth.whole("gas_bill", path.name, "empty", expect="refused", rule="empty")


def _header_only(city: City, outbox: Outbox) -> None:
    """Send a month without rows: accepted, with an account of nothing."""
    rows = bill_rows(city, "water").head(0)
    path = outbox.send("water_bill", Parcel("202512", rows))
    outbox.truth.whole("water_bill", path.name, "header_only", expect="accepted")


def _columns(city: City, outbox: Outbox) -> None:
    """Send bills without an amount, and accounts with a column that nobody declared."""
    _plain(city, outbox, "power_bill", "missing_column", stamp="202512", drop="amount")
    _plain(city, outbox, "gas_account", "unknown_column", stamp="202512", extra="备注二")


def _plain(
    city: City, outbox: Outbox, resource: str, kind: str, *,
    stamp: str, drop: str | None = None, extra: str | None = None,
) -> None:  # fmt: skip
    """Write a CSV by hand that lacks a column or has one too many."""
    entry = outbox.catalog.entry(resource)
    sheet = sheet_of(city, outbox, resource)
    header = {item.name: item.title for item in entry.items if item.name != drop}
    frame = sheet.cells.select(pl.col(name).alias(title) for name, title in header.items())
    if extra:
        frame = frame.with_columns(pl.lit("无").alias(extra))
    path = outbox.folder(resource) / outbox.file_name(entry, stamp)
    codec = entry.origin.encoding
    path.write_bytes(frame.write_csv().encode(codec))
    outbox.note(resource, path, rows=frame.height)
    outbox.truth.whole(resource, path.name, kind, expect="refused", rule=kind)


def _wrong_encoding(city: City, outbox: Outbox) -> None:
    """Send UTF-16 and UTF-8 where GB 18030 is declared."""
    for stamp, codec in (("202512", "utf-16"), ("202511", "utf-8")):
        entry = outbox.catalog.entry("water_account")
        path = outbox.folder(entry.name) / outbox.file_name(entry, stamp)
        sheet = sheet_of(city, outbox, entry.name)
        encode(sheet, path, Layout())
        path.write_bytes(path.read_bytes().decode(entry.origin.encoding).encode(codec))
        outbox.note(entry.name, path, rows=sheet.cells.height)
        outbox.truth.whole(
            entry.name, path.name, "wrong_encoding", expect="refused", rule="wrong_encoding"
        )


def _truncated(city: City, outbox: Outbox) -> None:
    entry = outbox.catalog.entry("building")
    path = outbox.folder("building") / outbox.file_name(entry, "2025Q4")
    sheet = sheet_of(city, outbox, "building")
    write(sheet, path, Layout())
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    outbox.note("building", path, rows=sheet.cells.height)
    outbox.truth.whole(
        "building", path.name, "truncated_xlsx", expect="refused", rule="truncated_xlsx"
    )


def _wrong_resource(city: City, outbox: Outbox) -> None:
    """Put penalties among gas bills under a bill's name, and accounts among power bills."""
    strangers = [("gas_bill", "gas_bill_202511.csv", "administrative_penalty"),
                 ("power_bill", "power_account_202601.csv", "power_account")]  # fmt: skip
    for resource, name, content in strangers:
        path = outbox.folder(resource) / name
        sheet = sheet_of(city, outbox, content)
        encode(sheet, path, Layout())
        text = path.read_bytes().decode(outbox.catalog.entry(content).origin.encoding)
        path.write_bytes(text.encode(outbox.catalog.entry(resource).origin.encoding))
        outbox.note(resource, path, rows=sheet.cells.height)
        outbox.truth.whole(resource, name, "wrong_resource", expect="refused")


def _half_written(outbox: Outbox) -> None:
    """Leave files that are still growing, and what a spreadsheet program leaves beside one."""
    for resource, name in (
        ("water_reading", "water_reading_20261231.csv.part"),
        ("dwelling", "~$dwelling_202603.xlsx"),
    ):
        path = outbox.folder(resource) / name
        path.write_bytes(b"\x00" * 165)
        outbox.truth.whole(resource, name, "half_written", expect="absent")


def _too_many_bad_rows(city: City, outbox: Outbox) -> None:
    """Send complaints of which half name a division that does not exist."""
    spares = city.events["hotline_complaint"].filter(pl.col("is_spare"))
    rows = spares.tail(20).with_columns(
        pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit("999999")).otherwise("division")
        .alias("division")
    )  # fmt: skip
    path = outbox.send("hotline_complaint", Parcel("20260227", rows))
    outbox.truth.whole(
        "hotline_complaint", path.name, "too_many_bad_rows",
        expect="refused", rule="too_many_bad_rows",
    )  # fmt: skip


def _long_line(city: City, outbox: Outbox) -> None:
    """Send one penalty whose authority is ten million letters long."""
    frame = city.events["administrative_penalty"].filter(pl.col("is_spare")).tail(1)
    endless = frame.with_columns(pl.lit("长" * 10 + "a" * LONG_LINE).alias("authority"))
    path = outbox.send("administrative_penalty", Parcel("202511", endless))
    outbox.truth.whole("administrative_penalty", path.name, "long_line", expect="refused")


def bill_rows(city: City, name: str) -> pl.DataFrame:
    """Return good bills of a utility, for files that are refused as wholes."""
    utility = next(utility for utility in UTILITIES if utility.name == name)
    accounts = city.accounts[name].head(60)
    used = month_usage(utility, accounts, PAST_MONTHS[0], seed=city.seed)
    return bills(utility, accounts, PAST_MONTHS[0], used=used, seed=city.seed)


def sheet_of(city: City, outbox: Outbox, resource: str) -> Sheet:
    """Return a sheet of some good rows of a resource."""
    source = resource.partition("_")
    if source[2] == "account":
        text = city.places.addresses.select("address_code", pl.col("address_text").alias("address"))
        rows = city.accounts[source[0]].head(60).join(text, on="address_code", how="left")
    elif source[2] == "bill":
        rows = bill_rows(city, source[0])
    elif resource == "building":
        rows = city.places.buildings.head(60)
    else:
        rows = city.events[resource].filter(~pl.col("is_spare")).head(60)
    return compose(outbox.catalog.entry(resource), rows, rng=outbox.rng("whole", resource))


def leave_litter(outbox: Outbox) -> None:
    """Leave a directory, a link and a folder of an unknown resource in the inbox."""
    folder = outbox.folder("water_bill") / "water_bill_202509"
    folder.mkdir(exist_ok=True)
    (folder / "说明.txt").write_text("旧文件\n", encoding="utf-8")
    outbox.truth.whole("water_bill", folder.name, "directory", expect="refused", rule="not_a_file")
    link = outbox.folder("water_bill") / "water_bill_202508.csv"
    link.unlink(missing_ok=True)
    link.symlink_to("../gas_bill/gas_bill_202602.csv")
    outbox.truth.whole("water_bill", link.name, "link", expect="refused", rule="not_a_file")
    stranger = outbox.folder("tree_census") / "tree_census_2026.csv"
    stranger.write_text("树号,树种\n1,示例香樟\n", encoding="utf-8")
    outbox.truth.whole(
        "tree_census", stranger.name, "unknown_resource", expect="refused", rule="unknown_resource"
    )
