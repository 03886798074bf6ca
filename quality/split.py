"""The rows after judgement: refused rows as they came, with reasons; good rows ready to commit.

Keep out: deciding which rows are refused (gx_polars) or whether the delivery passes (gate.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.schema import (
    DELIVERY,
    PROPOSAL,
    ROW,
    RULES,
    SOURCE,
    cell,
    quarantine_schema,
    raw_schema,
)
from quality.gx_polars.frame import Gate, GateFrame, Outcome

REFUSED = "delivery_refused"
NO_ROWS = pl.Series("row", [], pl.Int64)
NO_REASONS = pl.DataFrame(schema={"row": pl.Int64, "rules": pl.List(pl.String)})
FEW = 100_000  # rows that a filter picks while it reads; more are joined


def build_gate(
    entry: Entry, staging: Path, *, repeats: bool = True, in_memory: bool = False
) -> Gate:
    """Return how the rows of an entry's delivery are split."""
    items = [item.name for item in entry.items]
    return Gate(
        folder=staging,
        row=ROW,
        columns=tuple(raw_schema(entry)),
        key=entry.key,
        same=tuple(items),
        repeats=repeats and not entry.quality.trust_key,
        kept={} if in_memory else None,
        untyped={n: pl.when(pl.col(n).is_null()).then(pl.col(cell(n))) for n in items},
    )


@dataclass(frozen=True)
class Rows:
    """Rows where they belong once every rule has spoken; repeats are nowhere but counted."""

    entry: Entry
    gate: Gate
    outcome: Outcome
    delivered: pl.LazyFrame  # what was judged
    refused_at_once: pl.Series  # rows of the rejected file
    refused_late: pl.DataFrame  # row, rules: rows of the accepted file
    out: pl.Series  # rows of the accepted file that are not accepted
    refused: int
    accepted: int

    @property
    def repeats(self) -> int:
        """Return how many rows are exact repeats of an earlier one."""
        return len(self.outcome.repeats)

    def rejected(self) -> pl.LazyFrame:
        """Return rows that row rules refuse, with the reasons of grouped rules too."""
        late = _reasons(self.outcome.late).lazy().rename({"rules": "more"})
        rows = _without(self.gate.rows(self.gate.rejected), self.outcome.repeats)
        rows = rows.join(late, left_on=ROW, right_on="row", how="left")
        broken = [
            pl.when(pl.col("more").list.contains(label) if flag is None else flag).then(
                pl.lit(label)
            )
            for label, flag in self.outcome.flags
        ]
        reasons = pl.concat_list(broken or [pl.lit(None, pl.String)]).list.drop_nulls()
        cells = [pl.col(cell(item.name)).alias(item.name) for item in self.entry.items]
        return rows.select(
            *cells,
            DELIVERY,
            ROW,
            reasons.list.unique(maintain_order=True).alias(RULES),
            _none(SOURCE),
            _none(PROPOSAL),
        )

    def late(self) -> pl.LazyFrame:
        """Return rows that only grouped rules refuse, as they came."""
        reasons = self.refused_late.lazy().rename({"rules": RULES})
        rows, wanted = self._as_delivered(), self.refused_late["row"]
        if len(wanted) <= FEW:
            rows = rows.filter(_among(ROW, wanted))
        return rows.join(reasons, left_on=ROW, right_on="row", how="inner")

    def held(self) -> pl.LazyFrame:
        """Return the good rows, as they came, of a delivery that is refused as a whole."""
        reason = pl.concat_list(pl.lit(REFUSED)).alias(RULES)
        bad = pl.concat([self.refused_at_once, self.out])
        return _without(self._as_delivered(), bad).with_columns(reason)

    def _as_delivered(self) -> pl.LazyFrame:
        """Read the delivery once more: to keep every cell by for the few would cost the many."""
        cells = [pl.col(cell(item.name)).alias(item.name) for item in self.entry.items]
        none = (_none(SOURCE), _none(PROPOSAL))
        return self.delivered.select(*cells, DELIVERY, ROW, *none)


def sort_rows(entry: Entry, batch: GateFrame, gate: Gate, outcome: Outcome) -> Rows:
    """Find where the rows belong that grouped rules spoke of."""
    refused, repeated, late = NO_ROWS, 0, NO_REASONS
    if outcome.accepted < outcome.rows:
        refused = gate.rows(gate.rejected).select(row=ROW).collect().to_series()
    out = pl.concat([outcome.late["row"], outcome.repeats])
    if len(out):
        spoken = out.unique()
        out = spoken.filter(~spoken.is_in(refused.implode()))
        late = _reasons(outcome.late.join(out.to_frame(), on="row", how="semi"))
        repeated = outcome.repeats.filter(outcome.repeats.is_in(refused.implode())).len()
    return Rows(
        entry=entry,
        gate=gate,
        outcome=outcome,
        delivered=batch.frame,
        refused_at_once=refused,
        refused_late=late,
        out=out,
        refused=len(refused) - repeated + late.height,
        accepted=outcome.accepted - len(out),
    )


def write_accepted(rows: Rows) -> tuple[Path, ...]:
    """Return the files of good rows, written anew when grouped rules refused some of them."""
    if rows.accepted == 0 or rows.gate.kept is not None:
        return ()
    if rows.out.is_empty():
        return (rows.gate.accepted,)
    target = rows.gate.folder / "accepted-judged.parquet"
    kept = _without(rows.gate.rows(rows.gate.accepted), rows.out)
    kept.sink_parquet(target, compression="zstd")
    return (target,)


def kept_rows(rows: Rows) -> pl.DataFrame | None:
    """Return the good rows of a delivery whose rows stay in memory."""
    if rows.accepted == 0 or rows.gate.kept is None:
        return None
    kept = _without(rows.gate.rows(rows.gate.accepted), rows.out)
    return kept.cast({DELIVERY: pl.String}).collect()


def write_quarantine(rows: Rows, parts: Sequence[pl.LazyFrame]) -> tuple[Path, ...]:
    """Write refused rows of all kinds into one file."""
    schema = quarantine_schema(rows.entry)
    shaped = [part.select(pl.col(n).cast(t) for n, t in schema.items()) for part in parts]
    target = rows.gate.folder / "quarantined.parquet"
    pl.concat(shaped).sink_parquet(target, compression="zstd")
    return (target,)


def malformed_rows(entry: Entry, malformed: pl.DataFrame, provenance: str) -> pl.LazyFrame:
    """Return records that are no rows, with their text as it came."""
    has = set(malformed.columns)  # the cells of rows that were set aside unjudged
    cells = [pl.col(i.name) if i.name in has else _none(i.name) for i in entry.items]
    delivery = pl.lit(provenance).alias(DELIVERY)
    bare = malformed if PROPOSAL in malformed.columns else malformed.with_columns(_none(PROPOSAL))
    return bare.lazy().select(*cells, delivery, ROW, RULES, SOURCE, PROPOSAL)


def _reasons(late: pl.DataFrame) -> pl.DataFrame:
    return late.group_by("row", maintain_order=True).agg(
        rules=pl.col("rule").unique(maintain_order=True)
    )


def _none(column: str) -> pl.Expr:
    return pl.lit(None, pl.String).alias(column)


def _among(column: str, rows: pl.Series) -> pl.Expr:
    return pl.col(column).is_in(rows.implode())


def _without(rows: pl.LazyFrame, out: pl.Series) -> pl.LazyFrame:
    if len(out) <= FEW:
        return rows.filter(~_among(ROW, out)) if len(out) else rows
    return rows.join(out.to_frame("row").lazy(), left_on=ROW, right_on="row", how="anti")
