"""The gate on a file: read, judged, failing rows split off; nothing is committed.

Rivals: the bare Polars scan of the same file to Parquet; Great Expectations on pandas with the
same rules, with its rows split off or only judged, as ours; a fixed figure for an empty table.
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
from quality.gx_polars.frame import GateFrame
from quality.judge import Judgement, judge
from quality.rules import checks
from quality.verdict import Split
from tests.bench import charged
from tests.bench.clock import Spent, clock

WARM_UP, STAGING = 1_000, "staging"
EMPTY_S, TIMES = 0.05, 21
PANDAS, JUDGED = "pandas", "judged"  # rows split off on both sides, or on neither


def prepare(variant: str, rows: int, work: Path) -> None:
    """Write the delivery, and a small one so that imports and compilation are not measured."""
    for name, count in ((variant, rows), (f"{variant}-warm", WARM_UP)):
        (work / name).mkdir(parents=True)
        charged.write(count, work / name)


def ours(variant: str, rows: int, work: Path) -> Spent:
    """Judge the delivery; return what that spent."""
    if variant == "empty":
        return _empty(work)
    entry = charged.entry(row_rules_only=variant == "rows", plain=variant in (PANDAS, JUDGED))
    gate = _Gate(entry, load_catalog().vocabulary)
    if variant == JUDGED:
        return _judged(gate, work)
    gate.judge(work / f"{variant}-warm")
    _clear(work / variant)
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
    if variant in (PANDAS, JUDGED):
        return _by_pandas(variant, work)
    target = work / "bare.parquet"
    target.unlink(missing_ok=True)
    with clock() as spent:
        pl.scan_csv(source).sink_parquet(target)
    return spent


def _by_pandas(variant: str, work: Path) -> Spent:
    from tests.bench.gate_pandas import judge

    entry = charged.entry(plain=True)
    wanted = checks(entry, load_catalog().vocabulary)
    target = work / "split" if variant == PANDAS else None
    judge(charged.delivery(work / f"{variant}-warm"), entry, wanted, split=target)
    with clock() as spent:
        judge(charged.delivery(work / variant), entry, wanted, split=target)
    return spent


def _judged(gate: _Gate, work: Path) -> Spent:
    """Judge without splitting: what Great Expectations on pandas says by itself."""
    gate.verdict(work / f"{JUDGED}-warm")
    with clock() as spent:
        said = gate.verdict(work / JUDGED)
    assert said.whole
    assert not all(result.passed for result in said.results)
    return spent


def _clear(folder: Path) -> None:
    """Remove what an earlier round left: deleting half a gigabyte is no part of a gate."""
    shutil.rmtree(folder / STAGING, ignore_errors=True)


@dataclass(frozen=True)
class _Gate:
    """What `citylake gate FILE` does, with the catalog read before."""

    entry: Entry
    vocabulary: Vocabulary

    def judge(self, folder: Path) -> Split:
        """Read and judge the delivery of a folder."""
        _clear(folder)
        staging = folder / STAGING
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

    def verdict(self, folder: Path) -> Judgement:
        """Read and judge the delivery of a folder, and leave its rows where they are."""
        _clear(folder)
        path = charged.delivery(folder)
        candidate = read(self.entry, path, file_name=path.name, scratch=folder / STAGING)
        wanted = checks(self.entry, self.vocabulary)
        return judge(GateFrame(candidate.frame), self.entry, wanted, staging=None)


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
