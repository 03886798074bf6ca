"""The registry itself: the engine, its transactions, and its version.

SQLite by default, PostgreSQL by URL. Functions over it live in the modules named after the facts.
Keep out: queries on facts, and alembic at import (0.2 s that a current database need not pay).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy as sa

from registry.error import RegistryError

HEAD = "0015"  # newest revision under migrations/versions; a test holds the two together
BUSY_MS = 30_000
WRITE_LOCK = 520100  # any number that all citylake processes agree upon


class Registry:
    """The connection to facts and acts; opening brings the database to the newest revision."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        self._here = threading.local()
        if self._revision() != HEAD:
            self._migrate()

    @property
    def engine(self) -> sa.Engine:
        """Return what connects to the database; transactions are opened by read and write."""
        return self._engine

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Open one consistent snapshot, or join this thread's transaction."""
        with self._transaction(immediate=False) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Open the one write transaction, or join this thread's: all of it is kept or undone."""
        with self._transaction(immediate=True) as connection:
            yield connection

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def __enter__(self) -> Registry:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _transaction(self, *, immediate: bool) -> Iterator[sa.Connection]:
        open_one: sa.Connection | None = getattr(self._here, "connection", None)
        if open_one is not None:
            if immediate and not self._here.immediate:
                raise RegistryError("a write inside a read transaction: open it with write()")
            yield open_one
            return
        engine = self._engine.execution_options(**_options(self._engine, immediate))
        with engine.begin() as connection:
            self._here.connection, self._here.immediate = connection, immediate
            try:
                if immediate and connection.dialect.name == "postgresql":
                    # As SQLite does: one writer at a time, so what is looked up stays true.
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITE_LOCK)))
                yield connection
            finally:
                self._here.connection = None

    def _revision(self) -> str | None:
        try:
            with self.read() as connection:
                statement = sa.text("select version_num from alembic_version")
                return connection.execute(statement).scalar()
        except sa.exc.DBAPIError as error:
            if _unreachable(error):
                raise RegistryError(_cannot_open(self._engine, error)) from error
            return None

    def _migrate(self) -> None:
        from alembic import command
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config()
        config.set_main_option("path_separator", "os")
        # Alembic reads % as the beginning of a name to fill in.
        folder = str(Path(__file__).parent / "migrations").replace("%", "%%")
        config.set_main_option("script_location", folder)
        if self._engine.dialect.name == "sqlite":
            _write_ahead(self._engine)
        try:
            with self.write() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except CommandError as error:
            raise RegistryError(
                f"registry {_shown(self._engine)} was written by a newer citylake ({error}): "
                "update citylake, or name another registry"
            ) from error
        except sa.exc.DBAPIError as error:
            raise RegistryError(_cannot_open(self._engine, error)) from error


def _engine(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite":
            if not parsed.database or parsed.database == ":memory:":
                raise RegistryError(
                    "a registry in memory forgets: name a file, sqlite:///registry.db"
                )
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(parsed)
    except OSError as error:
        raise RegistryError(f"registry {url} has no folder ({error}): name another") from error
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ModuleNotFoundError) as error:
        raise RegistryError(
            f"registry URL cannot be used ({type(error).__name__}: {error}): "
            "name sqlite:///file or postgresql+psycopg://user@host/database"
        ) from error
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _settings)
        sa.event.listen(engine, "begin", _begin)
    elif engine.dialect.name != "postgresql":
        raise RegistryError(
            f"registry on {engine.dialect.name}: only sqlite and postgresql are known"
        )
    return engine


def _settings(connection: Any, _record: object) -> None:  # noqa: ANN401 - any DBAPI's
    # Transactions are ours (_begin): Python's own would begin too late to lock for an append.
    connection.isolation_level = None
    connection.execute(f"pragma busy_timeout = {BUSY_MS}")
    # FULL: an audit event or an account that a power cut takes back would be a lie told.
    connection.execute("pragma synchronous = full")
    connection.execute("pragma foreign_keys = on")


def _begin(connection: sa.Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("begin immediate" if immediate else "begin")


def _options(engine: sa.Engine, immediate: bool) -> dict[str, Any]:
    if engine.dialect.name == "sqlite":
        return {"immediate": immediate}
    return {} if immediate else {"isolation_level": "REPEATABLE READ"}


def _write_ahead(engine: sa.Engine) -> None:
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("pragma journal_mode = wal")
    finally:
        connection.close()


def _unreachable(error: sa.exc.DBAPIError) -> bool:
    return "no such table" not in str(error.orig) and "alembic_version" not in str(error.orig)


def _shown(engine: sa.Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def _cannot_open(engine: sa.Engine, error: sa.exc.DBAPIError) -> str:
    return (
        f"registry {_shown(engine)} cannot be opened ({error.orig}): check path, server and rights"
    )
