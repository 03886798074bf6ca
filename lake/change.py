"""What a commit is asked to do, and what it refuses before a byte is moved.

delta-rs accepts files of another schema, nulls in required columns and changed types, and
readers break later: all of that ends here. Keep out: moving files, the transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

import polars as pl
from deltalake import DeltaTable, Schema
from deltalake.schema import Field

from lake.columns import delta_schema
from lake.errors import LakeError
from lake.statistics import Footer

Mode = Literal["append", "overwrite", "replace"]
RESERVED = {"timestamp", "operation", "operationParameters", "version", "action", "rows", "attempt"}


@dataclass(frozen=True)
class Change:
    """What is to become one version: files that are all of it, or added, or in place of others."""

    table: str  # zone/name
    files: Sequence[Path]
    schema: Mapping[str, pl.DataType]
    required: Sequence[str]  # columns that take no nulls
    action: str  # identity: committed once, whatever happens
    metadata: Mapping[str, str]
    mode: Mode
    gone: Sequence[str] = ()  # files of version `onto` that these replace
    onto: int | None = None
    along: Sequence[str] = ()  # further actions of the same transaction: all are in, or none
    absent_at: int | None = None  # version up to which none of the actions can be in the table

    @property
    def actions(self) -> tuple[str, ...]:
        """Return every action that the transaction stands for."""
        return (self.action, *self.along)


@dataclass(frozen=True)
class Committed:
    """A version of a table that holds an action; `replayed` when it was there before.

    Of several actions at once one that was there is enough: then nothing was written.
    """

    version: int
    rows: int
    replayed: bool


def check_names(change: Change) -> None:
    """Refuse metadata whose names belong to the commit itself."""
    taken = RESERVED & change.metadata.keys()
    if taken:
        raise LakeError(f"{change.table}: metadata may not be named {min(taken)}")


def check_file(footer: Footer, change: Change) -> Footer:
    """Refuse a file whose columns are not the change's, or that has nulls in required ones."""
    where = f"{change.table}: {footer.path.name}"
    for name in {**footer.columns, **change.schema}:
        has, wants = footer.columns.get(name), change.schema.get(name)
        if has != wants:
            raise LakeError(f"{where}: column {name} is {has} in the file, {wants} in the table")
    _check_nulls(footer, change.required, change.table)
    return footer


def check_fit(change: Change, footers: Sequence[Footer], delta: DeltaTable) -> None:
    """Refuse a change that the stored table cannot take."""
    if delta.metadata().partition_columns:
        raise LakeError(f"{change.table}: another writer partitioned it: drop it and build it anew")
    if change.mode == "overwrite":
        return
    stored = delta.schema()
    added = new_columns(change.table, delta_schema(change.schema, change.required), stored)
    if change.mode == "replace":
        _check_onto(change, delta, added)
    required = [field.name for field in stored.fields if not field.nullable]
    for footer in footers:
        _check_nulls(footer, required, change.table)


def new_columns(table: str, given: Schema, stored: Schema) -> list[Field]:
    """Return the columns to add to a stored schema; refuse what its readers could not follow."""
    now = {field.name: field for field in given.fields}
    for field in stored.fields:
        if field.name not in now:
            raise LakeError(
                f"{table}: column {field.name} is no longer given: keep it, or start a new table"
            )
        if now[field.name].type != field.type:
            kind = now[field.name].type
            raise LakeError(
                f"{table}: column {field.name} is {field.type}, but {kind} was given: "
                "keep its type, or give it another name"
            )
    known = {field.name for field in stored.fields}
    added = [field for field in given.fields if field.name not in known]
    for field in added:
        if not field.nullable:
            raise LakeError(
                f"{table}: new column {field.name} must take nulls: older rows have none"
            )
    return added


def _check_onto(change: Change, delta: DeltaTable, added: Sequence[Field]) -> None:
    """Refuse to replace files of another version than the one that was read: rows would double."""
    if delta.version() != change.onto:
        at = f"version {delta.version()} lies on version {change.onto}"
        raise LakeError(f"{change.table}: {at}, which was to be changed: build again")
    if added:
        raise LakeError(f"{change.table}: column {added[0].name} is new: build it anew")
    known = {unquote(uri).rpartition("/")[2] for uri in delta.file_uris()}
    if unknown := [name for name in change.gone if name not in known]:
        raise LakeError(f"{change.table}: file {unknown[0]} is not in the table: build again")


def _check_nulls(footer: Footer, required: Sequence[str], table: str) -> None:
    for name in required:
        if _nulls(footer, name):
            where = f"{table}: {footer.path.name}"
            raise LakeError(f"{where}: column {name} must not be null, but is in some rows")


def _nulls(footer: Footer, name: str) -> int:
    if name in footer.nulls:
        return footer.nulls[name]
    # A footer counts the leaves of lists and structs, not the lists and structs themselves.
    counted = pl.scan_parquet(footer.path).select(pl.col(name).null_count()).collect()
    return int(counted.item())
