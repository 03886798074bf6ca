"""The gate on a file: read, judged, failing rows split off; nothing is committed.

Rivals: the bare Polars scan of the same file to Parquet; Great Expectations on pandas with those
of the rules that it can express; a fixed figure for the gate of an empty table.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import polars as pl

from catalog.entry import Entry
from catalog.load import load_catalog
from catalog.vocabulary import Vocabulary
from ingestion.read import read
from quality.gate import gate_delivery
from quality.verdict import Split
from tests.bench import charged
from tests.bench.clock import Spent, clock

WARM_UP = 1_000
EMPTY_S, TIMES = 0.05, 21
PANDAS = "pandas"


def prepare(variant: str, rows: int, work: Path) -> None:
    """Write the delivery, and a small one so that imports and compilation are not measured."""
    for name, count in ((variant, rows), (f"{variant}-warm", WARM_UP)):
        (work / name).mkdir(parents=True)
        charged.write(count, work / name)


def ours(variant: str, rows: int, work: Path) -> Spent:
    """Judge the delivery; return what that spent."""
    if variant == "empty":
        return _empty(work)
    # Against pandas: types, nulls, ranges, lengths, pattern, list and key, as it can express them.
    entry = charged.entry(row_rules_only=variant == "rows", of_items=variant == PANDAS)
    gate = _Gate(entry, load_catalog().vocabulary)
    gate.judge(work / f"{variant}-warm")
    with clock() as spent:
        split = gate.judge(work / variant)
    assert split.records == rows == split.accepted_rows + split.quarantined_rows
    assert 0 < split.quarantined_rows < rows / 100
    return spent


def rival(variant: str, _: int, work: Path) -> Spent:
    """Do what the variant's rival does with the same file."""
    if variant == "empty":
        return Spent(EMPTY_S)
    source = charged.delivery(work / variant)
    if variant == PANDAS:
        from tests.bench.gate_pandas import judge

        judge(charged.delivery(work / f"{variant}-warm"))
        with clock() as spent:
            judge(source)
        return spent
    with clock() as spent:
        pl.scan_csv(source).sink_parquet(work / "bare.parquet")
    return spent


@dataclass(frozen=True)
class _Gate:
    """What `citylake gate FILE` does, with the catalog read before."""

    entry: Entry
    vocabulary: Vocabulary

    def judge(self, folder: Path) -> Split:
        """Read and judge the delivery of a folder."""
        staging = folder / "staging"
        shutil.rmtree(staging, ignore_errors=True)
        path, known = charged.delivery(folder), pl.scan_csv(charged.accounts(folder))
        candidate = read(self.entry, path, file_name=path.name, scratch=staging)
        verdict, split = gate_delivery(
            candidate.frame,
            candidate.malformed,
            self.entry,
            records=candidate.records,
            provenance="bench",
            references={"water_account": known.rename({"水表编号": "meter_id"})},
            vocabulary=self.vocabulary,
            staging=staging,
        )
        assert verdict.passed, verdict.reason
        return split


def _empty(work: Path) -> Spent:
    """Return the median of gates of an empty table: their fixed cost."""
    folder = work / "empty-warm"
    gate = _Gate(charged.entry(), load_catalog().vocabulary)
    gate.judge(folder)
    path = charged.delivery(folder)
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    found = []
    for _ in range(TIMES):
        with clock() as spent:
            gate.judge(folder)
        found.append(spent)
    return Spent(median(s.s for s in found), median(s.cpu_s for s in found))
