"""Vacuum: files of a table that no version in need refers to, and their removal.

Files of commits that failed, and of versions that nobody reads any more. The log itself is
kept whole. Keep out: which versions are needed (flows know releases and crossings).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from lake import commit as commits
from lake.errors import LakeError
from lake.store.place import Lying, delta_options
from lake.tables import Lake

OURS = (".parquet", ".part")


@dataclass(frozen=True)
class Unneeded:
    """The files of a table that may go."""

    zone: str
    name: str
    files: tuple[str, ...]
    size: int  # bytes


def unneeded(
    lake: Lake, zone: str, name: str, *, needed: Iterable[int], before: dt.datetime
) -> Unneeded:
    """Return the files that the newest, the needed and the young versions do without.

    What was written after `before` stays: a commit under way may need it.
    """
    table = f"{zone}/{name}"
    delta = commits.open_table(lake.place, table)
    if delta is None:
        return Unneeded(zone, name, (), 0)
    old = [
        one
        for one in lake.place.files(table)
        if one.name.endswith(OURS) and one.written < before.timestamp()
    ]
    left = _without(old, _names(delta))
    if left:
        for version in sorted({*needed, *_young(delta, before)}):
            if left and version < delta.version():
                left = _without(left, _names(_at(lake, table, version)))
    return Unneeded(zone, name, tuple(one.name for one in left), sum(one.size for one in left))


def remove(lake: Lake, found: Unneeded) -> None:
    """Remove the files that were found to be unneeded."""
    for name in found.files:
        lake.place.remove(f"{found.zone}/{found.name}/{name}")


def _without(files: Collection[Lying], names: Collection[str]) -> list[Lying]:
    return [one for one in files if one.name not in names]


def _names(delta: DeltaTable) -> set[str]:
    """Return the names of the files of a version."""
    return {unquote(uri).rpartition("/")[2] for uri in delta.file_uris()}


def _young(delta: DeltaTable, before: dt.datetime) -> Iterable[int]:
    """Return versions that readers may have begun to read."""
    for info in delta.history():
        if info["timestamp"] < before.timestamp() * 1000:
            # It was the newest one until the version after it came.
            yield info["version"]
            return
        yield info["version"]


def _at(lake: Lake, table: str, version: int) -> DeltaTable:
    try:
        options = delta_options(lake.place)
        return DeltaTable(f"{lake.place.root}/{table}", version=version, storage_options=options)
    except (DeltaError, OSError) as error:
        said = " ".join(str(error).split())[:200]
        raise LakeError(f"{table} version {version}: needed, and cannot be read: {said}") from error
