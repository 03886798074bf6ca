"""Sending: composes, encodes and puts files into the inbox, and notes the truth about them.

Keep out: which rows a unit sends, and when.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from catalog.entry import Entry
from catalog.load import Catalog
from demo.city.draw import stream
from demo.deliver.defects import Defect, Oddity, allot, oddities, row_defects
from demo.deliver.encode import Layout, encode
from demo.deliver.sheet import Sheet, compose
from demo.deliver.truth import Truth
from demo.deliver.workbook import write_workbook

MARGIN = 0.8  # of the share of bad rows that the gate lets pass: planted rows stay below it


@dataclass(frozen=True)
class Parcel:
    """Rows that a unit sends in one file."""

    stamp: str
    rows: pl.DataFrame
    layout: Layout = field(default_factory=Layout)


class Outbox:
    """Where units put their files; counts what was sent."""

    def __init__(
        self, home: Path, catalog: Catalog, *, seed: int, on_file: Callable[[str, int], None]
    ) -> None:
        self.home = home
        self.catalog = catalog
        self.truth = Truth()
        self.unknown: dict[str, str] = {}
        self.sent: dict[str, list[tuple[str, int, int]]] = {}
        self._seed = seed
        self._on_file = on_file

    def folder(self, resource: str) -> Path:
        """Return the inbox folder of a resource, made if need be."""
        folder = self.home / "inbox" / resource
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def send_all(
        self, resource: str, parcels: Sequence[Parcel], spares: pl.DataFrame | None = None
    ) -> None:
        """Send files of a resource with its row defects shared out over them."""
        shares = self.plan(resource, [parcel.rows.height for parcel in parcels])
        for number, (parcel, defects) in enumerate(zip(parcels, shares, strict=True)):
            odd = self.oddities(resource) if number == 0 else ()
            self.send(resource, parcel, spares=spares, defects=defects, odd=odd)

    def plan(self, resource: str, heights: Sequence[int]) -> list[list[Defect]]:
        """Return which defects go into each of the files with so many good rows."""
        entry = self.catalog.entry(resource)
        every = row_defects(entry, self.catalog.vocabulary, self.unknown)
        room = [int(height * entry.quality.max_quarantine * MARGIN) for height in heights]
        return allot(every, room)

    def oddities(self, resource: str) -> tuple[Oddity, ...]:
        """Return the odd ways to write rows of the resource."""
        return oddities(self.catalog.entry(resource))

    def send(
        self,
        resource: str,
        parcel: Parcel,
        *,
        spares: pl.DataFrame | None = None,
        defects: Sequence[Defect] = (),
        odd: Sequence[Oddity] = (),
        name: str | None = None,
    ) -> Path:
        """Write one file with its planted rows; return its path."""
        entry = self.catalog.entry(resource)
        sheet = compose(
            entry, parcel.rows, spares=spares, defects=defects, oddities=odd,
            rng=self.rng(resource, parcel.stamp),
        )  # fmt: skip
        path = self.folder(resource) / (name or self.file_name(entry, parcel.stamp))
        write(sheet, path, parcel.layout)
        self.truth.records(resource, path.name, sheet.marks)
        for kind in parcel.layout.kinds():
            self.truth.whole(resource, path.name, kind, expect="accepted")
        self.note(resource, path, rows=sheet.cells.height)
        return path

    def note(self, resource: str, path: Path, *, rows: int) -> None:
        """Count a file that was written, and give it the time of its arrival."""
        self.arrives_late(path, 0)
        size = path.stat().st_size
        self.sent.setdefault(resource, []).append((path.name, rows, size))
        self._on_file(f"{resource}/{path.name}", rows)

    def arrives_late(self, path: Path, days: int) -> None:
        """Let a file arrive so many days after it was due."""
        arrived = (arrival(path.name) + dt.timedelta(days=days)).timestamp()
        os.utime(path, (arrived, arrived))

    def rng(self, *purpose: object) -> np.random.Generator:
        """Return the generator of a purpose."""
        return stream(self._seed, "deliver", *purpose)

    @staticmethod
    def file_name(entry: Entry, stamp: str) -> str:
        """Return the name of a delivery with that stamp."""
        return f"{entry.name}_{stamp}.{entry.origin.format}"


def write(sheet: Sheet, path: Path, layout: Layout) -> None:
    """Write a sheet in the format of its entry."""
    if sheet.entry.origin.format == "xlsx":
        write_workbook(sheet, path, layout)
    else:
        encode(sheet, path, layout)


def arrival(file_name: str) -> dt.datetime:
    """Return when a file of that name arrives: five in the morning after its day or month began."""
    stamp = file_name.partition(".")[0].rpartition("_")[2]
    digits = "".join(sign for sign in stamp if sign.isdigit())[:8] or "2026"
    if "Q" in stamp:
        digits = f"{digits[:4]}{int(digits[4:5] or 1) * 3:02d}"
    day = dt.datetime.strptime(f"{digits}0101"[:8] if len(digits) < 8 else digits, "%Y%m%d")  # noqa: DTZ007
    return day.replace(tzinfo=dt.timezone(dt.timedelta(hours=8)), hour=5) + dt.timedelta(days=1)


def spare_rows(frame: pl.DataFrame) -> Mapping[str, pl.DataFrame]:
    """Split a frame of the truth into what is delivered and what is spare."""
    spare = pl.col("is_spare")
    return {"rows": frame.filter(~spare), "spares": frame.filter(spare)}
