"""Amend (补正): corrected rows are judged as part of the delivery whose refused rows they answer.

What they are judged beside is handed in, so that a rebuild can judge them as it was then.
Keep out: committing (settle.py), and where refused records stand (mending.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.schema import DELIVERY, ROW, RULES, SOURCE, cell
from ingestion.amendment import Amendment, Form, form_of, read_amendment
from ingestion.candidate import Candidate
from ingestion.delivery import Delivery, DeliveryRefused, Status, intent
from orchestration.city import City
from orchestration.flows.basis import Bases
from quality.gate import Circumstances
from quality.history import History
from registry import deliveries
from registry.deliveries import Record

DISCARDED, STANDS, NOTHING = "discarded", "answered_already", "answers_nothing"
SETTLED = (STANDS, NOTHING)  # reasons that say nothing of the record that was answered
UNREADABLE = "unreadable"  # stands for the delivery that a broken amendment answers


@dataclass(frozen=True)
class Standing:
    """What there is of an amended delivery: refused rows, and good ones with its amendments'."""

    refused: pl.LazyFrame  # of the quarantine table, the amended delivery's only
    accepted: pl.LazyFrame  # of the raw table, its amendments' in force among them
    hindrance: str | None = None  # why nothing of it can be amended


@dataclass(frozen=True)
class Beside:
    """What a delivery is judged by beside its bytes and its entry."""

    references: Mapping[str, pl.LazyFrame]
    waived: frozenset[str] = frozenset()
    standing: Standing | None = None  # of an amendment
    stays: pl.LazyFrame | None = None  # refused rows that amendments have answered
    history: History = field(default_factory=History)


def amending(city: City, delivery: Delivery, path: Path) -> Delivery:
    """Return a delivery with the one that its file amends, if it does, and that one's period."""
    form = form_of(path)
    if form is None:
        return delivery
    staging = city.staging(f"delivery-{delivery.id}")
    try:
        entry = city.entry(delivery.resource)
        read = read_amendment(entry, path, file_name=delivery.file_name, scratch=staging, form=form)
    except DeliveryRefused:
        return replace(delivery, amends=UNREADABLE)  # whoever judges it says what is wrong
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    known = deliveries.find(city.registry, read.delivery)
    as_of = known.delivery.as_of if known is not None else delivery.as_of
    return replace(delivery, amends=read.delivery, as_of=as_of)


def family(records: Iterable[Record], delivery: Delivery) -> list[Record]:
    """Return what an amendment belongs to: the delivery, and what else amends it and stays."""
    said = intent(delivery.file_name)
    corrected = said.stem if said.kind == "correct" else None
    return [
        r
        for r in records
        if r.delivery.id == delivery.amends
        or (
            r.delivery.amends == delivery.amends
            and r.stem != corrected
            and r.delivery.id != delivery.id
        )
    ]


def standing(city: City, delivery: Delivery) -> Standing | None:
    """Return what there is now of the delivery that one amends."""
    if delivery.amends is None:
        return None
    name, records = delivery.resource, deliveries.all_of(city.registry, delivery.resource)
    ids = [
        r.delivery.id
        for r in family(records, delivery)
        if r.in_force or r.delivery.id == delivery.amends
    ]
    return Standing(
        _of(city, "quarantine", name, [delivery.amends]),
        _of(city, "raw", name, ids),
        hindrance(city, delivery),
    )


def hindrance(city: City, delivery: Delivery) -> str | None:
    """Return why no row of an amendment can answer anything; None where they can."""
    amended = deliveries.find(city.registry, delivery.amends or "")
    if amended is None or amended.outcome is None or amended.delivery.amends is not None:
        return f"{NOTHING}: names no judged delivery of {delivery.resource}: export its rows again"
    if amended.delivery.resource != delivery.resource:
        return f"{NOTHING}: answers a delivery of {amended.delivery.resource}: deliver it there"
    if amended.status is not Status.ACCEPTED:
        name = amended.delivery.file_name
        return f"{NOTHING}: {name} was refused as a whole: deliver it again whole, as correction"
    return None


def open_amendment(
    entry: Entry, path: Path, beside: Standing, *, file_name: str, staging: Path
) -> Candidate:
    """Read corrected rows, each in the place of the record that it answers.

    What answers no open record is set aside with a reason, as is what its unit gives up.
    """
    form = form_of(path) or Form("csv")
    given = read_amendment(entry, path, file_name=file_name, scratch=staging, form=form)
    rows = given.frame.collect().with_columns(_unanswered(given, beside).alias(RULES))
    aside = rows.filter(pl.col(RULES).is_not_null())
    judged = rows.filter(pl.col(RULES).is_null()).drop(RULES)
    return Candidate(judged.lazy(), _aside(entry, aside), given.records)


def circumstances(beside: Beside) -> Circumstances:
    """Return what the gate must know of a delivery beside its rows."""
    if beside.standing is None:
        return Circumstances(waived=beside.waived)
    return Circumstances(
        waived=beside.waived,
        standing=beside.standing.accepted,
        hindrance=beside.standing.hindrance,
    )


def _of(city: City, zone: str, name: str, ids: list[str]) -> pl.LazyFrame:
    if not city.lake.exists(zone, name):
        return pl.LazyFrame(schema=Bases(city).columns(name, zone))
    return city.lake.scan(zone, name).filter(pl.col(DELIVERY).is_in(ids))


def _unanswered(given: Amendment, beside: Standing) -> pl.Expr:
    """Return why a row is not judged; null where it is."""
    asked = given.frame.select(ROW).collect()[ROW].implode()
    known = beside.refused if beside.hindrance is None else beside.refused.clear()
    refused = _numbers(known.filter(pl.col(ROW).is_in(asked))).implode()
    # A good record of the delivery itself was never refused: it answers nothing either.
    stands = _numbers(beside.accepted.filter(pl.col(ROW).is_in(asked))).implode()
    return (
        pl.when(~pl.col(ROW).is_in(refused))
        .then(pl.lit(NOTHING))
        .when(pl.col(ROW).is_in(stands))
        .then(pl.lit(STANDS))
        .when(pl.col(ROW).is_in(given.discarded.implode()))
        .then(pl.lit(DISCARDED))
    )


def _numbers(rows: pl.LazyFrame) -> pl.Series:
    return rows.select(ROW).unique().collect(engine="streaming")[ROW]


def _aside(entry: Entry, rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows that are not judged, as they came."""
    cells = [pl.col(cell(item.name)).alias(item.name) for item in entry.items]
    none = pl.lit(None, pl.String).alias(SOURCE)
    return rows.select(ROW, none, pl.concat_list(RULES), *cells)
