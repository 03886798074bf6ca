"""A cell in the form in which Pollock compares headers and records (its data_types.py).

In the benchmark's order: truth, integer, float, time of day, date, price, text in lower case.
Cells are compared as they are; only headers and records take this form. Keep out: the measures.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from dateutil import parser
from price_parser import Price

TRUTH = {"False": "0", "false": "0", "0": "0", "True": "1", "true": "1", "1": "1"}
CLOCKS = {  # shape of a time of day → how it is read
    r"\d+:\d+": "%H:%M",
    r"\d+ \d+": "%H %M",
    r"\d+:\d+:\d+": "%H:%M:%S",
    r"\d+ \d+ \d+": "%H %M %S",
    r"\d{1,2} ?h": "%H",
    r"\d{2,6} ?h": "%H%M",
    r"\d+:\d+ ?h": "%H:%M",
    r"\d+:\d+:\d+ ?h": "%H:%M:%S",
}


class _Words(parser.parserinfo):
    """The signs that Pollock lets stand in a date."""

    JUMP = [" ", ".", ",", ";", "-", "/", "'"]  # noqa: RUF012 - as the library declares it


@lru_cache(maxsize=1 << 16)
def normal(cell: str) -> str:
    """Return a cell in the form in which headers and records are compared."""
    if not cell.strip():
        return cell.lower()
    if cell in TRUTH:
        return TRUTH[cell]
    for read in (_number, _clock, _date, _price):
        found = read(cell)
        if found is not None:
            return found
    return cell.lower()


def _number(cell: str) -> str | None:
    try:
        number = int(cell)
    except ValueError:
        try:
            return str(float(cell))
        except ValueError:
            return None
    return str(bool(number)) if number in (0, 1) else str(number)  # 00 is a truth there


def _clock(cell: str) -> str | None:
    for shape, style in CLOCKS.items():
        if re.fullmatch(shape, cell):
            try:
                return str(dt.datetime.strptime(cell.rstrip("h ").strip(), style).time())  # noqa: DTZ007 - a wall clock's time
            except ValueError:
                continue
    return None


def _date(cell: str) -> str | None:
    try:
        return str(parser.parse(cell, parserinfo=_Words()))
    except (ValueError, OverflowError, TypeError):
        return None


def _price(cell: str) -> str | None:
    price = Price.fromstring(cell)
    if price.currency is None or price.amount is None:
        return None
    return price.currency + str(price.amount_float)
