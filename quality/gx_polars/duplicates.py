"""Rows that share a key: exact repeats, and keys that are not unique.

Hashes find the few candidates, values decide, so a clean batch is never read again.
Keep out: series in time (series.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from quality.gx_polars.frame import Gate
from quality.gx_polars.plan import UniqueRule

if TYPE_CHECKING:
    from quality.gx_polars.passes import Pass

PART = 16_000_000  # hashes looked through at once: 128 MB
FEW = 200_000  # hashes that are sorted in the time that numba takes to be there
SMALL_PART = 1_000_000  # candidate rows compared at once


def repeat_name(gate: Gate) -> str:
    """Return the side column with the hash that exact repeats share."""
    return _name(gate.key or gate.same, not gate.key, "")


def unique_name(rule: UniqueRule) -> str:
    """Return the side column with the hash that a uniqueness rule speaks of."""
    return _name(rule.columns, rule.nulls_equal, "" if rule.scope is None else rule.key[1])


def _name(columns: tuple[str, ...], nulls_equal: bool, scope: str) -> str:
    return f"key_{'+'.join(columns)}{'=' if nulls_equal else ''}{scope}"


def candidates(side: pl.LazyFrame, column: str, *, rows: int) -> pl.DataFrame:
    """Return row and hash of all rows that share their hash with another."""
    parts = max(1, -(-rows // PART))
    shared = []
    for part in range(parts):
        hashes = side.select(column)
        if parts > 1:
            hashes = hashes.filter(pl.col(column) % parts == part)
        # What is in memory already is not copied by the other engine.
        held = hashes.collect(engine="streaming" if parts > 1 else "in-memory")[column]
        shared.append(_twice(held.drop_nulls() if held.null_count() else held))
    twice = pl.concat(shared)
    if twice.is_empty():
        return pl.DataFrame(schema={"row": pl.Int64, "hash": pl.UInt64})
    found = side.select("row", hash=column).join(
        twice.to_frame("hash").lazy(), on="hash", how="semi"
    )
    return found.collect(engine="streaming")


def _twice(hashes: pl.Series) -> pl.Series:
    """Return each hash that occurs more than once."""
    if len(hashes) > FEW:
        from quality.gx_polars.twice import twice

        return twice(hashes)
    ordered = hashes.sort()
    return ordered.filter(ordered == ordered.shift(1)).unique()


def _parts(found: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Cut candidates so that rows with one hash stay together."""
    parts = max(1, -(-found.height // SMALL_PART))
    for part in range(parts):
        yield found.filter(pl.col("hash") % parts == part).select("row")


def exact_repeats(gate: Gate, found: pl.DataFrame) -> pl.Series:
    """Return all but the first of the rows that are the same in every column that counts."""
    repeats = [pl.Series("row", [], pl.Int64)]
    extra = list(gate.untyped)
    for rows in _parts(found) if found.height else ():
        good = _pick(gate.rows(gate.accepted), gate.row, rows)
        bad = _pick(gate.rows(gate.rejected), gate.row, rows)
        bad = bad.with_columns(e.alias(f"untyped_{name}") for name, e in gate.untyped.items())
        same = [*gate.same, *(f"untyped_{name}" for name in extra)]
        both = pl.concat(
            [good.select(gate.row, *gate.same), bad.select(gate.row, *same)], how="diagonal"
        )
        later = pl.col(gate.row) != pl.col(gate.row).min().over(same)
        repeats.append(
            both.filter(later).select(row=pl.col(gate.row).cast(pl.Int64)).collect()["row"]
        )
    return pl.concat(repeats)


def _pick(scan: pl.LazyFrame, row: str, rows: pl.DataFrame) -> pl.LazyFrame:
    return scan.join(rows.lazy(), left_on=row, right_on="row", how="semi")


def sharing(prepared: Pass, rule: UniqueRule, found: pl.DataFrame, repeats: pl.Series) -> pl.Series:
    """Return the rows that share these columns' values with another row, repeats left out."""
    failing = [pl.Series("row", [], pl.Int64)]
    if repeats.len():
        found = found.join(repeats.to_frame(), on="row", how="anti")
    for rows in _parts(found) if found.height else ():
        values = prepared.rows(rows, rule.columns)
        twice = values.filter(pl.len().over(list(rule.columns)) > 1)
        failing.append(twice.collect()["row"])
    return pl.concat(failing)
