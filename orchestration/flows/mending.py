"""Mending (整改): where every refused record stands: open, cleared, discarded, waived or void.

Derived from quarantine, raw and registry: nothing of it is stored, and nothing is deleted.
Keep out: judging what comes again (amend.py), and writing it for the unit (export.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl

from catalog.schema import DELIVERY, PROPOSAL, ROW, RULES, SOURCE
from ingestion.delivery import Status, intent
from orchestration.city import City, day_of
from orchestration.flows.amend import DISCARDED, SETTLED
from quality.split import REFUSED
from registry import deliveries, waivers
from registry.deliveries import Record

State = Literal["open", "cleared", "discarded", "waived", "void"]
STATE, BY, ATTEMPT, MARK = "_state", "_by", "_attempt", "_mark"
NUMBER = {ROW: pl.Int64(), DELIVERY: pl.String(), BY: pl.String()}


@dataclass(frozen=True)
class Ages:
    """How many records of a resource wait under one rule, and since when."""

    unit: str
    resource: str
    rule: str
    rows: int
    oldest: dt.date
    days: int


def standings(city: City, name: str) -> pl.LazyFrame | None:
    """Return the refused records of a resource's own deliveries, each with its state and by whom.

    Cells, reasons and proposal are those of the last attempt; None where nothing was refused.
    """
    if not city.lake.exists("quarantine", name):
        return None
    records = deliveries.all_of(city.registry, name)
    table = city.lake.scan("quarantine", name)
    if PROPOSAL not in table.collect_schema():
        table = table.with_columns(pl.lit(None, pl.String).alias(PROPOSAL))
    whole = {r.delivery.id: r for r in records if r.delivery.amends is None}
    amending = [r for r in records if r.delivery.amends in whole and r.in_force]
    first = table.filter(pl.col(DELIVERY).is_in(list(whole)))
    if not amending:
        found = first.with_columns(
            pl.lit(None, pl.String).alias(name) for name in (ATTEMPT, MARK, BY)
        )
    else:
        found = _with_attempts(first, table, amending)
        found = found.join(_accepted(city, name, amending), on=[DELIVERY, ROW], how="left")
    return found.with_columns(_state(city, records).alias(STATE))


def open_records(city: City, name: str) -> pl.LazyFrame | None:
    """Return the refused records of a resource that wait for their unit."""
    found = standings(city, name)
    return None if found is None else found.filter(pl.col(STATE) == "open")


def ages(city: City, *, now: dt.datetime) -> Iterator[Ages]:
    """Count the open records of every resource by rule, with the day since which they wait."""
    for entry in city.catalog.sources():
        found = open_records(city, entry.name)
        if found is None:
            continue
        since = _since(city, entry.name)
        counted = (
            found.explode(RULES, empty_as_null=True)
            .with_columns(pl.col(DELIVERY).replace_strict(since, default=None).alias("since"))
            .group_by(pl.col(RULES).alias("rule"))
            .agg(pl.len().alias("rows"), pl.col("since").min())
            .sort("rule")
            .collect(engine="streaming")
        )
        for rule, rows, oldest in counted.iter_rows():
            yield Ages(entry.unit, entry.name, rule, rows, oldest, (day_of(now) - oldest).days)


def waiting(city: City, name: str, *, now: dt.datetime) -> tuple[int, int | None]:
    """Return how many records of a resource are open, and for how many days the oldest is."""
    found = open_records(city, name)
    if found is None:
        return 0, None
    counted = found.group_by(DELIVERY).len().collect(engine="streaming")
    since = _since(city, name)
    days = [(day_of(now) - since[one]).days for one in counted[DELIVERY]]
    return int(counted["len"].sum()), max(days, default=None)


def _since(city: City, name: str) -> dict[str, dt.date]:
    """Return the day on which each delivery was judged."""
    records = deliveries.all_of(city.registry, name)
    return {r.delivery.id: day_of(r.finished_at) for r in records if r.finished_at is not None}


def _with_attempts(
    first: pl.LazyFrame, table: pl.LazyFrame, amending: list[Record]
) -> pl.LazyFrame:
    """Put the cells and reasons of the last refused attempt in place of the first ones."""
    order = _numbered(amending)
    columns = first.collect_schema().names()
    attempts = (
        table.filter(~pl.col(RULES).list.eval(pl.element().is_in(SETTLED)).list.any())
        .rename({DELIVERY: ATTEMPT})
        .join(order.lazy(), on=ATTEMPT)
        .sort("turn")
        .group_by(DELIVERY, ROW)
        .last()
        .select(*columns, ATTEMPT)
    )
    # A discarded record keeps the cells that it came with: the attempt has none.
    kept = attempts.with_columns(pl.col(RULES).list.contains(DISCARDED).alias("_discarded"))
    both = first.join(kept, on=[DELIVERY, ROW], how="left", suffix="_new")
    newer = pl.col(ATTEMPT).is_not_null() & ~pl.col("_discarded").fill_null(value=False)
    latest = [
        pl.when(newer).then(pl.col(f"{c}_new")).otherwise(pl.col(c)).alias(c)
        for c in columns
        if c not in (DELIVERY, ROW, SOURCE, PROPOSAL)
    ]
    marked = pl.when(pl.col("_discarded")).then(pl.lit(DISCARDED)).alias(MARK)
    # What the record looked like at first stays: an attempt has columns.
    return both.select(DELIVERY, ROW, *latest, SOURCE, PROPOSAL, ATTEMPT, marked)


def _numbered(amending: list[Record]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            ATTEMPT: [r.delivery.id for r in amending],
            DELIVERY: [r.delivery.amends for r in amending],
            "turn": [r.sequence for r in amending],
        }
    )


def _accepted(city: City, name: str, amending: list[Record]) -> pl.LazyFrame:
    """Return the records whose corrected row was accepted, and by which amendment."""
    if not city.lake.exists("raw", name):
        return pl.LazyFrame(schema=NUMBER)
    order = _numbered(amending).rename({ATTEMPT: BY}).drop("turn")
    rows = city.lake.scan("raw", name).filter(pl.col(DELIVERY).is_in(order[BY].implode()))
    return rows.select(ROW, pl.col(DELIVERY).alias(BY)).join(order.lazy(), on=BY)


def _state(city: City, records: tuple[Record, ...]) -> pl.Expr:
    waived = [r.delivery.id for r in records if r.delivery.waiver is not None]
    return (
        pl.when(pl.col(DELIVERY).is_in(_void(records)))
        .then(pl.lit("void"))
        .when(pl.col(BY).is_in(waived))
        .then(pl.lit("waived"))
        .when(pl.col(BY).is_not_null())
        .then(pl.lit("cleared"))
        .when(pl.col(MARK) == DISCARDED)
        .then(pl.lit("discarded"))
        .otherwise(pl.lit("open"))
    )


def _void(records: tuple[Record, ...]) -> list[str]:
    """Return the deliveries that nobody need mend: taken back, replaced, or come again whole."""
    last: dict[str, tuple[bool, int, int]] = {}
    for one in records:
        if one.in_force:
            last[one.stem] = max(_word(one), last.get(one.stem, _word(one)))
    return [
        r.delivery.id
        for r in records
        if (r.status is Status.ACCEPTED and not r.in_force)
        or r.withdrawn_at is not None
        or (r.status is Status.REFUSED and last.get(r.stem, _word(r)) > _word(r))
    ]


def _word(record: Record) -> tuple[bool, int, int]:
    """Order what came under one name: corrections are later words, also where they came first."""
    said = intent(record.delivery.file_name)
    return said.kind == "correct", said.number, record.sequence


def officers(city: City, name: str) -> dict[str, str]:
    """Return who answers for each delivery that a waiver brought again."""
    known = {one.id: one.officer for one in waivers.of_resource(city.registry, name)}
    return {
        r.delivery.id: known.get(r.delivery.waiver, "")
        for r in deliveries.all_of(city.registry, name)
        if r.delivery.waiver is not None
    }


def is_held(rules: pl.Expr) -> pl.Expr:
    """Tell good rows that were refused only because their delivery was."""
    return rules == pl.lit([REFUSED])
