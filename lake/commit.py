"""The commit: staged Parquet files become one version of a table, once for each action.

Collection, models and crossings all come through here, because delta-rs checks almost
nothing itself (no repeats, no schema, no nulls). Keep out: what is refused (change).
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from lake.change import Change, Committed, check_file, check_fit, check_names, new_columns
from lake.columns import delta_schema
from lake.errors import LakeError
from lake.opened import put_aside, take
from lake.statistics import Footer, read_footer
from lake.store.place import Place, delta_options

FAILURES = 5  # of the store itself; a lost race does not count
# Old versions stay readable: releases and audits point at them. Clean-up is an act of its own.
CONFIGURATION = {"delta.checkpointInterval": "10", "delta.enableExpiredLogCleanup": "false"}


@dataclass(frozen=True)
class _Attempt:
    """One call of commit: what it wants, and the name by which it knows its own commit again."""

    change: Change
    schema: Schema
    footers: tuple[Footer, ...]
    id: str

    @property
    def rows(self) -> int:
        return sum(footer.rows for footer in self.footers)


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
    return _found(open_table(place, table), (action,))


def newest(place: Place, table: str) -> int:
    """Return the newest version of a table, which stays open for a commit; -1 without one."""
    delta = take(place, table) or open_table(place, table)
    if delta is not None:
        put_aside(place, table, delta)
    return _version(delta)


def columns(place: Place, table: str) -> frozenset[str]:
    """Return the names of a table's columns; none without one."""
    delta = take(place, table) or open_table(place, table)
    if delta is None:
        return frozenset()
    put_aside(place, table, delta)
    return frozenset(field.name for field in delta.schema().fields)


def info(delta: DeltaTable, version: int) -> dict[str, Any]:
    """Return the commit metadata of a version, empty when it is gone; history is newest first."""
    found = delta.history(delta.version() - version + 1)
    return found[-1] if found and found[-1].get("version") == version else {}


def commit(place: Place, change: Change) -> Committed:
    """Move staged files into a table in one transaction; a repeated action changes nothing."""
    delta = take(place, change.table) or open_table(place, change.table)
    known = change.absent_at is None or _version(delta) > change.absent_at
    done = (_found(delta, change.actions) if known else None) or _moved(place, change, delta)
    if delta is not None:
        put_aside(place, change.table, delta)
    return done


def _moved(place: Place, change: Change, delta: DeltaTable | None) -> Committed:
    attempt = _attempt(change)
    if delta is not None:
        check_fit(change, attempt.footers, delta)
    adds = [_place(place, change.table, footer) for footer in attempt.footers]
    return _until_settled(place, attempt, adds, delta)


def _attempt(change: Change) -> _Attempt:
    check_names(change)
    schema = delta_schema(change.schema, change.required)
    footers = [check_file(read_footer(path), change) for path in change.files]
    return _Attempt(change, schema, tuple(f for f in footers if f.rows), uuid.uuid4().hex)


def _place(place: Place, table: str, footer: Footer) -> AddAction:
    name = f"part-{uuid.uuid4().hex}.parquet"
    size = place.put(footer.path, f"{table}/{name}")
    if size != footer.size:
        raise LakeError(f"{table}: {name} has {size} of {footer.size} bytes: run again")
    return AddAction(name, size, {}, int(time.time() * 1000), True, footer.stats)


def _until_settled(
    place: Place, attempt: _Attempt, adds: list[AddAction], delta: DeltaTable | None
) -> Committed:
    """Try until the action is in the log, by us or another; never blindly a second time."""
    table, failures = attempt.change.table, 0
    while True:
        try:
            version = _transact(place, attempt, adds, delta)
            place.sync(f"{table}/_delta_log/{version:020}.json")
            return Committed(version, attempt.rows, replayed=False)
        except (DeltaError, OSError) as error:
            seen = delta
            delta = open_table(place, table)
            done = _found(delta, attempt.change.actions)
            if delta is not None and done is not None:
                return _settle(place, attempt, adds, (delta, done))
            failures += _version(delta) == _version(seen)
            if failures >= FAILURES:
                # The files stay: a commit that timed out may still arrive and need them.
                raise LakeError(f"{table}: commit failed: {_line(error)}") from error
        time.sleep(random.uniform(0.005, 0.05) * (1 + 4 * failures))  # noqa: S311 - no secret


def _transact(
    place: Place, attempt: _Attempt, adds: list[AddAction], delta: DeltaTable | None
) -> int:
    """Write the next version of the log, or fail; the version written is known beforehand."""
    change = attempt.change
    if delta is None and change.mode == "replace":
        raise LakeError(f"{change.table}: no such table to change: build it anew")
    if delta is None:
        create_table_with_add_actions(
            f"{place.root}/{change.table}",
            attempt.schema,
            adds,
            mode="error",
            configuration=CONFIGURATION,
            storage_options=delta_options(place),
            commit_properties=_properties(attempt, 0),
        )
        return 0
    check_fit(change, attempt.footers, delta)
    if change.mode == "append":
        delta = _widened(place, attempt, delta)
    # Overwriting replaces the columns in the same transaction.
    schema = attempt.schema if change.mode == "overwrite" else delta.schema()
    version = delta.version() + 1
    now = int(time.time() * 1000)
    delta.create_write_transaction(
        [*adds, *(RemoveAction(name, True, now, None, {}) for name in change.gone)],
        mode="overwrite" if change.mode == "overwrite" else "append",
        schema=schema,
        commit_properties=_properties(attempt, version),
    )
    return version


def _widened(place: Place, attempt: _Attempt, delta: DeltaTable) -> DeltaTable:
    """Return the table with the change's new columns; that is a version of its own."""
    table = attempt.change.table
    added = new_columns(table, attempt.schema, delta.schema())
    if not added:
        return delta
    delta.alter.add_columns(added, commit_properties=CommitProperties(max_commit_retries=0))
    widened = open_table(place, table)
    if widened is None:
        raise LakeError(f"{table}: vanished while columns were added")
    return widened


def _properties(attempt: _Attempt, version: int) -> CommitProperties:
    change = attempt.change
    ours = {"action": change.action, "rows": str(attempt.rows), "attempt": attempt.id}
    # No retries make the commit a compare-and-swap; so its version is known, and is kept in the
    # application transaction, where a rerun finds it without reading history.
    return CommitProperties(
        custom_metadata={**change.metadata, **ours},
        max_commit_retries=0,
        app_transactions=[Transaction(action, version) for action in change.actions],
    )


def _settle(
    place: Place, attempt: _Attempt, adds: list[AddAction], found: tuple[DeltaTable, Committed]
) -> Committed:
    """Tell our own commit whose answer was lost from another's; remove files nobody needs."""
    delta, done = found
    if info(delta, done.version).get("attempt") == attempt.id:
        return Committed(done.version, done.rows, replayed=False)
    for add in adds:
        place.remove(f"{attempt.change.table}/{add.path}")
    return done


def _found(delta: DeltaTable | None, actions: Sequence[str]) -> Committed | None:
    if delta is None:
        return None
    for action in actions:
        version = delta.transaction_version(action)
        if version is not None:
            return Committed(version, int(info(delta, version)["rows"]), replayed=True)
    return None


def _version(delta: DeltaTable | None) -> int:
    return -1 if delta is None else delta.version()


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
