"""Recross: what each recipient should have of a release, worked out anew and compared.

Rows are compared by content, packages by their bytes. Keep out: crossing itself (backflow.py).
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.schema import polars_schema
from lake.damage import damage
from lake.errors import LakeError
from orchestration.city import City, day_of
from orchestration.flows.crossing import recipient_table
from orchestration.flows.pins import raw_pin, shown_rows
from registry import crossings, deliveries
from registry.crossings import Crossed
from registry.releases import Released
from sharing.backflow import RECIPIENT, address, routes
from sharing.crossing import NOBODY, Crossing
from sharing.error import SharingError
from sharing.package import read_package, verify_package

Sum = tuple[int, int]  # rows, and the sum of their hashes
SPARE = 24  # bits of a hash that are dropped, so that the sum of many has room


def recross(city: City, released: Released) -> tuple[int, list[tuple[str, str]]]:
    """Return the crossings of a release and, by recipient, what does not hold of them."""
    about = released.release
    found = crossings.for_table(city.registry, about.zone, about.name, version=released.sequence)
    own = [each for each in found if each.crossing.kind == "backflow"]
    closed = next((each for each in own if each.crossing.recipient == NOBODY), None)
    if closed is None:
        return 0, []  # not returned yet: there is no account to hold
    problems = list(_account(city, released))
    entry = city.catalog.entries.get(about.name)
    due = _due(city, entry, released, closed.at) if entry is not None and entry.backflow else None
    for each in own:
        if each.crossing.target_version is not None:
            said = _wrong(city, released, each, due=due)
            problems += [(each.crossing.recipient, what) for what in said]
    return len(own), problems


def _account(city: City, released: Released) -> Iterator[tuple[str, str]]:
    about = released.release
    sums = crossings.sums(
        city.registry, "backflow", zone=about.zone, name=about.name, version=released.sequence
    )
    if sums.total != about.rows:
        what = f"{sums.crossed} crossed + {dict(sums.withheld)} withheld ≠ {about.rows} released"
        yield "backflow", what


def _due(city: City, entry: Entry, released: Released, at: dt.datetime) -> Mapping[str, Sum] | None:
    """Sum up what each recipient should have; None where the released rows cannot be read."""
    staging = city.staging(f"verify-{entry.name}-backflow")
    by = entry.backflow.by if entry.backflow else ""
    about = released.release
    try:
        if damage(city.lake, about.zone, about.name, about.version):
            return None  # said of the table itself
        rows = address(
            _released(city, entry, released, staging),
            by,
            routes(city.catalog.vocabulary, on=day_of(at)),
        )
        summed = rows.group_by(RECIPIENT).agg(*_sum(entry)).collect(engine="streaming")
    except LakeError:
        return None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return {one: (rows, total) for one, rows, total in summed.iter_rows() if one is not None}


def _released(city: City, entry: Entry, released: Released, staging: Path) -> pl.LazyFrame:
    about = released.release
    if entry.zone != "raw":
        return city.lake.scan(entry.zone, entry.name, about.version)
    every = deliveries.all_of(city.registry, entry.name)
    counted = [record for record in every if record.delivery.id in about.inputs]
    return shown_rows(city, raw_pin(entry, counted), staging)


def _wrong(
    city: City, released: Released, each: Crossed, *, due: Mapping[str, Sum] | None
) -> Iterator[str]:
    """Say what is wrong with one recipient's table and package."""
    one, about = each.crossing, released.release
    entry = city.catalog.entries.get(about.name)
    name = recipient_table(about.name, one.recipient)
    try:
        if wrong := damage(city.lake, "backflow", name, one.target_version):
            yield from wrong
            return
        # All rows: those of periods that did not change came with an earlier crossing.
        own = city.lake.scan("backflow", name, one.target_version)
        rows = int(own.select(pl.len()).collect(engine="streaming").item())
        if rows != one.rows:
            yield f"account says {one.rows} rows, the recipient's table holds {rows}"
        elif due is not None and entry is not None:
            held = own.select(*_sum(entry)).collect(engine="streaming").row(0)
            if held != due.get(one.recipient, (0, 0)):
                yield "the recipient's rows are not those of the release"
    except (LakeError, OSError, pl.exceptions.PolarsError) as error:
        yield f"the recipient's table cannot be read: {' '.join(str(error).split())[:200]}"
    yield from _package(city, released, one)


def _package(city: City, released: Released, one: Crossing) -> Iterator[str]:
    name = released.release.name
    folder = city.settings.outbox / one.recipient / name / str(released.sequence)
    package = verify_package(folder)
    if not package.ok:
        yield f"package: {package.problem}"
        return
    try:
        if read_package(folder).digest != one.package_digest:
            yield "package: its manifest is not the one that was recorded"
    except SharingError as error:
        yield f"package: {error}"


def _sum(entry: Entry) -> tuple[pl.Expr, pl.Expr]:
    marks = pl.struct(list(polars_schema(entry))).hash() // (1 << SPARE)
    return pl.len().alias("_rows"), marks.sum().alias("_sum")
