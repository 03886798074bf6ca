"""Export (退回): a unit's open refused rows as files that it corrects and sends back.

One workbook and one CSV for each delivery, under `reports/quarantine/<unit>/<resource>/`.
Keep out: how they are written (quality/returned.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from catalog.schema import DELIVERY, ROW, RULES
from ingestion.delivery import Status
from lake.errors import LakeError
from orchestration.city import City
from orchestration.flows.mending import is_held, open_records
from orchestration.flows.refused import check_resource
from quality.returned import MOST_ROWS, returned, write
from registry import deliveries
from registry.deliveries import Record

ENDINGS = (".xlsx", ".csv")


@dataclass(frozen=True)
class Exported:
    """The files of one delivery's open rows."""

    file_name: str
    delivery: str
    rows: int
    whole: bool  # refused as a whole: to be delivered anew, not amended
    files: tuple[Path, ...]


def export_refused(
    city: City, name: str, *, folder: Path | None = None, delivery: str | None = None
) -> tuple[Exported, ...]:
    """Write the open refused rows of a resource, a pair of files for each delivery."""
    check_resource(city, name)
    entry = city.entry(name)
    target = folder or city.settings.reports / "quarantine" / entry.unit / name
    return tuple(_export(city, name, target, delivery))


def _export(city: City, name: str, target: Path, delivery: str | None) -> Iterator[Exported]:
    found = open_records(city, name)
    if found is None:
        return
    entry = city.entry(name)
    waiting = found.filter(~is_held(pl.col(RULES)))
    ids = set(waiting.select(DELIVERY).unique().collect(engine="streaming")[DELIVERY])
    if delivery is not None and delivery not in ids:
        raise LakeError(f"{name}: delivery {delivery} has no open rows: see citylake status")
    for record in deliveries.all_of(city.registry, name):
        one = record.delivery
        if one.id not in ids or delivery not in (None, one.id):
            continue
        rows = waiting.filter(pl.col(DELIVERY) == one.id).sort(ROW).collect(engine="streaming")
        whole = record.status is Status.REFUSED
        back = returned(rows, entry, city.catalog.vocabulary, file_name=one.file_name, whole=whole)
        paths = [target / f"{_stem(record)}{ending}" for ending in ENDINGS]
        chosen = [p for p in paths if p.suffix == ".csv" or rows.height <= MOST_ROWS]
        for path in chosen:
            write(back, path)
        yield Exported(one.file_name, one.id, rows.height, whole, tuple(chosen))


def _stem(record: Record) -> str:
    """Return the name under which the rows go: it says whose they are, and is no correction."""
    return f"{record.delivery.file_name.replace('.correction', '_correction')}.amendment"
