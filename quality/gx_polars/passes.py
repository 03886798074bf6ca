"""The pass: all row rules, all aggregates and all sinks of one batch in one streaming scan.

Keep out: Great Expectations, and rules that need several rows (grouped.py).
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from quality.gx_polars.frame import GateFrame, Outcome, RuleKey
from quality.gx_polars.grouped import Grouped, judge_groups, side_columns
from quality.gx_polars.lookups import look_up
from quality.gx_polars.plan import Aggregate, Ask, Question, RowRule, Rule

ROW, BAD = "__row", "__bad"
LEVEL = 1  # of zstd: 0.8 s of CPU less than 3 for ten million rows, and no larger


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
            sources = [pl.scan_parquet(gate.accepted), pl.scan_parquet(gate.rejected)]
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
    flagged = prepared.flagged().cache()
    totals = [pl.len().alias("rows"), pl.col(BAD).sum().alias("bad"), *_answers(prepared)]
    side = folder / "side.parquet"
    of_good = _of_good(prepared)
    good = [flagged.filter(~pl.col(BAD)).select(of_good)] if of_good else []
    plans = [flagged.select(totals), *good, *_sinks(prepared, flagged, side)]
    found = pl.collect_all(plans, engine="streaming")
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


def _outcome(prepared: Pass, groups: Grouped, side: Path, *, rows: int, bad: int) -> Outcome:
    refusing = prepared.given.refusing
    late = groups.late(refusing)
    newly = 0
    if late.height:
        spoken = late.select("row").unique().lazy()
        good = pl.scan_parquet(side).filter(~pl.col("bad")).select("row")
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
    kept = pl.scan_parquet(gate.accepted).filter(~pl.col(gate.row).is_in(out.implode()))
    return kept.select(asked).collect(engine="streaming")


def _answers(prepared: Pass) -> list[pl.Expr]:
    """Return an aggregate for each question about all rows that the scan itself answers."""
    answers = []
    for number, question in enumerate(prepared.questions):
        if isinstance(question, Aggregate):
            if not question.of_good:
                answers.append(question.expression.alias(f"a{number}"))
        elif question.what == "kept":
            kept = question.rule.kept
            answers.append((pl.len() if kept is None else kept.sum()).alias(f"a{number}"))
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


def _sinks(prepared: Pass, flagged: pl.LazyFrame, side: Path) -> list[pl.LazyFrame]:
    gate, schema = prepared.given.gate, prepared.given.frame.collect_schema()
    columns = side_columns(prepared.grouped, gate if prepared.splits else None, schema)
    if gate is None or not prepared.splits:
        if not columns:
            return []
        return [_scratch(flagged.select(_numbers(prepared.row, columns)), side)]
    good = ~pl.col(BAD)
    rules = prepared.rules
    flags = [prepared.flags[k] for k in prepared.given.refusing if isinstance(rules[k], RowRule)]
    accepted = flagged.filter(good).select(gate.columns)
    return [
        accepted.sink_parquet(
            gate.accepted,
            compression="zstd",
            compression_level=LEVEL,
            metadata=_said_of({name: schema[name] for name in gate.columns}),
            lazy=True,
        ),
        _scratch(
            flagged.filter(BAD).select(*schema, *flags).map_batches(own_texts, streamable=True),
            gate.rejected,
        ),
        _scratch(flagged.select(_numbers(gate.row, columns)), side),
    ]


def _said_of(columns: Mapping[str, pl.DataType]) -> dict[str, str]:
    """Return the file's metadata: enums, cheap to write as dictionaries, are texts to readers."""
    texts = [(n, pl.String() if isinstance(t, pl.Enum) else t) for n, t in columns.items()]
    return {"ARROW:schema": _arrow(tuple(texts))}


@lru_cache
def _arrow(columns: tuple[tuple[str, pl.DataType], ...]) -> str:
    schema = pl.DataFrame(schema=dict(columns)).to_arrow().schema
    return base64.b64encode(schema.serialize()).decode()


def own_texts(rows: pl.DataFrame) -> pl.DataFrame:
    """Copy the texts of few rows out, or they hold the buffers of all rows until they are written.

    At one refused row in a thousand that was the whole delivery.
    """
    old = pl.CompatLevel.oldest()
    own = [pl.Series(s.name, s.to_arrow(compat_level=old)) for s in rows if s.dtype == pl.String]
    return rows.with_columns(own)


def _numbers(row: str, columns: Mapping[str, pl.Expr]) -> list[pl.Expr]:
    own = {"row": pl.col(row).cast(pl.Int64), "bad": pl.col(BAD)}
    return [expression.alias(name) for name, expression in {**own, **columns}.items()]


def _scratch(frame: pl.LazyFrame, path: Path) -> pl.LazyFrame:
    """Write rows for this process alone: plain and without statistics, a tenth of the pass less."""
    return frame.sink_parquet(path, compression="uncompressed", statistics=False, lazy=True)
