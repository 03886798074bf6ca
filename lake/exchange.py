"""Exchange: the rows of one delivery give way to others, in one transaction.

Only the files that hold rows of it are written anew, found by their bounds and then by looking.
Keep out: which rows those are (flows).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import polars as pl

from catalog.schema import DELIVERY
from lake.errors import LakeError
from lake.slices import At, Slices, Stored, stored
from lake.store.place import object_options
from lake.tables import Lake
from lake.widened import widened


def exchange(
    lake: Lake,
    zone: str,
    name: str,
    *,
    delivery: str,
    files: Sequence[Path],
    metadata: Mapping[str, str],
    staging: Path,
) -> int:
    """Put staged files in the place of a delivery's rows; return the version that has them."""
    version = lake.version(zone, name)
    if version is None:
        raise LakeError(f"{zone}.{name}: no such table: nothing to exchange")
    at = At(zone, name, version)
    gone = _holding(lake, at, delivery)
    schema = dict(lake.scan(zone, name, version).collect_schema())
    others = _without(lake, at, delivery, gone, schema=schema, staging=staging)
    mine = [_shaped(path, schema, staging) for path in files]
    return lake.replace(
        zone,
        name,
        [*others, *mine],
        gone=[file.path for file in gone],
        onto=version,
        schema=schema,
        action=f"{delivery}:instead of version {version}",
        metadata=metadata,
    ).version


def _holding(lake: Lake, at: At, delivery: str) -> list[Stored]:
    """Return the files that hold rows of a delivery."""
    wanted = Slices(DELIVERY, (delivery,))
    may = [file for file in stored(lake, at, DELIVERY) if wanted.meet(file)]
    mine = pl.col(DELIVERY) == delivery
    return [
        file
        for file in may
        if wanted.cover(file)
        or _read(lake, at, [file]).filter(mine).select(pl.len()).collect().item()
    ]


def _without(
    lake: Lake,
    at: At,
    delivery: str,
    files: Collection[Stored],
    *,
    schema: Mapping[str, pl.DataType],
    staging: Path,
) -> list[Path]:
    """Write the rows of other deliveries that lie in the same files."""
    shared = [file for file in files if not Slices(DELIVERY, (delivery,)).cover(file)]
    if not shared:
        return []
    path = staging / f"others-{uuid.uuid4().hex}.parquet"
    rows = _read(lake, at, shared, schema).filter(pl.col(DELIVERY) != delivery)
    rows.sink_parquet(path, compression="zstd", maintain_order=True)
    return [path]


def _read(
    lake: Lake,
    at: At,
    files: Collection[Stored],
    schema: Mapping[str, pl.DataType] | None = None,
) -> pl.LazyFrame:
    return pl.scan_parquet(
        [f"{lake.uri(at.zone, at.name)}/{file.path}" for file in files],
        schema=None if schema is None else dict(schema),
        missing_columns="raise" if schema is None else "insert",  # from before it was there
        storage_options=object_options(lake.place) or None,
        glob=False,
    )


def _shaped(path: Path, schema: Mapping[str, pl.DataType], staging: Path) -> Path:
    """Return a file with all columns of the table; an older entry may have had fewer."""
    if dict(pl.read_parquet_schema(path)) == dict(schema):
        return path
    target = staging / f"shaped-{uuid.uuid4().hex}.parquet"
    widened(path, schema).sink_parquet(target)
    return target
