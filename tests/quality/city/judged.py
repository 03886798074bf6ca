"""The demo city's deliveries read and gated in their order, without a lake, beside the truth."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from catalog.entry import Entry
from catalog.load import Catalog
from ingestion.delivery import DeliveryRefused, as_of, intent
from ingestion.read import read
from orchestration.graph import collection_order, references
from quality.gate import gate_delivery
from quality.verdict import Split, Verdict

NOW = dt.datetime(2026, 4, 1, 8, tzinfo=dt.UTC)
KEY = ["resource", "file", "record"]


@dataclass
class Judged:
    """What became of every file that could be read."""

    catalog: Catalog
    folder: Path
    verdicts: dict[tuple[str, str], Verdict] = field(default_factory=dict)
    splits: dict[tuple[str, str], Split] = field(default_factory=dict)
    paths: dict[tuple[str, str], Path] = field(default_factory=dict)
    accepted: dict[str, list[Path]] = field(default_factory=dict)

    def known(self, entry: Entry) -> dict[str, pl.LazyFrame]:
        """Return the accepted rows that an entry's rules look into: of others, and its own."""
        names = references(self.catalog, entry.name) | {entry.name}
        return {
            name: pl.scan_parquet(files) for name in names if (files := self.accepted.get(name))
        }

    def rows(self, kind: str) -> pl.DataFrame:
        """Return resource, file, record and rules of rows of accepted deliveries."""
        parts = [
            pl.read_parquet(path)
            .select(
                pl.lit(resource).alias("resource"),
                pl.lit(file).alias("file"),
                record=pl.col("_row"),
                rules=pl.col("_rules") if kind == "quarantined" else pl.lit(None),
            )
            .cast({"rules": pl.List(pl.String)})
            for (resource, file), split in self.splits.items()
            if self.verdicts[resource, file].passed
            for path in getattr(split, kind)
        ]
        return pl.concat(parts)


def gate_file(
    judged: Judged,
    entry: Entry,
    path: Path,
    *,
    edit: Mapping[str, pl.Expr] | None = None,
    **more: Any,
) -> tuple[Verdict, Split]:
    """Read one file and gate its rows, edited if need be, against what was accepted before."""
    staging = judged.folder / f"{entry.name}-{path.name}"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    candidate = read(entry, path, file_name=path.name, scratch=staging)
    given = {
        "references": judged.known(entry),
        "vocabulary": judged.catalog.vocabulary,
        "staging": staging,
        "today": NOW.date(),
        **more,
    }
    return gate_delivery(
        candidate.frame.with_columns(**edit or {}),
        candidate.malformed,
        entry,
        records=candidate.records,
        provenance=path.name,
        **given,
    )


def judge_city(home: Path, catalog: Catalog, folder: Path) -> Judged:
    """Gate every delivery that lies in the inbox of a home."""
    judged = Judged(catalog, folder)
    for name in collection_order(catalog, [entry.name for entry in catalog.sources()]):
        entry = catalog.entry(name)
        for path in _lying(home / "inbox" / name, entry):
            try:
                verdict, split = gate_file(judged, entry, path)
            except DeliveryRefused:
                continue
            judged.paths[name, path.name] = path
            judged.verdicts[name, path.name] = verdict
            judged.splits[name, path.name] = split
            if verdict.passed:
                judged.accepted.setdefault(name, []).extend(split.accepted)
    return judged


def _lying(folder: Path, entry: Entry) -> list[Path]:
    whole = [
        path
        for path in folder.iterdir()
        if path.is_file() and not path.is_symlink() and path.suffix not in (".part", ".withdrawal")
        if not path.name.startswith("~") and "_again" not in path.name
    ]
    return sorted(whole, key=lambda path: (as_of(entry, path.name, NOW), intent(path.name).number))
