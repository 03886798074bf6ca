"""Recount: the account of a delivery worked out anew from its archived bytes and the tables.

Every record of the bytes must lie in one place, as it came, or repeat one that does. Whether it
lies in the right one is judged again by rebuild.py. Keep out: what the registry says (verify.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.schema import DELIVERY, ROW, SOURCE, cell
from ingestion.amendment import form_of, read_amendment
from ingestion.candidate import Candidate, no_malformed
from ingestion.delivery import Account, Delivery
from ingestion.read import read
from orchestration.city import City

MARK, SAME, PLACE = "_mark", "_same", "_place"
Marks = Mapping[str, pl.DataFrame]  # by delivery: `_row` and a hash of what the row says


@dataclass(frozen=True)
class Recount:
    """The account as bytes and tables give it, and what is not where or as it should be."""

    account: Account
    problems: tuple[str, ...]


def marks(city: City, zone: str, entry: Entry, ids: Sequence[str]) -> Marks:
    """Return the rows of some deliveries in a zone, each with a hash of its cells."""
    if not city.lake.exists(zone, entry.name):
        return {}
    items = [item.name for item in entry.items]
    names = items if zone == "raw" else [*items, SOURCE]
    rows = city.lake.scan(zone, entry.name).filter(pl.col(DELIVERY).is_in(list(ids)))
    found = rows.select(DELIVERY, ROW, _hash(names).alias(MARK)).collect(engine="streaming")
    parts = found.partition_by(DELIVERY, as_dict=True, include_key=False)
    return {str(key[0]): part for key, part in parts.items()}


def recount(city: City, one: Delivery, entry: Entry, *, raw: Marks, quarantine: Marks) -> Recount:
    """Read a delivery again and find every record of it; DeliveryRefused when it has none."""
    staging = city.staging(f"verify-{one.id}")
    try:
        path = city.lake.archive.fetch(one.digest, staging)
        candidate = _read(entry, one, path, staging)
        came = _came(candidate, entry)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    accepted, refused = _of(raw, one.id), _of(quarantine, one.id)
    seen = pl.concat([accepted.with_columns(_place("raw")), refused.with_columns(_place("bad"))])
    lost, unlike = _compared(came, seen)
    problems = [*unlike]
    if doubled := int(seen[ROW].is_duplicated().sum()):
        problems.append(f"{doubled} rows share their record number: a record is stored once")
    present = came.join(seen, on=ROW, how="semi")
    if orphans := lost.join(present, on=SAME, how="anti").height:
        problems.append(f"{orphans} records are in no table, and repeat none that is")
    account = Account(candidate.records, accepted.height, refused.height, lost.height)
    return Recount(account, tuple(problems))


def _read(entry: Entry, one: Delivery, path: Path, staging: Path) -> Candidate:
    if one.amends is None or (form := form_of(path)) is None:
        return read(entry, path, file_name=one.file_name, scratch=staging)
    given = read_amendment(entry, path, file_name=one.file_name, scratch=staging, form=form)
    return Candidate(given.frame, no_malformed(), given.records)


def _came(candidate: Candidate, entry: Entry) -> pl.DataFrame:
    """Return each record with a hash of it as accepted, as refused, and as it is compared."""
    items = [item.name for item in entry.items]
    frame = candidate.frame.with_columns(pl.lit(None, pl.String).alias(SOURCE))
    untyped = [pl.when(pl.col(n).is_null()).then(pl.col(cell(n))).alias(f"_u_{n}") for n in items]
    rows = frame.select(
        ROW,
        _hash(items).alias("raw"),
        pl.struct(*(pl.col(cell(n)).alias(n) for n in items), SOURCE).hash().alias("bad"),
        pl.struct(*items, *untyped).hash().alias(SAME),
    ).collect(engine="streaming")
    blank = [pl.lit(None, pl.String).alias(name) for name in items]
    malformed = candidate.malformed.select(ROW, *blank, SOURCE).select(
        ROW,
        pl.lit(None, pl.UInt64).alias("raw"),
        _hash([*items, SOURCE]).alias("bad"),
        pl.lit(None, pl.UInt64).alias(SAME),
    )
    return pl.concat([rows, malformed], how="vertical_relaxed")


def _compared(came: pl.DataFrame, seen: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Return the records that are in no table, and what is wrong with those that are."""
    both = seen.join(came, on=ROW, how="left", maintain_order="none")
    wanted = pl.when(pl.col(PLACE) == "raw").then("raw").otherwise("bad")
    known = both.join(came, on=ROW, how="semi")
    unlike = known.filter(wanted.ne_missing(pl.col(MARK)))
    said = []
    for place, called in (("raw", "accepted"), ("bad", "quarantined")):
        if count := unlike.filter(pl.col(PLACE) == place).height:
            said.append(f"{count} {called} rows are not as the archived bytes say")
    if strangers := seen.join(came, on=ROW, how="anti").height:
        said.append(f"{strangers} rows stand for records that the archived bytes do not hold")
    return came.join(seen, on=ROW, how="anti"), said


def _of(found: Marks, delivery: str) -> pl.DataFrame:
    schema = {ROW: pl.Int64, MARK: pl.UInt64}
    return found.get(delivery, pl.DataFrame(schema=schema)).cast(schema)  # type: ignore[arg-type]


def _hash(names: Sequence[str]) -> pl.Expr:
    return pl.struct(*names).hash()


def _place(name: str) -> pl.Expr:
    return pl.lit(name).alias(PLACE)


def batches(counts: Mapping[str, int], most: int) -> Iterator[list[str]]:
    """Gather deliveries whose rows can be held at once; a single larger one stands alone."""
    batch: list[str] = []
    rows = 0
    for one, count in counts.items():
        if batch and rows + count > most:
            yield batch
            batch, rows = [], 0
        batch.append(one)
        rows += count
    if batch:
        yield batch
