"""Dagster's SQLite storage with its connections kept: the same files, a quarter of the time.

The stock event log opens a connection for every event (7-8 ms each, measured).
Keep out: anything that changes what is stored or where: the stock storage reads it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite_storage import (
    DagsterSqliteStorage,
    SqliteStorageConfig,
    _event_logs_directory,
)
from dagster._serdes import ConfigurableClassData

BUSY_SECONDS = 30


class KeptEventLog(SqliteEventLogStorage):
    """The stock event log, with one open connection to each of its files."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._kept: dict[str, sa.Engine] = {}
        super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock:
            engine = self._kept.get(shard)
            if engine is None:
                engine = self._kept[shard] = _engine(self.conn_string_for_shard(shard))
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def dispose(self) -> None:
        """Close every connection."""
        for engine in self._kept.values():
            engine.dispose()
        self._kept.clear()
        super().dispose()


class KeptStorage(DagsterSqliteStorage):
    """The stock storage with the kept event log; named in dagster.yaml."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = KeptEventLog(_event_logs_directory(base_dir))

    @classmethod
    def from_config_value(  # type: ignore[override] # as the stock class overrides it too
        cls, inst_data: ConfigurableClassData, config_value: SqliteStorageConfig
    ) -> KeptStorage:
        """Build the storage from dagster.yaml; the stock method ignores the class."""
        return cls.from_local(inst_data=inst_data, **config_value)


def _engine(url: str) -> sa.Engine:
    engine = sa.create_engine(
        url,
        poolclass=sa.pool.StaticPool,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )

    @sa.event.listens_for(engine, "connect")
    def relax(connection: object, _record: object) -> None:
        # A power cut may cost the last events of the history, never a fact: those are ours.
        connection.execute("pragma synchronous = normal")  # type: ignore[attr-defined]

    return engine
