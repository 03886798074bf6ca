"""Pressure in the water mains: two points a district, measured every day of two months.

Keep out: other events of the water company (events.py).
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from demo.city.draw import stream
from demo.city.identifiers import padded
from demo.city.people import SPARES
from demo.size import FIRST_DAY

POINTS = 2
SINCE = dt.date(2026, 1, 1)


def build_pressure(seed: int, divisions: list[str]) -> pl.DataFrame:
    """Return the pressure of each point and day; a point in five lies at the end of its main."""
    rng = stream(seed, "pressure")
    days = (FIRST_DAY - SINCE).days
    points = len(divisions) * POINTS
    point = np.append(np.repeat(np.arange(points), days), points + np.arange(SPARES))
    count = len(point)
    end_of_main = (point % 5 == 3) & (rng.random(count) < 0.2)
    mean = rng.integers(220, 420, count)
    lowest = np.where(end_of_main, rng.integers(60, 140, count), mean - rng.integers(10, 80, count))
    lowest[:days] = 140  # the first point keeps just to the norm
    return pl.DataFrame(
        {
            "point_id": "YL" + padded(point + 1, 6),
            "measured_on": [SINCE + dt.timedelta(days=n % days) for n in range(count)],
            "division": pl.Series(divisions).gather(point % len(divisions)),
            "lowest_mpa": thousandths(lowest),
            "mean_mpa": thousandths(mean),
            "is_spare": point >= points,
        }
    )


def thousandths(numbers: np.ndarray) -> pl.Series:
    """Return whole thousandths as exact decimals: 140 is 0.140."""
    exact = pl.Series(numbers).cast(pl.Decimal(18, 3)) * pl.Series(["0.001"]).cast(pl.Decimal(4, 3))
    return exact.cast(pl.Decimal(18, 3))
