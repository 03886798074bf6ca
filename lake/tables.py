"""The lake: Delta tables addressed by zone, name and version.

Keep out: SQL (engine), what a commit guards against (commit), where bytes lie (store).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import polars as pl
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from lake import commit as commits
from lake.change import Change, Committed, Mode
from lake.errors import LakeError
from lake.store.archive import Archive
from lake.store.place import Place, S3Credentials, object_options, open_place

GLOB = set("*?[]")


@dataclass(frozen=True)
class Lake:
    """Tables at `{root}/{zone}/{name}`, the archive of delivered bytes, and room to work."""

    place: Place
    archive: Archive
    scratch: Path

    def uri(self, zone: str, name: str) -> str:
        """Return the path or URL of a table."""
        return f"{self.place.root}/{zone}/{name}"

    def version(self, zone: str, name: str) -> int | None:
        """Return the newest version of a table; None when there is none."""
        table = commits.open_table(self.place, f"{zone}/{name}")
        return None if table is None else table.version()

    def columns(self, zone: str, name: str) -> frozenset[str]:
        """Return the names of a table's columns; none without a table."""
        return commits.columns(self.place, f"{zone}/{name}")

    def exists(self, zone: str, name: str) -> bool:
        """Tell whether there is such a table."""
        return self.version(zone, name) is not None

    def said(self, zone: str, name: str, version: int) -> Mapping[str, Any]:
        """Return what the commit of a version keeps of itself; empty where the log was cleaned."""
        table = commits.open_table(self.place, f"{zone}/{name}")
        return {} if table is None else commits.info(table, version)

    def scan(self, zone: str, name: str, version: int | None = None) -> pl.LazyFrame:
        """Return the rows of a table, newest or of a version, as a lazy frame."""
        options = object_options(self.place)
        try:
            table = _Readable(self.uri(zone, name), version=version, storage_options=options)
        except (DeltaError, OSError) as error:
            at = "" if version is None else f" version {version}"
            raise LakeError(f"{zone}.{name}{at}: cannot be read: {error}") from error
        return pl.scan_delta(table)

    def tables(self) -> tuple[tuple[str, str], ...]:
        """Return (zone, name) of every table."""
        return tuple(
            (zone, name)
            for zone in self.place.folders("")
            if not zone.startswith("_")  # the archive's 256 folders, in the same bucket
            for name in self.place.folders(zone)
            if "_delta_log" in self.place.folders(f"{zone}/{name}")
        )

    def commit(  # noqa: PLR0913 - the nouns of one change, by keyword
        self,
        zone: str,
        name: str,
        files: Sequence[Path],
        *,
        schema: Mapping[str, pl.DataType],
        action: str,
        metadata: Mapping[str, str],
        mode: Mode = "append",
        required: Sequence[str] = (),
        along: Sequence[str] = (),
        absent_at: int | None = None,
    ) -> Committed:
        """Move staged Parquet files into a table in one transaction, once for each action.

        It may stand for further actions `along`; none of them is looked for up to `absent_at`.
        """
        change = Change(
            table=f"{zone}/{name}",
            files=files,
            schema=schema,
            required=required,
            action=action,
            metadata=metadata,
            mode=mode,
            along=along,
            absent_at=absent_at,
        )
        return commits.commit(self.place, change)

    def replace(  # noqa: PLR0913 - as commit, and what goes
        self,
        zone: str,
        name: str,
        files: Sequence[Path],
        *,
        gone: Sequence[str],
        onto: int,
        schema: Mapping[str, pl.DataType],
        action: str,
        metadata: Mapping[str, str],
        required: Sequence[str] = (),
    ) -> Committed:
        """Put staged files in the place of files of the newest version, in one transaction."""
        change = Change(
            table=f"{zone}/{name}",
            files=files,
            schema=schema,
            required=required,
            action=action,
            metadata=metadata,
            mode="replace",
            gone=gone,
            onto=onto,
        )
        return commits.commit(self.place, change)

    def newest(self, zone: str, name: str) -> int:
        """Return the newest version, which stays open for a commit; -1 for a table not there."""
        return commits.newest(self.place, f"{zone}/{name}")

    def committed(self, zone: str, name: str, action: str) -> int | None:
        """Return the version in which an action was committed; None when it was not."""
        done = commits.committed(self.place, f"{zone}/{name}", action)
        return None if done is None else done.version


class _Readable(DeltaTable):
    """A table whose files Polars finds although its path holds a space or 中文."""

    def file_uris(self, *filters: Any, **more: Any) -> list[str]:  # noqa: ANN401 - handed on
        """Return the files' paths as they are: delta-rs gives them percent-encoded."""
        return [unquote(uri) for uri in super().file_uris(*filters, **more)]


def open_lake(
    url: str,
    *,
    archive: str,
    scratch: Path,
    credentials: S3Credentials | None,
    probe: bool = True,
) -> Lake:
    """Open the lake at a path or `s3://bucket/prefix`; refuse a store that could lose commits.

    Pass `probe=False` for commands that only read.
    """
    if GLOB & set(url):
        raise LakeError(f"{url}: the lake's path may not hold * ? [ or ]: readers expand them")
    scratch.mkdir(parents=True, exist_ok=True)
    place = open_place(url, credentials)
    if probe and credentials is not None and place.credentials is not None:
        _refuse_unfit(url, credentials)
    return Lake(place, Archive(open_place(archive, credentials), scratch), scratch)


def _refuse_unfit(url: str, credentials: S3Credentials) -> None:
    from lake.store.fitness import probe as probe_store  # needs minio

    fitness = probe_store(url, credentials)
    if fitness.verdict != "safe":
        raise LakeError(f"{url}: unfit for concurrent writers ({fitness.verdict}): {fitness.why}")
