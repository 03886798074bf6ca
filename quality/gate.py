"""The gate: judge a delivery and split its rows, or judge a version of a model.

Keep out: what the rules are (rules.py), how they are evaluated (gx_polars), storing anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.schema import DELIVERY
from catalog.vocabulary import Vocabulary
from quality.gx_polars.frame import GateFrame
from quality.judge import Judgement, judge
from quality.retyped import retyped
from quality.rules import checks
from quality.split import Rows, malformed_rows, sort_rows, write_accepted, write_quarantine
from quality.verdict import Split, Verdict

PASSED, TOO_MANY, BLOCKED, NOT_JUDGED = "passed", "too_many_bad_rows", "blocked", "not_judged"
RETYPED = "retyped_column"


def gate_delivery(  # noqa: PLR0913 - a joint of the house: named arguments, all of them needed
    frame: pl.LazyFrame,
    malformed: pl.DataFrame,
    entry: Entry,
    *,
    records: int,
    provenance: str,
    references: Mapping[str, pl.LazyFrame],
    vocabulary: Vocabulary,
    staging: Path,
    today: dt.date | None = None,
) -> tuple[Verdict, Split]:
    """Judge a delivery and split its rows into accepted, quarantined and repeats.

    A delivery that a rule could not judge (`not_judged`) is not split: nothing of it is settled.
    """
    staging.mkdir(parents=True, exist_ok=True)
    one = pl.lit(provenance).cast(pl.Enum([provenance]))  # its text a row would cost 0.3 s
    rows = frame.with_columns(one.alias(DELIVERY))
    batch = GateFrame(rows, dict(references))
    said = judge(batch, entry, checks(entry, vocabulary, today=today), staging=staging)
    if batch.gate is None or batch.outcome is None or not said.whole:
        split = Split((), (), records, 0, 0, 0)
        return _verdict(entry, said, split, reason=NOT_JUDGED), split
    sorted_rows = sort_rows(entry, batch, batch.gate, batch.outcome)
    bad = sorted_rows.refused + malformed.height
    reason = _reason(entry, said, bad=bad, rows=records)
    other = retyped(said.results, sorted_rows)
    if other and entry.origin.drift.retyped == "refuse":
        reason = RETYPED
    more = malformed_rows(entry, malformed, provenance)
    split = _write(sorted_rows, more, records=records, bad=bad, held=reason != PASSED)
    return replace(_verdict(entry, said, split, reason=reason), retyped=other), split


def gate_version(
    frame: pl.LazyFrame,
    entry: Entry,
    *,
    references: Mapping[str, pl.LazyFrame],
    vocabulary: Vocabulary,
    today: dt.date | None = None,
) -> Verdict:
    """Judge a version of a model as a whole; its rows stay where they are."""
    batch = GateFrame(frame, dict(references))
    said = judge(batch, entry, checks(entry, vocabulary, today=today), staging=None)
    if batch.outcome is None or not said.whole:
        return _verdict(entry, said, Split((), (), 0, 0, 0, 0), reason=NOT_JUDGED)
    rows, refused = batch.outcome.rows, batch.outcome.refused
    reason = _reason(entry, said, bad=refused, rows=rows)
    return _verdict(entry, said, Split((), (), rows, rows - refused, refused, 0), reason=reason)


def _reason(entry: Entry, said: Judgement, *, bad: int, rows: int) -> str:
    if any(r.severity == "block" and not r.passed for r in said.results):
        return BLOCKED
    return TOO_MANY if bad > entry.quality.max_quarantine * rows else PASSED


def _write(rows: Rows, malformed: pl.LazyFrame, *, records: int, bad: int, held: bool) -> Split:
    """Write the files of the split; a delivery refused as a whole is held back with its reasons."""
    parts = [rows.rejected(), rows.late(), malformed]
    parts += [rows.held()] if held else []
    quarantined = bad + (rows.accepted if held else 0)
    return Split(
        accepted=() if held else write_accepted(rows),
        quarantined=write_quarantine(rows, parts) if quarantined else (),
        records=records,
        accepted_rows=0 if held else rows.accepted,
        quarantined_rows=quarantined,
        repeats=rows.repeats,
    )


def _verdict(entry: Entry, said: Judgement, split: Split, *, reason: str) -> Verdict:
    return Verdict(
        subject=f"{entry.zone}.{entry.name}",
        passed=reason == PASSED,
        reason=reason,
        rows=split.records,
        quarantined=split.quarantined_rows,
        repeats=split.repeats,
        rules=said.results,
        document=said.document,
    )
