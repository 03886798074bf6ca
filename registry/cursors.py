"""How far each source has been fetched, which of its files, and what went wrong last.

Written only after what was fetched lies safely in the inbox: behind, never ahead.
Keep out: fetching (orchestration) and what was fetched (deliveries.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from registry.schema import Registry
from registry.tables import cursors, fetched_files


@dataclass(frozen=True)
class Cursor:
    """Where the fetching of one resource stands; `source` tells which words of its entry."""

    resource: str
    source: str
    tried_at: dt.datetime
    value: str | None = None
    digest: str | None = None  # of the file fetched last: the same again is nothing new
    fetched_at: dt.datetime | None = None
    trouble: str | None = None


@dataclass(frozen=True)
class FetchedFile:
    """One file of a bucket or folder that has been fetched; `mark` changes with its content."""

    resource: str
    path: str
    mark: str
    file_name: str
    fetched_at: dt.datetime


def read(registry: Registry, resource: str) -> Cursor | None:
    """Return where the fetching of a resource stands; None before the first attempt."""
    with registry.read() as connection:
        query = sa.select(cursors).where(cursors.c.resource == resource)
        row = connection.execute(query).mappings().first()
    return None if row is None else Cursor(**row)


def every(registry: Registry) -> dict[str, Cursor]:
    """Return where the fetching of every resource stands, by name."""
    with registry.read() as connection:
        rows = connection.execute(sa.select(cursors)).mappings()
        return {row["resource"]: Cursor(**row) for row in rows}


def write(registry: Registry, cursor: Cursor) -> None:
    """Write down where the fetching of a resource stands, in place of where it stood."""
    with registry.write() as connection:
        connection.execute(sa.delete(cursors).where(cursors.c.resource == cursor.resource))
        connection.execute(sa.insert(cursors).values(asdict(cursor)))


def remember(registry: Registry, files: Iterable[FetchedFile]) -> None:
    """Write down files that lie in the inbox; one written down already is left as it is."""
    with registry.write() as connection:
        for file in files:
            if (file.path, file.mark) not in _known(connection, file.resource, file.path):
                connection.execute(sa.insert(fetched_files).values(asdict(file)))


def fetched(registry: Registry, resource: str) -> frozenset[tuple[str, str]]:
    """Return path and mark of every file of a resource that has been fetched."""
    with registry.read() as connection:
        return _known(connection, resource)


def _known(
    connection: sa.Connection, resource: str, path: str | None = None
) -> frozenset[tuple[str, str]]:
    query = sa.select(fetched_files.c.path, fetched_files.c.mark)
    query = query.where(fetched_files.c.resource == resource)
    if path is not None:
        query = query.where(fetched_files.c.path == path)
    return frozenset((row[0], row[1]) for row in connection.execute(query))
