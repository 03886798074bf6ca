"""Where the rows of a batch go while it is judged: into files on their way, or a few into memory.

Keep out: what is asked of the rows (passes.py), and where they belong in the end.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from quality.gx_polars.frame import Gate
from quality.gx_polars.grouped import side_columns
from quality.gx_polars.plan import RowRule
from quality.gx_polars.side import Side

if TYPE_CHECKING:
    from quality.gx_polars.passes import Pass

BAD = "__bad"
LEVEL = 1  # of zstd: 0.8 s of CPU less than 3 for ten million rows, and no larger
Plans = Sequence[pl.LazyFrame]  # of what is asked: of all rows, and of the good ones


def written(
    prepared: Pass, flagged: pl.LazyFrame, folder: Path, asked: Callable[[pl.LazyFrame], Plans]
) -> tuple[list[pl.DataFrame], pl.LazyFrame]:
    """Answer in one streaming scan that writes the rows into files; return also their numbers."""
    rows = flagged.cache()
    numbers = _beside(prepared, rows)
    side = Side(folder, pl.Schema() if numbers is None else numbers.collect_schema())
    plans = [*asked(rows), *_sinks(prepared, rows)]
    if numbers is not None:
        plans.append(numbers.sink_batches(side.take, lazy=True))
    return pl.collect_all(plans, engine="streaming"), side.frame()


def kept(
    prepared: Pass, flagged: pl.LazyFrame, gate: Gate, asked: Callable[[pl.LazyFrame], Plans]
) -> tuple[list[pl.DataFrame], pl.LazyFrame]:
    """Answer in memory, where the rows of a small batch stay; return also their numbers."""
    schema, rows, stay = prepared.given.frame.collect_schema(), flagged.collect(), gate.kept
    assert stay is not None
    bad = rows[BAD]
    stay[gate.accepted.name] = rows.select(gate.columns).filter(~bad)
    stay[gate.rejected.name] = rows.select(*schema, *_flags(prepared)).filter(bad)
    side = rows.select(_numbers(gate.row, side_columns(prepared.grouped, gate, schema)))
    return [plan.collect() for plan in asked(rows.lazy())], side.lazy()


def _beside(prepared: Pass, flagged: pl.LazyFrame) -> pl.LazyFrame | None:
    """Return the numbers that grouped rules read, beside their rows; None where there are none."""
    gate, schema = prepared.given.gate, prepared.given.frame.collect_schema()
    columns = side_columns(prepared.grouped, gate if prepared.splits else None, schema)
    return flagged.select(_numbers(prepared.row, columns)) if columns else None


def _sinks(prepared: Pass, flagged: pl.LazyFrame) -> list[pl.LazyFrame]:
    gate, schema = prepared.given.gate, prepared.given.frame.collect_schema()
    if gate is None or not prepared.splits:
        return []
    accepted = flagged.filter(~pl.col(BAD)).select(gate.columns)
    rejected = flagged.filter(BAD).select(*schema, *_flags(prepared))
    return [
        accepted.sink_parquet(
            gate.accepted,
            compression="zstd",
            compression_level=LEVEL,
            metadata=_said_of({name: schema[name] for name in gate.columns}),
            lazy=True,
        ),
        # For this process alone: plain and without statistics, a tenth of the pass less.
        rejected.map_batches(own_texts, streamable=True).sink_parquet(
            gate.rejected, compression="uncompressed", statistics=False, lazy=True
        ),
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


def _flags(prepared: Pass) -> list[str]:
    rules = prepared.rules
    refusing = prepared.given.refusing
    return [prepared.flags[key] for key in refusing if isinstance(rules[key], RowRule)]
