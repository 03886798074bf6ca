"""Compaction: small files of a table become larger ones, in one transaction that changes no row.

Files are joined in the order in which they came, so that the rows of a delivery stay together.
Keep out: which tables (flows), and removing files that nothing needs any more (vacuum).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from deltalake import CommitProperties, DeltaTable, Transaction
from deltalake.exceptions import DeltaError
from deltalake.transaction import AddAction, RemoveAction

from lake import commit as commits
from lake.errors import LakeError
from lake.statistics import read_footer
from lake.store.place import object_options
from lake.tables import Lake

SMALL, TARGET = 32 << 20, 256 << 20  # bytes


@dataclass(frozen=True)
class Compacted:
    """What one compaction did to a table."""

    version: int
    files_before: int
    files_after: int
    bytes_before: int
    bytes_after: int


@dataclass(frozen=True)
class _File:
    """A file of the table as the log knows it."""

    path: str
    size: int
    rows: int
    written: int


def compact(
    lake: Lake,
    zone: str,
    name: str,
    *,
    small: int = SMALL,
    target: int = TARGET,
    fewest: int = 2,
) -> Compacted | None:
    """Join the small files of a table; None when there are fewer than that."""
    delta = commits.open_table(lake.place, f"{zone}/{name}")
    if delta is None:
        raise LakeError(f"{zone}.{name}: no such table: nothing to compact")
    files = _files(delta)
    joinable = [one for one in files if one.size < small]
    groups = list(_groups(joinable, target)) if len(joinable) >= fewest else []
    if not groups:
        return None
    staging = lake.scratch / f"compact-{uuid.uuid4().hex}"
    staging.mkdir(parents=True)
    try:
        joined = [_join(lake, zone, name, group, staging=staging) for group in groups]
        adds = [_place(lake, f"{zone}/{name}", path) for path in joined]
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    gone = [one for group in groups for one in group]
    version = _transact(lake, f"{zone}/{name}", delta, adds=adds, gone=gone)
    return Compacted(
        version,
        len(files),
        len(files) - len(gone) + len(adds),
        sum(one.size for one in files),
        sum(one.size for one in files) - sum(g.size for g in gone) + sum(a.size for a in adds),
    )


def _files(delta: DeltaTable) -> list[_File]:
    """Return the files of a table's version in the order in which they came."""
    known = pl.DataFrame(delta.get_add_actions(flatten=True))
    if known.is_empty():
        return []
    columns = known.select("path", "size_bytes", "num_records", "modification_time")
    found = [_File(*row) for row in columns.iter_rows()]
    return sorted(found, key=lambda one: (one.written, one.path))


def _groups(files: Sequence[_File], target: int) -> Iterator[list[_File]]:
    """Gather files that follow each other up to the size of one; a single file is left alone."""
    group: list[_File] = []
    for one in files:
        if group and sum(each.size for each in group) + one.size > target:
            yield from [group] if len(group) > 1 else []
            group = []
        group.append(one)
    yield from [group] if len(group) > 1 else []


def _join(lake: Lake, zone: str, name: str, group: Sequence[_File], *, staging: Path) -> Path:
    """Write the rows of some files into one, in their order."""
    path = staging / f"{uuid.uuid4().hex}.parquet"
    rows = pl.scan_parquet(
        [f"{lake.uri(zone, name)}/{one.path}" for one in group],
        schema=dict(lake.scan(zone, name).collect_schema()),
        missing_columns="insert",  # a file from before the column was there
        storage_options=object_options(lake.place) or None,
        glob=False,
    )
    try:
        rows.sink_parquet(path, compression="zstd", maintain_order=True)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise LakeError(f"{zone}.{name}: cannot be read to be compacted: {error}") from error
    return path


def _place(lake: Lake, table: str, path: Path) -> AddAction:
    footer = read_footer(path)
    key = f"part-{uuid.uuid4().hex}.parquet"
    size = lake.place.put(path, f"{table}/{key}")
    return AddAction(key, size, {}, int(time.time() * 1000), False, footer.stats)


def _transact(
    lake: Lake, table: str, delta: DeltaTable, *, adds: list[AddAction], gone: list[_File]
) -> int:
    """Exchange the files in one version of the log, if no other commit came in between."""
    action = "compact-" + hashlib.sha256("\n".join(g.path for g in gone).encode()).hexdigest()[:20]
    version = delta.version() + 1
    now = int(time.time() * 1000)
    removes = [RemoveAction(one.path, False, now, one.size, {}) for one in gone]
    rows = sum(one.rows for one in gone)
    _check_rows(table, adds, rows)
    try:
        delta.create_write_transaction(
            [*removes, *adds],
            mode="append",
            schema=delta.schema(),
            commit_properties=CommitProperties(
                custom_metadata={"action": action, "rows": "0", "compacted": str(len(gone))},
                max_commit_retries=0,
                app_transactions=[Transaction(action, version)],
            ),
        )
    except (DeltaError, OSError) as error:
        done = commits.committed(lake.place, table, action)
        if done is None:
            for add in adds:
                lake.place.remove(f"{table}/{add.path}")
            said = " ".join(str(error).split())[:200]
            raise LakeError(f"{table}: not compacted, run again: {said}") from error
        version = done.version
    lake.place.sync(f"{table}/_delta_log/{version:020}.json")
    return version


def _check_rows(table: str, adds: Sequence[AddAction], rows: int) -> None:
    made = sum(json.loads(add.stats)["numRecords"] for add in adds)
    if made != rows:
        raise LakeError(
            f"{table}: {made} rows were joined of {rows}: nothing is changed, verify it"
        )
