"""The rows after judgement: refused rows as they came, with reasons; good rows ready to commit.

Keep out: deciding which rows are refused (gx_polars) or whether the delivery passes (gate.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.schema import DELIVERY, ROW, RULES, SOURCE, cell, quarantine_schema, raw_schema
from quality.gx_polars.frame import Gate, Outcome

REFUSED = "delivery_refused"
FEW = 100_000  # rows that a filter picks while it reads; more are joined


def build_gate(entry: Entry, staging: Path) -> Gate:
    """Return how the rows of an entry's delivery are split."""
    items = [item.name for item in entry.items]
    text = _texts(entry)
    aside = {}
    for name in items:
        delivered = pl.col(cell(name))
        # Most texts were delivered as they are stored: keep only what differs.
        same = pl.col(name).eq_missing(delivered)
        aside[cell(name)] = pl.when(~same).then(delivered) if name in text else delivered
    return Gate(
        folder=staging,
        row=ROW,
        columns=tuple(raw_schema(entry)),
        aside=aside,
        key=entry.key,
        same=tuple(items),
        untyped={n: pl.when(pl.col(n).is_null()).then(pl.col(cell(n))) for n in items},
    )


@dataclass(frozen=True)
class Rows:
    """Rows where they belong once every rule has spoken; repeats are nowhere but counted."""

    entry: Entry
    gate: Gate
    outcome: Outcome
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
        rows = _without(pl.scan_parquet(self.gate.rejected), self.outcome.repeats)
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
            _no_source(),
        )

    def late(self) -> pl.LazyFrame:
        """Return rows that only grouped rules refuse, as they came."""
        reasons = self.refused_late.lazy().rename({"rules": RULES})
        rows = self._as_delivered(only=self.refused_late["row"])
        return rows.join(reasons, left_on=ROW, right_on="row", how="inner")

    def held(self) -> pl.LazyFrame:
        """Return the good rows, as they came, of a delivery that is refused as a whole."""
        reason = pl.concat_list(pl.lit(REFUSED)).alias(RULES)
        return _without(self._as_delivered(), self.out).with_columns(reason)

    def _as_delivered(self, only: pl.Series | None = None) -> pl.LazyFrame:
        """Join the rows of the accepted file with the text that was kept aside."""
        texts = _texts(self.entry)
        own = pl.scan_parquet(self.gate.accepted).select(ROW, DELIVERY, *texts)
        aside = pl.scan_parquet(self.gate.side).filter(~pl.col("bad"))
        aside = aside.select("row", *(cell(item.name) for item in self.entry.items))
        if only is not None and len(only) <= FEW:
            own, aside = own.filter(_among(ROW, only)), aside.filter(_among("row", only))
        cells = [
            pl.coalesce(cell(item.name), item.name) if item.name in texts else cell(item.name)
            for item in self.entry.items
        ]
        named = [pl.col(c) if isinstance(c, str) else c for c in cells]
        shown = [c.alias(item.name) for c, item in zip(named, self.entry.items, strict=True)]
        joined = own.join(aside, left_on=ROW, right_on="row", how="inner")
        return joined.select(*shown, DELIVERY, ROW, _no_source())


def sort_rows(entry: Entry, gate: Gate, outcome: Outcome) -> Rows:
    """Find where the rows belong that grouped rules spoke of."""
    refused = pl.scan_parquet(gate.rejected).select(row=ROW).collect().to_series()
    spoken = pl.concat([outcome.late["row"], outcome.repeats]).unique()
    out = spoken.filter(~spoken.is_in(refused.implode()))
    late = _reasons(outcome.late.join(out.to_frame(), on="row", how="semi"))
    repeated = outcome.repeats.filter(outcome.repeats.is_in(refused.implode())).len()
    return Rows(
        entry=entry,
        gate=gate,
        outcome=outcome,
        refused_late=late,
        out=out,
        refused=len(refused) - repeated + late.height,
        accepted=outcome.accepted - len(out),
    )


def write_accepted(rows: Rows) -> tuple[Path, ...]:
    """Return the files of good rows, written anew when grouped rules refused some of them."""
    if rows.accepted == 0:
        return ()
    if rows.out.is_empty():
        return (rows.gate.accepted,)
    target = rows.gate.folder / "accepted-judged.parquet"
    kept = _without(pl.scan_parquet(rows.gate.accepted), rows.out)
    kept.sink_parquet(target, compression="zstd")
    return (target,)


def write_quarantine(rows: Rows, parts: Sequence[pl.LazyFrame]) -> tuple[Path, ...]:
    """Write refused rows of all kinds into one file."""
    schema = quarantine_schema(rows.entry)
    shaped = [part.select(pl.col(n).cast(t) for n, t in schema.items()) for part in parts]
    target = rows.gate.folder / "quarantined.parquet"
    pl.concat(shaped).sink_parquet(target, compression="zstd")
    return (target,)


def malformed_rows(entry: Entry, malformed: pl.DataFrame, provenance: str) -> pl.LazyFrame:
    """Return records that are no rows, with their text as it came."""
    blank = [pl.lit(None, pl.String).alias(item.name) for item in entry.items]
    delivery = pl.lit(provenance).alias(DELIVERY)
    return malformed.lazy().select(*blank, delivery, ROW, RULES, SOURCE)


def _texts(entry: Entry) -> list[str]:
    return [item.name for item in entry.items if item.type in ("string", "code")]


def _reasons(late: pl.DataFrame) -> pl.DataFrame:
    return late.group_by("row", maintain_order=True).agg(
        rules=pl.col("rule").unique(maintain_order=True)
    )


def _no_source() -> pl.Expr:
    return pl.lit(None, pl.String).alias(SOURCE)


def _among(column: str, rows: pl.Series) -> pl.Expr:
    return pl.col(column).is_in(rows.implode())


def _without(rows: pl.LazyFrame, out: pl.Series) -> pl.LazyFrame:
    if len(out) <= FEW:
        return rows.filter(~_among(ROW, out)) if len(out) else rows
    return rows.join(out.to_frame("row").lazy(), left_on=ROW, right_on="row", how="anti")
