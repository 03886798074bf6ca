"""Which deliveries of a table share a key: only their rows have to be ranked when they are read.

Only files are read whose bounds let them hold a key of the new deliveries: of daily readings
those of the same days. Keep out: which row of a key counts (views.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from catalog.schema import DELIVERY
from lake.slices import At, open_at
from lake.store.place import object_options
from lake.tables import Lake

MOST = 20_000_000  # rows that are looked through after a collection; more are ranked when read
BOUNDED = (pl.String, pl.Date, pl.Int64)  # kinds of columns whose bounds in the log are compared


def repeated(lake: Lake, at: At, key: Sequence[str], new: Collection[str]) -> frozenset[str] | None:
    """Return the deliveries whose rows share keys of new ones, these too; None if that is much."""
    files = pl.DataFrame(open_at(lake, at).get_add_actions(flatten=True))
    if files.is_empty():
        return frozenset()
    low, high = (pl.col(f"{kind}.{DELIVERY}") for kind in ("min", "max"))
    own = pl.any_horizontal([(low <= one) & (high >= one) for one in new] or [pl.lit(value=False)])
    mine = files.filter(own.fill_null(value=True))
    if mine["num_records"].sum() > MOST:
        return None
    keys = _read(lake, at, mine, key).filter(pl.col(DELIVERY).is_in(list(new)))
    near = files.filter(*_bounds(keys, key, files))
    if near["num_records"].sum() > MOST:
        return None
    wanted = keys.select(key).unique()
    rows = _read(lake, at, near, key).join(wanted, on=list(key), how="semi")
    several = rows.group_by(key).len("rows").filter(pl.col("rows") > 1).select(key)
    sharing = rows.join(several, on=list(key), how="semi").select(DELIVERY).unique()
    return frozenset(sharing.collect(engine="streaming")[DELIVERY])


def _bounds(keys: pl.LazyFrame, key: Sequence[str], files: pl.DataFrame) -> list[pl.Expr]:
    """Return what the bounds of a file must be that it may hold one of the keys."""
    schema = keys.collect_schema()
    told = [
        name
        for name in key
        if schema[name] in BOUNDED and {f"min.{name}", f"max.{name}"} <= set(files.columns)
    ]
    ends = keys.select(
        *(pl.col(name).min().alias(f"min.{name}") for name in told),
        *(pl.col(name).max().alias(f"max.{name}") for name in told),
    ).collect(engine="streaming")
    return [
        (
            (pl.col(f"min.{name}") <= ends[f"max.{name}"][0])
            & (pl.col(f"max.{name}") >= ends[f"min.{name}"][0])
        ).fill_null(value=True)
        for name in told
    ]


def _read(lake: Lake, at: At, files: pl.DataFrame, key: Sequence[str]) -> pl.LazyFrame:
    schema = lake.scan(at.zone, at.name, at.version).collect_schema()
    if files.is_empty():
        return pl.LazyFrame(schema={name: schema[name] for name in (DELIVERY, *key)})
    return pl.scan_parquet(
        [f"{lake.uri(at.zone, at.name)}/{path}" for path in files["path"]],
        schema=dict(schema),
        missing_columns="insert",
        storage_options=object_options(lake.place) or None,
        glob=False,
    ).select(DELIVERY, *key)
