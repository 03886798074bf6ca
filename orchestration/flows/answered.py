"""Refused rows that an amendment has answered stay refused when their delivery is judged again.

The unit's corrected row stands for the record; the row as it came may be good by now, and both
would count. Keep out: judging.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import polars as pl

from catalog.schema import DELIVERY, ROW, RULES
from orchestration.city import City
from orchestration.flows.amend import DISCARDED
from quality.verdict import Split, Verdict
from registry.deliveries import Record


def answered_now(city: City, record: Record, counted: Iterable[Record]) -> pl.LazyFrame | None:
    """Return the refused rows of a delivery that amendments in force have answered."""
    one = record.delivery
    ids = [r.delivery.id for r in counted if r.delivery.amends == one.id]
    if not ids or not city.lake.exists("quarantine", one.resource):
        return None
    refused = city.lake.scan("quarantine", one.resource)
    theirs = pl.col(DELIVERY).is_in(ids)
    return answered(
        refused.filter(pl.col(DELIVERY) == one.id),
        city.lake.scan("raw", one.resource).filter(theirs),
        refused.filter(theirs),
    )


def answered(
    refused: pl.LazyFrame, accepted: pl.LazyFrame, still: pl.LazyFrame
) -> pl.LazyFrame | None:
    """Return refused rows that accepted ones stand for, or that their unit gave up."""
    given_up = still.filter(pl.col(RULES).list.contains(DISCARDED))
    numbers = pl.concat([accepted.select(ROW), given_up.select(ROW)]).unique()
    return refused.join(numbers, on=ROW, how="semi")


def leave_answered(
    verdict: Verdict, split: Split, stays: pl.LazyFrame, *, staging: Path
) -> tuple[Verdict, Split]:
    """Return a split in which these rows are refused as before, though they are good now."""
    files = split.files(staging)
    if not files:
        return verdict, split
    good = pl.scan_parquet(list(files))
    back = stays.join(good.select(ROW), on=ROW, how="semi").collect(engine="streaming")
    if back.is_empty():
        return verdict, split
    kept, refused = staging / "accepted-unanswered.parquet", staging / "answered.parquet"
    rest = good.join(back.lazy().select(ROW), on=ROW, how="anti", maintain_order="left")
    rest.sink_parquet(kept, compression="zstd")
    back.write_parquet(refused)
    quarantined = split.quarantined_rows + back.height
    return replace(verdict, quarantined=quarantined), replace(
        split,
        accepted=(kept,) if split.accepted_rows > back.height else (),
        kept=None,
        accepted_rows=split.accepted_rows - back.height,
        quarantined=(*split.quarantined, refused),
        quarantined_rows=quarantined,
    )
