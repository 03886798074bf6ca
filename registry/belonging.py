"""Whose registry it is, and who of several processes may settle a resource right now.

Keep out: the lock of a home (orchestration/city.py): homes may share a registry.
"""

from __future__ import annotations

import fcntl
import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from registry.judgement_tables import registry_identity
from registry.schema import Registry


def identity(registry: Registry) -> str:
    """Return the name that a registry gave itself when it was first asked."""
    query = sa.select(registry_identity.c.id)
    with registry.read() as connection:
        known = connection.execute(query).scalar()
    if known is not None:
        return str(known)
    with registry.write() as connection:
        known = connection.execute(query).scalar()
        if known is None:
            known = uuid.uuid4().hex
            connection.execute(sa.insert(registry_identity).values(id=known))
    return str(known)


@contextmanager
def holding(registry: Registry, resource: str) -> Iterator[None]:
    """Hold the settling of a resource against every process of this registry; wait for it.

    The lock goes with the process, however it ends. Not to be asked for inside itself.
    """
    database = registry.engine.url.database
    if registry.engine.dialect.name != "sqlite" or database is None:
        with _on_server(registry.engine, resource):
            yield
        return
    path = Path(f"{database}.locks") / resource
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def _on_server(engine: sa.Engine, resource: str) -> Iterator[None]:
    number = int.from_bytes(hashlib.sha256(resource.encode()).digest()[:8], signed=True)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(number)))
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(number)))
