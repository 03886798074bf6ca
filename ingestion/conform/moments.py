"""Dates, instants and months in the styles that units write. A naive time is the city's.

Keep out: deadlines and periods.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import polars as pl

from catalog.entry import Item
from catalog.schema import CITY_ZONE
from ingestion.conform.signs import half_width

Read = Callable[[pl.Series], pl.Series]
INSTANT = pl.Datetime("us", "UTC")
FIRST_DAY = dt.datetime(1000, 1, 1)  # noqa: DTZ001 - `26-03-01` reads as the year 26
MIDNIGHT = r"[ T]0{1,2}:00(:00(\.0+)?)?$"
DATE_STYLES = {
    "%Y-%m-%d": r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$",
    "%Y/%m/%d": r"^[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}$",
    "%Y%m%d": r"^[0-9]{8}$",
    "%Y年%m月%d日": r"^[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日$",
}
DAY = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
CLOCK = r"[0-9]{1,2}:[0-9]{1,2}"
TIME_STYLES = {
    "%Y-%m-%d %H:%M:%S%.f": rf"^{DAY} {CLOCK}:[0-9]{{1,2}}(\.[0-9]+)?$",
    "%Y-%m-%d %H:%M": rf"^{DAY} {CLOCK}$",
    "%Y%m%d%H%M%S": r"^[0-9]{14}$",
}
ZONED = r"(Z|[+-][0-9]{2}:?[0-9]{2})$"
EXCEL_DAY_0 = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock's day, not an instant
SERIAL = r"^[0-9]{1,7}(\.[0-9]+)?$"
LAST_SERIAL = 2_958_466  # 10000-01-01


def dates(item: Item, *, serials: bool) -> tuple[Read, Read]:
    """Return the ways to read a date; a time of day is accepted where it is midnight."""
    styles, serials = _declared(item, DATE_STYLES, serials=serials)

    def quick(text: pl.Series) -> pl.Series:
        return _late(text.str.to_date(next(iter(styles)), strict=False), FIRST_DAY.date())

    def lenient(text: pl.Series) -> pl.Series:
        text = half_width(text).str.strip_chars().str.replace(MIDNIGHT, "")
        found = [_styled(text, style, shape, pl.Date()) for style, shape in styles.items()]
        if serials:
            moment = _from_serial(text)
            found.append(moment.set(moment.dt.truncate("1d") != moment, None).cast(pl.Date))
        return _first(found)

    return quick, lenient


def datetimes(item: Item, *, serials: bool) -> tuple[Read, Read]:
    """Return the ways to read an instant; without an offset it is the city's time."""
    styles, serials = _declared(item, TIME_STYLES, serials=serials)
    style = next(iter(styles)).removesuffix("%.f")

    def quick(text: pl.Series) -> pl.Series:
        wall = text.str.to_datetime(style, strict=False, time_unit="us")
        return to_instant(_late(wall, FIRST_DAY))

    def lenient(text: pl.Series) -> pl.Series:
        text = _one_style(half_width(text).str.strip_chars())
        wall = [_styled(text, s, shape, pl.Datetime("us")) for s, shape in styles.items()]
        if serials:
            wall += [
                _from_serial(text),
                _styled(text, *next(iter(DATE_STYLES.items())), pl.Datetime("us")),
            ]
        return _first([to_instant(_first(wall)), _zoned(text)])

    return quick, lenient


def months() -> tuple[Read, Read]:
    """Return the ways to read a month, as `YYYY-MM`."""

    def quick(text: pl.Series) -> pl.Series:
        return text.set(~text.str.contains(r"^[0-9]{4}-(0[1-9]|1[0-2])$"), None)

    def lenient(text: pl.Series) -> pl.Series:
        text = half_width(text).str.strip_chars()
        for shape in (r"^([0-9]{4})[-/年]([0-9])月?$", r"^([0-9]{4})[/年]?([0-9]{2})月?$"):
            text = text.str.replace(shape, "${1}-0${2}" if "0-9])月" in shape else "${1}-${2}")
        return quick(text)

    return quick, lenient


def to_instant(wall: pl.Series) -> pl.Series:
    """Return the instants of the city's wall clock; hours that never or twice were are null."""
    there = wall.dt.replace_time_zone(CITY_ZONE, ambiguous="null", non_existent="null")
    return there.dt.convert_time_zone("UTC").cast(INSTANT)


def _late(moments: pl.Series, first: dt.date) -> pl.Series:
    """Return moments without those before the first day; a minimum costs nothing, a mask does."""
    lowest = moments.min()
    return (
        moments.set(moments < first, None)
        if isinstance(lowest, dt.date) and lowest < first
        else moments
    )


def _declared(item: Item, styles: dict[str, str], *, serials: bool) -> tuple[dict[str, str], bool]:
    """Return the styles with the one that the item declares first; `excel` allows serials."""
    if item.format is None:
        return styles, serials
    if item.format == "excel":
        return styles, True
    return {item.format: r"^.+$", **styles}, serials


def _styled(text: pl.Series, style: str, shape: str, dtype: pl.Date | pl.Datetime) -> pl.Series:
    """Read those texts that have the shape of a style; the parser alone is too forgiving."""
    shaped = text.set(~text.str.contains(shape), None)
    return shaped.str.strptime(dtype, style, strict=False)


def _one_style(text: pl.Series) -> pl.Series:
    """Return date-times in the one style that differs from others by signs alone."""
    text = text.str.replace(
        r"^([0-9]{4})[/年]([0-9]{1,2})[/月]([0-9]{1,2})日?[ T]?", "${1}-${2}-${3} "
    )
    text = text.str.replace(r"([0-9]{1,2})时([0-9]{1,2})分(?:([0-9]{1,2})秒)?$", "${1}:${2}:${3}")
    return text.str.strip_suffix(":").str.replace(r"^([0-9-]{8,10})T", "${1} ")


def _zoned(text: pl.Series) -> pl.Series:
    """Read date-times that carry their offset from UTC."""
    shaped = text.set(~text.str.contains(ZONED), None).str.replace(r"Z$", "+0000")
    style = "%Y-%m-%d %H:%M:%S%.f%z"
    return shaped.str.to_datetime(style, strict=False, time_unit="us", time_zone="UTC")


def _from_serial(text: pl.Series) -> pl.Series:
    """Read Excel's days since 1899-12-30, to the second."""
    days = text.set(~text.str.contains(SERIAL), None).cast(pl.Float64, strict=False)
    days = days.set((days < 1) | (days >= LAST_SERIAL), None)
    seconds = (days * 86_400).round().cast(pl.Int64)
    return (
        seconds.to_frame("s")
        .select(pl.lit(EXCEL_DAY_0).cast(pl.Datetime("us")) + pl.duration(seconds="s"))
        .to_series()
    )


def _first(series: Sequence[pl.Series]) -> pl.Series:
    """Return the first that is not null, place by place."""
    named = [s.alias(str(number)) for number, s in enumerate(series)]
    return pl.DataFrame(named).select(pl.coalesce(pl.all())).to_series()
