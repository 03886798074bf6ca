"""Deadlines in working days (工作日): the State Council's calendar with its make-up workdays.

Keep out: what has a deadline (cases) and deliveries by cycle (timeliness.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from catalog.vocabulary import Deadline, Vocabulary


class Calendar(Protocol):
    """What is needed of a holiday calendar."""

    weekend_workdays: set[dt.date]

    def is_working_day(self, key: dt.date) -> bool:
        """Tell whether people work on that day."""


class DeadlineError(Exception):
    """A deadline that no rule of the day knows: the message says what to add."""


@dataclass(frozen=True)
class Due:
    """The last day of a deadline."""

    day: dt.date
    certain: bool  # the arrangement of holidays of every year concerned is published


def is_working_day(day: dt.date) -> bool:
    """Tell whether a day is worked: weekdays but holidays, and weekend days made up (调休)."""
    return _calendar(day.year).is_working_day(day)


def add_working_days(start: dt.date, working_days: int) -> Due:
    """Return the last day of so many working days, counted from the day after `start`."""
    if working_days < 0:
        raise DeadlineError(f"a deadline of {working_days} working days: give 0 or more")
    day, left = start, working_days
    while left or not is_working_day(day):
        day += dt.timedelta(days=1)
        left -= left > 0 and is_working_day(day)
    return Due(day, all(_published(year) for year in range(start.year, day.year + 1)))


def working_days_between(start: dt.date, end: dt.date) -> int:
    """Return the working days after `start` up to and with `end`; 0 when `end` is not later."""
    days = range(1, (end - start).days + 1)
    return sum(is_working_day(start + dt.timedelta(days=after)) for after in days)


def deadline(vocabulary: Vocabulary, name: str, *, on: dt.date) -> Deadline:
    """Return the time limit of that name that holds on a day: the rule of the day decides."""
    for found in vocabulary.deadlines:
        ended = found.valid_to is not None and found.valid_to < on
        if found.name == name and found.valid_from <= on and not ended:
            return found
    raise DeadlineError(f"no deadline {name} holds on {on}: add it to vocabulary/deadlines.yaml")


def due(vocabulary: Vocabulary, name: str, *, start: dt.date) -> Due:
    """Return the last day of a named deadline that begins to run on `start`."""
    return add_working_days(start, deadline(vocabulary, name, on=start).working_days)


@lru_cache(maxsize=32)
def _calendar(year: int) -> Calendar:
    # 0.2 s to import, and only cases and lists need it.
    from holidays import country_holidays

    # Make-up days of a new year's holidays may lie in December: the next year brings them in.
    calendar: Calendar = country_holidays("CN", years=[year, year + 1])
    return calendar


def _published(year: int) -> bool:
    # The arrangement of a year comes in the autumn before; every one so far has make-up days.
    return any(day.year == year for day in _calendar(year).weekend_workdays)
