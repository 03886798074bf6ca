"""The pass: all row rules, all aggregates and all sinks of one batch in one streaming scan.

Keep out: Great Expectations, and rules that need several rows (grouped.py).
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from quality.gx_polars.frame import GateFrame, Outcome, RuleKey
from quality.gx_polars.grouped import Grouped, judge_groups
from quality.gx_polars.lookups import look_up
from quality.gx_polars.plan import Aggregate, Ask, Question, RowRule, Rule
from quality.gx_polars.sinks import BAD, kept, written

ROW = "__row"


@dataclass(frozen=True)
class Pass:
    """One batch prepared: its frame with a flag a rule, and what is asked."""

    given: GateFrame
    questions: Sequence[Question]
    rules: dict[RuleKey, Rule]
    flags: dict[RuleKey, str]
    row: str

    @property
    def whole(self) -> bool:
        """Tell whether every rule that refuses rows can be judged."""
        return all(key in self.rules for key in self.given.refusing)

    @property
    def splits(self) -> bool:
        """Tell whether rows are written: only when the judgement is whole."""
        return self.given.gate is not None and self.whole

    def refuses(self, key: RuleKey) -> bool:
        """Tell whether a rule takes its rows away; without a list each rule does so for itself."""
        return not self.given.refusing or key in self.given.refusing

    @property
    def grouped(self) -> list[Any]:
        """Return the rules that need several rows."""
        return [rule for rule in self.rules.values() if not isinstance(rule, RowRule)]

    def flagged(self) -> pl.LazyFrame:
        """Return the frame with lookups, one flag a row rule, and whether the row is refused."""
        frame = self.given.frame
        if self.row == ROW:
            frame = frame.with_row_index(ROW)
        row_rules = {k: r for k, r in self.rules.items() if isinstance(r, RowRule)}
        for rule in row_rules.values():
            if rule.lookup is not None:
                frame = look_up(frame, rule.lookup)
        frame = frame.with_columns(rule.bad.alias(self.flags[k]) for k, rule in row_rules.items())
        names = [self.flags[key] for key in self.given.refusing if key in row_rules]
        return frame.with_columns(pl.any_horizontal(names or [pl.lit(value=False)]).alias(BAD))

    def rows(self, wanted: pl.DataFrame, columns: Sequence[str]) -> pl.LazyFrame:
        """Return `row` and columns of some rows: from the split files, or from the batch again."""
        gate = self.given.gate
        if gate is None or not self.splits:
            own = self.given.frame.with_row_index(ROW) if self.row == ROW else self.given.frame
            sources = [own]
        else:
            sources = [gate.rows(gate.accepted), gate.rows(gate.rejected)]
        shown = [
            source.select(pl.col(self.row).cast(pl.Int64).alias("row"), *columns).join(
                wanted.lazy(), on="row", how="semi"
            )
            for source in sources
        ]
        return pl.concat(shown)


def evaluate(given: GateFrame, questions: Sequence[Question]) -> list[Any]:
    """Answer questions about a batch in their order; write its rows where its gate says."""
    rules = {ask.rule.key: ask.rule for ask in questions if isinstance(ask, Ask)}
    flags = {key: f"__rule_{number}" for number, key in enumerate(rules)}
    grouped = any(not isinstance(rule, RowRule) for rule in rules.values())
    row = given.gate.row if given.gate else ROW if grouped else ""
    prepared = Pass(given, questions, rules, flags, row)
    if given.gate is not None:
        return _run(prepared, given.gate.folder)
    with tempfile.TemporaryDirectory(prefix="gx_polars_") as folder:
        return _run(prepared, Path(folder))


def _run(prepared: Pass, folder: Path) -> list[Any]:
    of_good = _of_good(prepared)
    gate = prepared.given.gate
    asked = partial(_asked, prepared, of_good)
    if gate is not None and gate.kept is not None and prepared.splits:
        found, side = kept(prepared, prepared.flagged(), gate, asked)
    else:
        found, side = written(prepared, prepared.flagged(), folder, asked)
    row = found[0].row(0, named=True)
    groups = Grouped.none()
    if prepared.grouped or prepared.splits:
        groups = judge_groups(prepared, side, rows=row["rows"])
    if of_good:
        again = _without_late(prepared, groups, of_good)
        row |= (found[1] if again is None else again).row(0, named=True)
    if prepared.whole:
        prepared.given.outcome = _outcome(prepared, groups, side, rows=row["rows"], bad=row["bad"])
    values = []
    for number, question in enumerate(prepared.questions):
        name = f"a{number}"
        value = row[name] if name in row else groups.answer(question, prepared)
        values.append(question.finish(value) if question.finish else value)
    return values


def _asked(prepared: Pass, of_good: list[pl.Expr], rows: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Return what answers the questions about flagged rows, and about the good ones of them."""
    totals = [pl.len().alias("rows"), pl.col(BAD).sum().alias("bad"), *_answers(prepared)]
    good = [rows.filter(~pl.col(BAD)).select(of_good)] if of_good else []
    return [rows.select(totals), *good]


def _outcome(
    prepared: Pass, groups: Grouped, side: pl.LazyFrame, *, rows: int, bad: int
) -> Outcome:
    refusing = prepared.given.refusing
    late = groups.late(refusing)
    newly = 0
    if late.height:
        spoken = late.select("row").unique().lazy()
        good = side.filter(~pl.col("bad")).select("row")
        newly = good.join(spoken, on="row", how="semi").select(pl.len()).collect().item()
    flags = [
        (label, prepared.flags[key] if isinstance(prepared.rules[key], RowRule) else None)
        for key, label in refusing.items()
    ]
    return Outcome(rows, rows - bad, bad + newly, tuple(flags), late, groups.repeats)


def _of_good(prepared: Pass) -> list[pl.Expr]:
    """Return an aggregate for each question about the rows that are not refused."""
    return [
        question.expression.alias(f"a{number}")
        for number, question in enumerate(prepared.questions)
        if isinstance(question, Aggregate) and question.of_good
    ]


def _without_late(prepared: Pass, groups: Grouped, asked: list[pl.Expr]) -> pl.DataFrame | None:
    """Answer again without repeats and rows that grouped rules refuse; None where there are none.

    They are known only after the scan; a clean delivery is not read again.
    """
    late = groups.late(prepared.given.refusing)["row"]
    out = pl.concat([late, groups.repeats]).unique()
    if prepared.given.gate is None or not prepared.splits or out.is_empty():
        return None
    gate = prepared.given.gate
    good = gate.rows(gate.accepted).filter(~pl.col(gate.row).is_in(out.implode()))
    return good.select(asked).collect(engine="streaming")


def _answers(prepared: Pass) -> list[pl.Expr]:
    """Return an aggregate for each question about all rows that the scan itself answers."""
    answers = []
    for number, question in enumerate(prepared.questions):
        if isinstance(question, Aggregate):
            if not question.of_good:
                answers.append(question.expression.alias(f"a{number}"))
        elif question.what == "kept":
            spoken = question.rule.kept
            answers.append((pl.len() if spoken is None else spoken.sum()).alias(f"a{number}"))
        elif isinstance(question.rule, RowRule):
            flag = pl.col(prepared.flags[question.rule.key])
            answers.append(_over(flag, question).alias(f"a{number}"))
    return answers


def _over(flag: pl.Expr, ask: Ask) -> pl.Expr:
    if ask.what == "count":
        return flag.sum()
    if ask.what == "values":
        return ask.rule.shown.filter(flag).head(ask.limit).implode()
    return flag.arg_true().head(ask.limit).implode()
