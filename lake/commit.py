"""The commit: staged Parquet files become one version of a table, once for each action.

Collection, models and crossings all come through here, because delta-rs checks almost
nothing itself (no schema, no nulls, no repeats). Keep out: who may write, and what rows mean.
"""

from __future__ import annotations

import random
import time
import uuid
from dataclasses import dataclass
from typing import Any

from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, create_table_with_add_actions

from lake.change import Change, Committed, check_file, check_names, new_columns
from lake.columns import delta_schema
from lake.errors import LakeError
from lake.statistics import Footer, read_footer
from lake.store.place import Place, delta_options

FAILURES = 5  # failures of the store itself; a lost race does not count
# Old versions stay readable: releases and audits point at them. Clean-up is an act of its own.
CONFIGURATION = {"delta.checkpointInterval": "10", "delta.enableExpiredLogCleanup": "false"}


def open_table(place: Place, table: str) -> DeltaTable | None:
    """Open a table at its newest version; None when there is none."""
    try:
        return DeltaTable(f"{place.root}/{table}", storage_options=delta_options(place))
    except TableNotFoundError:
        return None
    except (DeltaError, OSError) as error:
        raise LakeError(f"{table}: cannot be opened: {_line(error)}") from error


def committed(place: Place, table: str, action: str) -> Committed | None:
    """Return the version in which an action was committed; None when it was not."""
    delta = open_table(place, table)
    return None if delta is None else _found(delta, action)


def commit(place: Place, change: Change) -> Committed:
    """Move staged files into a table in one transaction; a repeated action changes nothing."""
    done = committed(place, change.table, change.action)
    if done is not None:
        return done
    schema = delta_schema(change.schema, change.required)
    check_names(change)
    footers = [check_file(read_footer(path), change) for path in change.files]
    footers = [footer for footer in footers if footer.rows]
    attempt = _Attempt(change, schema, uuid.uuid4().hex, sum(f.rows for f in footers))
    adds = [_place(place, change.table, footer) for footer in footers]
    return _until_settled(place, attempt, adds)


@dataclass(frozen=True)
class _Attempt:
    change: Change
    schema: Schema
    id: str
    rows: int


def _until_settled(place: Place, attempt: _Attempt, adds: list[AddAction]) -> Committed:
    """Try until the action is in the log, by us or another, and never add it twice."""
    table, failures = attempt.change.table, 0
    while True:
        delta = open_table(place, table)
        done = None if delta is None else _found(delta, attempt.change.action)
        if delta is not None and done is not None:
            return _settle(place, attempt, adds, (delta, done))
        seen = -1 if delta is None else delta.version()
        try:
            return Committed(_transact(place, attempt, adds, delta), attempt.rows, False)
        except LakeError:
            _discard(place, table, adds)
            raise
        except (DeltaError, OSError) as error:
            failures += not _moved_on(place, table, seen)
            if failures >= FAILURES:
                # The files stay: a commit that timed out may still arrive and need them.
                raise LakeError(f"{table}: commit failed: {_line(error)}") from error
        time.sleep(random.uniform(0.005, 0.05) * (1 + 4 * failures))  # noqa: S311 - no secret


def _transact(
    place: Place, attempt: _Attempt, adds: list[AddAction], delta: DeltaTable | None
) -> int:
    change = attempt.change
    if delta is not None:
        delta = _ready(place, attempt, delta)
    version = 0 if delta is None else delta.version() + 1
    properties = _properties(attempt, version)
    if delta is None:
        create_table_with_add_actions(
            f"{place.root}/{change.table}",
            attempt.schema,
            adds,
            mode="error",
            configuration=CONFIGURATION,
            storage_options=delta_options(place),
            commit_properties=properties,
        )
    else:
        schema = attempt.schema if change.mode == "overwrite" else delta.schema()
        delta.create_write_transaction(
            [*adds], mode=change.mode, schema=schema, commit_properties=properties
        )
    return version


def _properties(attempt: _Attempt, version: int) -> CommitProperties:
    change = attempt.change
    ours = {"action": change.action, "rows": str(attempt.rows), "attempt": attempt.id}
    # No retries make the commit a compare-and-swap; the version it gets is therefore known and
    # kept in the application transaction, where it is found again without reading history.
    return CommitProperties(
        custom_metadata={**change.metadata, **ours},
        max_commit_retries=0,
        app_transactions=[Transaction(change.action, version)],
    )


def _ready(place: Place, attempt: _Attempt, delta: DeltaTable) -> DeltaTable:
    """Return the table with room for the change's columns."""
    table = attempt.change.table
    if delta.metadata().partition_columns:
        raise LakeError(f"{table}: is partitioned by another writer: drop it and build it anew")
    if attempt.change.mode == "overwrite":  # the transaction replaces the columns as well
        return delta
    added = new_columns(table, attempt.schema, delta.schema())
    if not added:
        return delta
    delta.alter.add_columns(added, commit_properties=CommitProperties(max_commit_retries=0))
    altered = open_table(place, table)
    if altered is None:
        raise LakeError(f"{table}: vanished while columns were added")
    return altered


def _place(place: Place, table: str, footer: Footer) -> AddAction:
    name = f"part-{uuid.uuid4().hex}.parquet"
    size = place.put(footer.path, f"{table}/{name}")
    if size != footer.size:
        raise LakeError(f"{table}: {name} has {size} of {footer.size} bytes: run again")
    return AddAction(name, size, {}, int(time.time() * 1000), True, footer.stats)


def _settle(
    place: Place, attempt: _Attempt, adds: list[AddAction], found: tuple[DeltaTable, Committed]
) -> Committed:
    """Tell our own commit whose answer was lost from another's; remove files nobody needs."""
    delta, done = found
    if _info(delta, done.version).get("attempt") == attempt.id:
        return Committed(done.version, done.rows, replayed=False)
    _discard(place, attempt.change.table, adds)
    return done


def _found(delta: DeltaTable, action: str) -> Committed | None:
    version = delta.transaction_version(action)
    if version is None:
        return None
    return Committed(version, int(_info(delta, version)["rows"]), replayed=True)


def _info(delta: DeltaTable, version: int) -> dict[str, Any]:
    """Return the commit metadata of a version; history comes newest first."""
    return delta.history(delta.version() - version + 1)[-1]


def _moved_on(place: Place, table: str, seen: int) -> bool:
    delta = open_table(place, table)
    return delta is not None and delta.version() > seen


def _discard(place: Place, table: str, adds: list[AddAction]) -> None:
    for add in adds:
        place.remove(f"{table}/{add.path}")


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
