"""Connections to databases that stream Arrow batches: ADBC where it reads, ConnectorX elsewhere.

Drivers are imported when used. What they say is never repeated: it may hold rows or credentials.
Keep out: what is read (sql.py), how databases differ (dialect.py).
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType, TracebackType
from typing import Any
from urllib.parse import SplitResult, quote, unquote, unquote_to_bytes, urlencode

import pyarrow as pa

from ingestion.connectors.dialect import Dialect, refusal
from ingestion.connectors.source import Meter, SourceRefused

Query = Callable[[str], pa.RecordBatchReader]
CONNECT_SECONDS = 10
ROWS = 65_536  # in a batch of ConnectorX
# Of ADBC's batches: small enough that the last one, which nothing is read beside, is soon written.
BATCH = {"adbc.postgresql.batch_size_hint_bytes": str(4 << 20)}
PORTS = {"mysql": 3306, "mariadb": 3306}
LOGIN = ("authentication", "role", "认证", "角色")  # a server may speak Chinese
SERVER_CODE = re.compile(r"ERROR (\d+) \((\w{5})\)")


@contextmanager
def connected(
    url: SplitResult, dialect: Dialect, *, secret: str, session: tuple[str, ...]
) -> Iterator[Query]:
    """Connect to a database and lend a function that runs a query; SourceRefused says why not."""
    if dialect.name == "postgresql":
        import adbc_driver_postgresql.dbapi as postgresql

        bounds = {"connect_timeout": CONNECT_SECONDS, "tcp_user_timeout": 60_000}
        given = f"{url.query}&" if url.query else ""
        uri = url._replace(scheme="postgresql", query=given + urlencode(bounds)).geturl()
        with _adbc(lambda: postgresql.connect(uri), secret, session, BATCH) as query:
            yield query
    elif dialect.name == "sqlite":
        import adbc_driver_sqlite.dbapi as sqlite

        path = unquote(url.path.removeprefix("/"))
        with _adbc(lambda: sqlite.connect(f"file:{quote(path)}?mode=ro"), secret, session) as query:
            yield query
    else:
        with _connectorx(url, secret, session) as query:
            yield query


@contextmanager
def _adbc(
    connect: Callable[[], Any],
    secret: str,
    session: tuple[str, ...],
    options: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Query]:
    from adbc_driver_manager import Error

    try:
        with connect() as connection, connection.cursor() as cursor:
            for statement in session:
                cursor.execute(statement)
            cursor.adbc_statement.set_options(**options)

            def query(text: str) -> pa.RecordBatchReader:
                cursor.execute(text)
                return cursor.fetch_record_batch()

            yield query
            connection.rollback()
    except Error as error:
        raise _adbc_refusal(error, secret) from None


def _adbc_refusal(error: Any, secret: str) -> SourceRefused:  # noqa: ANN401 - any driver's
    said = str(error)
    if "failed to open" in said:
        return unanswered(secret)
    if error.sqlstate or "Failed to connect" not in said:
        code = "42P01" if "no such table" in said else error.sqlstate
        code = "42703" if "no such column" in said else code
        kind, words = refusal(code)
    elif any(word in said for word in LOGIN):
        kind, words = refusal("28P01")
    elif "does not exist" in said or "不存在" in said:
        kind, words = refusal("3D000")
    else:
        return unanswered(secret)
    return SourceRefused(kind, f"the database {words.format(secret=secret)}")


def unanswered(secret: str) -> SourceRefused:
    """Return the refusal of a server that is not there."""
    return SourceRefused(
        "unreachable",
        f"does not answer: check the address in secret {secret}, the server and the network",
    )


@contextmanager
def _connectorx(url: SplitResult, secret: str, session: tuple[str, ...]) -> Iterator[Query]:
    import connectorx

    if url.scheme in PORTS and "ssl" not in url.query:
        _log_in(url, secret)
    else:
        _knock(url, secret)
    uri = url._replace(scheme="mysql" if url.scheme == "mariadb" else url.scheme).geturl()

    def query(text: str) -> pa.RecordBatchReader:
        with _Answering(secret):
            return connectorx.read_sql(
                uri,
                text,
                return_type="arrow_stream",
                batch_size=ROWS,
                pre_execution_query=list(session) or None,
            )

    yield query


def streamed(batches: pa.RecordBatchReader, meter: Meter) -> Iterator[pa.RecordBatch]:
    """Yield batches as they come; SourceRefused when the database breaks off or is too slow."""
    while True:
        with _Answering(meter.bounds.secret, meter):
            try:
                batch = batches.read_next_batch()
            except StopIteration:
                return
        yield batch


class _Answering:
    """While a driver is asked: what it dies of becomes a refusal, a panic of ConnectorX too."""

    def __init__(self, secret: str, meter: Meter | None = None) -> None:
        self._secret, self._meter = secret, meter

    def __enter__(self) -> None:
        """Begin: nothing is to be done."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # A panic is no Exception, and its type cannot be imported.
        is_panic = kind is not None and kind.__name__ == "PanicException"
        if is_panic or isinstance(error, OSError | RuntimeError | pa.ArrowException):
            raise self._refusal(str(error)) from None

    def _refusal(self, said: str) -> SourceRefused:
        codes = SERVER_CODE.search(said)
        if codes:
            kind, words = refusal(*codes.groups())
        elif self._meter is not None and self._meter.seconds_left <= 1:
            kind, words = refusal("57014")
        elif self._meter is None:
            kind, words = refusal()
        else:
            kind, words = "broken_answer", "broke off while its rows were read: run again"
        return SourceRefused(kind, f"the database {words.format(secret=self._secret)}")


def _log_in(url: SplitResult, secret: str) -> None:
    """Find out at once whether a MariaDB lets us in: ConnectorX would try for half a minute."""
    import pymysql

    try:
        pymysql.connect(
            host=url.hostname,
            port=url.port or PORTS[url.scheme],
            user=unquote(url.username or ""),
            # As bytes: of text it takes no sign beyond Latin-1.
            password=unquote_to_bytes(url.password or ""),
            database=unquote(url.path.strip("/")) or None,
            connect_timeout=CONNECT_SECONDS,
        ).close()
    except pymysql.err.MySQLError as error:
        code = str(error.args[0]) if error.args else ""
        if code.startswith("2"):  # of the client itself: no server said anything
            raise unanswered(secret) from None
        kind, words = refusal(code)
        raise SourceRefused(kind, f"the database {words.format(secret=secret)}") from None


def _knock(url: SplitResult, secret: str) -> None:
    """Find out at once whether a server is there: ConnectorX would try long."""
    if url.hostname is None or url.port is None:
        return
    try:
        socket.create_connection((url.hostname, url.port), timeout=CONNECT_SECONDS).close()
    except OSError:
        raise unanswered(secret) from None
