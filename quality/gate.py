"""The gate: judge a delivery and split its rows, or judge a version of a model.

Keep out: what the rules are (rules.py), how they are evaluated (gx_polars), storing anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.schema import DELIVERY
from catalog.vocabulary import Vocabulary
from quality.check import Check
from quality.clashes import Clashes, clashes
from quality.examples import with_examples
from quality.gx_polars.frame import GateFrame, Outcome
from quality.history import History
from quality.judge import Judgement, judge
from quality.retyped import retyped
from quality.rules import checks
from quality.split import (
    Rows,
    kept_rows,
    malformed_rows,
    sort_rows,
    write_accepted,
    write_quarantine,
)
from quality.verdict import Split, Verdict
from quality.vocabulary_tables import vocabulary_tables

PASSED, TOO_MANY, BLOCKED, NOT_JUDGED = "passed", "too_many_bad_rows", "blocked", "not_judged"
RETYPED = "retyped_column"
FEW = 20_000  # records that are judged in memory


@dataclass(frozen=True)
class Circumstances:
    """What the gate must know of a delivery beside its rows; by default nothing is particular."""

    waived: frozenset[str] = frozenset()  # rules that refuse no row: an officer answers for them
    standing: pl.LazyFrame | None = None  # good rows of the delivery that these are a part of
    hindrance: str | None = None  # why none of it can be accepted, whatever its rows
    small: bool = False  # came in so few bytes that its rows fit into memory, if they are few too

    @property
    def part(self) -> bool:
        """Tell whether these are rows of a delivery that stands already: nothing is whole."""
        return self.standing is not None


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
    about: Circumstances | None = None,
    history: History | None = None,
) -> tuple[Verdict, Split]:
    """Judge a delivery and split its rows into accepted, quarantined and repeats.

    A delivery that a rule could not judge (`not_judged`) is not split: nothing of it is settled.
    """
    staging.mkdir(parents=True, exist_ok=True)
    rows = frame.with_columns(_provenance(provenance))
    about = about or Circumstances()
    wanted = _excused(checks(entry, vocabulary, today=today, history=history), about)
    batch = GateFrame(rows, {**references, **vocabulary_tables(wanted, vocabulary)})
    few = about.small and records <= FEW
    said = judge(batch, entry, wanted, staging=staging, repeats=not about.part, in_memory=few)
    outcome = batch.outcome
    if about.standing is not None and outcome is not None and said.whole:
        beside = clashes(batch, entry, wanted, about.standing, staging=staging)
        outcome, said = _clashing(outcome, beside.rows), _told(said, beside)
    if batch.gate is None or outcome is None or not said.whole:
        return _not_judged(entry, said, records)
    sorted_rows = sort_rows(entry, batch, batch.gate, outcome)
    bad = sorted_rows.refused + malformed.height
    other = () if about.part else retyped(said.results, sorted_rows)
    reason = _reason(entry, said, bad=bad, rows=records, retyped=bool(other))
    reason = (about.hindrance or PASSED) if about.part else reason
    more = malformed_rows(entry, malformed, provenance)
    split = _write(sorted_rows, more, records=records, bad=bad, held=reason != PASSED)
    said = replace(said, results=with_examples(entry, said.results, split))
    return replace(_verdict(entry, said, split, reason=reason), retyped=other), split


def _not_judged(entry: Entry, said: Judgement, records: int) -> tuple[Verdict, Split]:
    split = Split((), (), records, 0, 0, 0)
    return _verdict(entry, said, split, reason=NOT_JUDGED), split


def _provenance(delivery: str) -> pl.Expr:
    one = pl.lit(delivery).cast(pl.Enum([delivery]))  # its text a row would cost 0.3 s
    return one.alias(DELIVERY)


def gate_version(
    frame: pl.LazyFrame,
    entry: Entry,
    *,
    references: Mapping[str, pl.LazyFrame],
    vocabulary: Vocabulary,
    today: dt.date | None = None,
    history: History | None = None,
) -> Verdict:
    """Judge a version of a model as a whole; its rows stay where they are."""
    wanted = checks(entry, vocabulary, today=today, history=history)
    batch = GateFrame(frame, {**references, **vocabulary_tables(wanted, vocabulary)})
    said = judge(batch, entry, wanted, staging=None)
    if batch.outcome is None or not said.whole:
        return _verdict(entry, said, Split((), (), 0, 0, 0, 0), reason=NOT_JUDGED)
    rows, refused = batch.outcome.rows, batch.outcome.refused
    reason = _reason(entry, said, bad=refused, rows=rows)
    return _verdict(entry, said, Split((), (), rows, rows - refused, refused, 0), reason=reason)


def _excused(asked: Iterable[Check], about: Circumstances) -> list[Check]:
    """Return the checks as the circumstances allow: a part is asked for nothing of the whole."""
    wanted = [check for check in asked if not (check.whole and about.part)]
    return [_softened(check, about) for check in wanted]


def _softened(check: Check, about: Circumstances) -> Check:
    if check.label in about.waived:
        return replace(check, severity="warn")
    # What would block the whole refuses the row: the whole stands already.
    blocks = about.part and check.severity == "block"
    return replace(check, severity="quarantine") if blocks else check


def _clashing(outcome: Outcome, found: pl.DataFrame) -> Outcome:
    """Add rows that clash with others which stand already to those that grouped rules refuse."""
    if found.is_empty():
        return outcome
    labels = found["rule"].unique().to_list()
    known = {label for label, _ in outcome.flags}
    flags = (*outcome.flags, *((label, None) for label in labels if label not in known))
    return replace(outcome, late=pl.concat([outcome.late, found]), flags=flags)


def _told(said: Judgement, beside: Clashes) -> Judgement:
    """Count the clashes with what their rules say of the rows; what could not be judged is told."""
    if not beside.whole:
        return replace(said, results=beside.results)
    if beside.rows.is_empty():
        return said
    counts = dict(beside.rows.group_by("rule").len().iter_rows())
    results = tuple(
        replace(r, failed=r.failed + counts[r.rule], passed=False) if r.rule in counts else r
        for r in said.results
    )
    return replace(said, results=results)


def _reason(entry: Entry, said: Judgement, *, bad: int, rows: int, retyped: bool = False) -> str:
    if retyped and entry.origin.drift.retyped == "refuse":
        return RETYPED
    if any(r.severity == "block" and not r.passed for r in said.results):
        return BLOCKED
    return TOO_MANY if bad > entry.quality.max_quarantine * rows else PASSED


def _write(rows: Rows, malformed: pl.LazyFrame, *, records: int, bad: int, held: bool) -> Split:
    """Write the files of the split; a delivery refused as a whole is held back with its reasons."""
    parts = [rows.rejected()] if rows.refused_at_once.len() else []
    parts += [malformed]
    parts += [rows.late()] if rows.refused_late.height else []  # reads the delivery once more
    parts += [rows.held()] if held else []
    quarantined = bad + (rows.accepted if held else 0)
    return Split(
        accepted=() if held else write_accepted(rows),
        quarantined=write_quarantine(rows, parts) if quarantined else (),
        records=records,
        accepted_rows=0 if held else rows.accepted,
        quarantined_rows=quarantined,
        repeats=rows.repeats,
        kept=None if held else kept_rows(rows),
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
