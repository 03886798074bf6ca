"""Dates, instants and months in the styles that units write. A naive time is the city's.

Keep out: deadlines and periods.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from zoneinfo import ZoneInfo

import polars as pl

from catalog.entry import Item
from catalog.schema import CITY_ZONE
from ingestion.conform.reader import Reader, again
from ingestion.conform.signs import half_width

FIRST_DAY = dt.date(1000, 1, 1)  # `0026-03-01` is a slip, `0001-01-01` no day at all
LAST_DAY = dt.date(9999, 12, 31)
MIDNIGHT = r"[ T]0{1,2}:00(:00(\.0+)?)?$"
DATE_STYLES = {
    "%Y-%m-%d": r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$",
    "%Y/%m/%d": r"^[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}$",
    "%Y%m%d": r"^[0-9]{8}$",
    "%Y年%m月%d日": r"^[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日$",
}
DAY = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
CLOCK = r"[0-9]{1,2}:[0-9]{1,2}"
SECOND = r"[0-5]?[0-9](\.[0-9]+)?"  # the parser reads 60 as the next minute
TIME_STYLES = {
    "%Y-%m-%d %H:%M:%S%.f": rf"^{DAY} {CLOCK}:{SECOND}$",
    "%Y-%m-%d %H:%M": rf"^{DAY} {CLOCK}$",
    "%Y%m%d%H%M%S": r"^[0-9]{12}[0-5][0-9]$",
}
ZONED = rf"^{DAY} {CLOCK}:{SECOND} ?(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$"
# The last instant that has a year in the city: no later one can be shown.
LAST_INSTANT = dt.datetime(9999, 12, 31, 23, 59, 59, 999_999, ZoneInfo(CITY_ZONE))
EXCEL_DAY_0 = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock's day, not an instant
EXCEL_NO_DAY = dt.date(1899, 12, 31)  # what a time of day alone is read as
SERIAL = r"^[0-9]{1,7}(\.[0-9]+)?$"
YEAR_OR_MONTH = r"^(19|20)[0-9]{2}(0[1-9]|1[0-2])?$"  # 2026 is a year, not a day of 1905
FIRST_OF_MONTH = r"^([0-9]{4}-[0-9]{2})-01 00:00:00$"  # what 2026-03 becomes in a date cell
FIRST_SERIAL, LAST_SERIAL = 61, 2_958_466  # before: days that Excel counts wrongly; 10000-01-01


def dates(item: Item, *, serials: bool) -> Reader:
    """Return the ways to read a date; a time of day is accepted where it is midnight."""
    styles, serials = _declared(item, DATE_STYLES, serials=serials)
    style, shape = next(iter(styles.items()))

    def quick(text: pl.Expr) -> pl.Expr:
        return _known(_shaped(text, shape).str.to_date(style, strict=False), serials=serials)

    def lenient(text: pl.Series) -> pl.Series:
        text = half_width(text).str.strip_chars().str.replace(MIDNIGHT, "")
        found = [_styled(text, style, shape, pl.Date()) for style, shape in styles.items()]
        if serials:
            moment = _from_serial(text)
            found.append(moment.set(moment.dt.truncate("1d") != moment, None).cast(pl.Date))
        return again(_first(found), partial(_known, serials=serials))

    return Reader(quick, lenient)


def datetimes(item: Item, *, serials: bool) -> Reader:
    """Return the ways to read an instant; without an offset it is the city's time."""
    styles, serials = _declared(item, TIME_STYLES, serials=serials)
    style, shape = next(iter(styles.items()))
    style = style.removesuffix("%.f")

    def quick(text: pl.Expr) -> pl.Expr:
        wall = _shaped(text, shape).str.to_datetime(style, strict=False, time_unit="us")
        return to_instant(_known(wall, serials=serials))

    def lenient(text: pl.Series) -> pl.Series:
        text = _one_style(half_width(text).str.strip_chars())
        wall = [_styled(text, s, shape, pl.Datetime("us")) for s, shape in styles.items()]
        if serials:
            day_style = next(iter(DATE_STYLES.items()))
            wall += [_from_serial(text), _styled(text, *day_style, pl.Datetime("us"))]
        known = again(_first(wall), partial(_known, serials=serials))
        found = _first([again(known, to_instant), again(_zoned(text), _known)])
        return found.set(found > LAST_INSTANT.astimezone(dt.UTC), None)

    return Reader(quick, lenient)


def months(*, serials: bool) -> Reader:
    """Return the ways to read a month, as `YYYY-MM`; a workbook makes it the month's first day."""

    def quick(text: pl.Expr) -> pl.Expr:
        return pl.when(text.str.contains(r"^[0-9]{4}-(0[1-9]|1[0-2])$")).then(text)

    def lenient(text: pl.Series) -> pl.Series:
        text = half_width(text).str.strip_chars()
        if serials:
            text = text.str.replace(FIRST_OF_MONTH, "${1}")
        text = text.str.replace(r"^([0-9]{4})[-/年]([0-9])月?$", "${1}-0${2}")
        return again(text.str.replace(r"^([0-9]{4})[/年]?([0-9]{2})月?$", "${1}-${2}"), quick)

    return Reader(quick, lenient)


def to_instant(wall: pl.Expr) -> pl.Expr:
    """Return the instants of the city's wall clock; hours that never or twice were are null."""
    there = wall.dt.replace_time_zone(CITY_ZONE, ambiguous="null", non_existent="null")
    return there.dt.convert_time_zone("UTC")


def _declared(item: Item, styles: dict[str, str], *, serials: bool) -> tuple[dict[str, str], bool]:
    """Return the styles with the one that the item declares first; `excel` allows serials."""
    if item.format is None:
        return styles, serials
    if item.format == "excel":
        return styles, True
    return {item.format: r"^.+$", **styles}, serials


def _shaped(text: pl.Expr, shape: str) -> pl.Expr:
    """Return those texts that have the shape of a style; the parser alone is too forgiving."""
    return pl.when(text.str.contains(shape)).then(text)


def _known(moment: pl.Expr, *, serials: bool = False) -> pl.Expr:
    """Return moments on days that may be meant; in a workbook not what is a time of day alone."""
    day = moment.cast(pl.Date)
    known = day.is_between(FIRST_DAY, LAST_DAY)
    return pl.when(known & (day != EXCEL_NO_DAY) if serials else known).then(moment)


def _styled(text: pl.Series, style: str, shape: str, dtype: pl.Date | pl.Datetime) -> pl.Series:
    """Read those texts that have the shape of a style."""
    shaped = again(text, partial(_shaped, shape=shape))
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
    shaped = again(text, partial(_shaped, shape=ZONED)).str.replace(r" ?Z$", "+0000")
    # As PostgreSQL writes a whole hour.
    shaped = shaped.str.replace(r"(:[0-9.]+ ?[+-][0-9]{2})$", "${1}00")
    style = "%Y-%m-%d %H:%M:%S%.f%z"
    return shaped.str.to_datetime(style, strict=False, time_unit="us", time_zone="UTC")


def _from_serial(text: pl.Series) -> pl.Series:
    """Read Excel's days since 1899-12-30, to the second."""
    counted = text.str.contains(SERIAL) & ~text.str.contains(YEAR_OR_MONTH)
    days = text.set(~counted, None).cast(pl.Float64, strict=False)
    days = days.set((days < FIRST_SERIAL) | (days >= LAST_SERIAL), None)
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
