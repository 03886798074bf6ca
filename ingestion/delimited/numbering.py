"""Numbers of good records: their place among the good ones, moved on by the malformed before.

Keep out: reading.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import polars as pl

from catalog.schema import ROW
from ingestion.delimited.machine import Numbers

POSITION = "_position"  # of a good record among the good ones, from 0


def number_rows(frame: pl.LazyFrame, malformed: Numbers) -> pl.LazyFrame:
    """Return the good rows with the record number that each has in the delivery."""
    number = pl.col(POSITION).cast(pl.Int64) + 1
    if len(malformed):
        before = malformed - 1 - np.arange(len(malformed))  # good records before each malformed
        number = number.map_batches(
            partial(_moved_on, before=before), return_dtype=pl.Int64, is_elementwise=True
        )
    return frame.select(number.alias(ROW), pl.exclude(POSITION))


def _moved_on(numbers: pl.Series, *, before: Numbers) -> pl.Series:
    """Return record numbers from places (from 1) among the good records."""
    places = numbers.to_numpy()
    return pl.Series(places + np.searchsorted(before, places - 1, side="right"), dtype=pl.Int64)
