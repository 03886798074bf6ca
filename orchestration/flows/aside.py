"""Rows made again, in Parquet files aside: those of each delivery, as it was judged last.

Keep out: judging (remake.py) and comparing (rebuild.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from ingestion.delivery import Delivery
from lake.widened import widened
from orchestration.flows.basis import Bases

Rows = dict[str, tuple[Path, ...]]  # files of a table by delivery


@dataclass(frozen=True)
class Difference:
    """What is not as the registry or a standing table says."""

    resource: str
    delivery: str
    file_name: str
    problem: str


@dataclass(frozen=True)
class Remade:
    """A whole table made again: its files and its columns."""

    zone: str
    name: str
    files: Sequence[Path]
    columns: Mapping[str, pl.DataType]


@dataclass(frozen=True)
class Aside:
    """The rows made again of each resource, and where they are not as their accounts say."""

    folder: Path
    bases: Bases
    raw: dict[str, Rows] = field(default_factory=dict)
    quarantine: dict[str, Rows] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    def files(self, zone: str, name: str) -> list[Path]:
        """Return the files of a table, in the order of judgement."""
        rows = (self.raw if zone == "raw" else self.quarantine).get(name, {})
        return [path for paths in rows.values() for path in paths]

    def table(self, zone: str, name: str) -> Remade:
        """Return a table as it was made again."""
        return Remade(zone, name, self.files(zone, name), self.bases.columns(name, zone))

    def rows(self, zone: str, name: str) -> int:
        """Return how many rows the files of a table hold."""
        files = self.files(zone, name)
        return int(pl.scan_parquet(files).select(pl.len()).collect().item()) if files else 0

    def scan(self, zone: str, name: str, ids: Collection[str]) -> pl.LazyFrame:
        """Return the rows made again of some deliveries."""
        made = (self.raw if zone == "raw" else self.quarantine)[name]
        files = [path for one in ids for path in made.get(one, ())]
        if files:
            return pl.scan_parquet(files)
        return pl.LazyFrame(schema=self.bases.columns(name, zone))

    def keep(self, zone: str, delivery: Delivery, files: Collection[Path]) -> tuple[Path, ...]:
        """Move the files of a delivery out of its staging folder, with all columns of its table."""
        target = self.folder / zone
        target.mkdir(parents=True, exist_ok=True)
        columns = self.bases.columns(delivery.resource, zone)
        kept = [target / f"{delivery.id}-{number}.parquet" for number in range(len(files))]
        for path, place in zip(files, kept, strict=True):
            if dict(pl.read_parquet_schema(path)) == columns:
                path.rename(place)
            else:  # judged by an entry of other columns
                widened(path, columns).sink_parquet(place)
        return tuple(kept)
