"""Timeliness (及时性): when the next delivery of a resource is due, and whether it is late.

Keep out: working days (deadlines.py): machines deliver on every day of the calendar.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from catalog.entry import Cycle, Entry
from catalog.schema import CITY_ZONE
from catalog.vocabulary import Vocabulary

GRACE = "delivery_grace"  # name of the limit in vocabulary/limits.yaml
MONTHS: dict[Cycle, int] = {"monthly": 1, "quarterly": 3, "yearly": 12}
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)

State = Literal["on_time", "in_grace", "overdue", "never_delivered", "irregular"]


@dataclass(frozen=True)
class Timeliness:
    """Where a resource stands against its cycle."""

    state: State
    period: dt.date | None = None  # first day of the period that is expected next
    due: dt.datetime | None = None  # when that delivery is due
    until: dt.datetime | None = None  # when its grace ends
    missed: int = 0  # periods whose grace is over

    @property
    def overdue(self) -> bool:
        """Tell whether a delivery is missing beyond its grace."""
        return self.state == "overdue"


def judge(
    entry: Entry, last_as_of: dt.date | None, now: dt.datetime, *, grace: float = 0.1
) -> Timeliness:
    """Judge a resource by the last period that it delivered; `grace` is a share of a cycle."""
    if entry.update.cycle == "irregular":
        return Timeliness("irregular")
    if last_as_of is None:
        return Timeliness("never_delivered")
    expected = following(entry.update.cycle, first_day(entry.update.cycle, last_as_of))
    due, until = _limits(entry, expected, grace)
    if now <= until:
        return Timeliness("on_time" if now <= due else "in_grace", expected, due, until)
    missed, period = 0, expected
    while _limits(entry, period, grace)[1] < now:
        missed, period = missed + 1, following(entry.update.cycle, period)
    return Timeliness("overdue", expected, due, until, missed)


def grace_of(vocabulary: Vocabulary, *, on: dt.date) -> float:
    """Return the share of a cycle that a delivery may be late on a day; none is no grace."""
    for limit in vocabulary.limits:
        ended = limit.valid_to is not None and limit.valid_to < on
        if limit.name == GRACE and limit.valid_from <= on and not ended:
            return limit.value
    return 0.0


def first_day(cycle: Cycle, day: dt.date) -> dt.date:
    """Return the first day of the period that a day lies in; realtime is judged by the day."""
    if cycle == "weekly":
        return day - dt.timedelta(days=day.weekday())
    if cycle in MONTHS:
        months = MONTHS[cycle]
        return day.replace(month=(day.month - 1) // months * months + 1, day=1)
    return day


def following(cycle: Cycle, period: dt.date) -> dt.date:
    """Return the first day of the period after the one that begins on `period`."""
    if cycle in MONTHS:
        month = period.month + MONTHS[cycle]
        return dt.date(period.year + (month > 12), (month - 1) % 12 + 1, 1)
    return period + (WEEK if cycle == "weekly" else DAY)


def _limits(entry: Entry, period: dt.date, grace: float) -> tuple[dt.datetime, dt.datetime]:
    """Return when a period's delivery is due, on the day after it ends, and when its grace ends."""
    after = following(entry.update.cycle, period)
    # Without an hour of its own a delivery has that whole day.
    hour = dt.time.fromisoformat(entry.update.due) if entry.update.due else dt.time.max
    due = dt.datetime.combine(after, hour, tzinfo=ZoneInfo(CITY_ZONE))
    return due, due + (after - period) * grace
