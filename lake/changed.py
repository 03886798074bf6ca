"""Which slices of a table changed: by its deliveries, or between two of its versions.

The cost is that of the rows that changed, not of the table. Keep out: what is to be built.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import duckdb

from catalog.schema import DELIVERY
from lake.engine import session
from lake.errors import LakeError
from lake.slices import At, Slices, Stored, Value, files_sql, stored
from lake.tables import Lake
from lake.text import identifier


def values_of(lake: Lake, at: At, column: str, *, deliveries: Collection[str]) -> tuple[Value, ...]:
    """Return the values of a column in the rows of some deliveries of a raw table."""
    wanted = Slices(DELIVERY, tuple(sorted(deliveries)))
    files = [f for f in stored(lake, at, DELIVERY) if wanted.meet(f)]
    if not files:
        return ()
    source = files_sql(lake, at, files)
    return _distinct(lake, column, f"from {source} where {wanted.condition}")


def changed_values(
    lake: Lake, zone: str, name: str, column: str, *, before: int, after: int, share: float
) -> tuple[Value, ...] | None:
    """Return the values in rows that only one of two versions has.

    None when that cannot be told (a version or a file of it is gone) or more than a share of the
    rows is in files that differ. Works backwards too, as after a release was rolled back.
    """
    try:
        older, newer = At(zone, name, before), At(zone, name, after)
        old, new = stored(lake, older, column), stored(lake, newer, column)
        gone = [file for file in old if file not in new]
        came = [file for file in new if file not in old]
        if max(_rows(gone), _rows(came)) > share * max(_rows(old), _rows(new)):
            return None
        return _differing(lake, newer, column, gone=gone, came=came)
    except LakeError:
        return None


def _differing(
    lake: Lake, at: At, column: str, *, gone: Sequence[Stored], came: Sequence[Stored]
) -> tuple[Value, ...]:
    if not gone or not came:
        files = [*gone, *came]
        return _distinct(lake, column, f"from {files_sql(lake, at, files)}") if files else ()
    these, those = (f"from {files_sql(lake, at, files)}" for files in (gone, came))
    either = f"(({these}) except all ({those})) union all (({those}) except all ({these}))"
    return _distinct(lake, column, f"from ({either})")


def _rows(files: Sequence[Stored]) -> int:
    return sum(file.rows for file in files)


def _distinct(lake: Lake, column: str, rows: str) -> tuple[Value, ...]:
    with session(lake, []) as connection:
        try:
            found = connection.execute(f"select distinct {identifier(column)} {rows}").fetchall()
        except duckdb.Error as error:
            raise LakeError(f"changed {column} cannot be read: {error}") from error
    if any(value is None for (value,) in found):
        raise LakeError(f"{column}: is null in some rows: no slice holds them")
    return tuple(sorted(value for (value,) in found))
