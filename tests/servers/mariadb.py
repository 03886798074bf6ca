"""A real MariaDB for tests, from the machine's packages (`make servers`).

Keep out: what is tested on it.
"""

from __future__ import annotations

import getpass
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pymysql

from tests.servers.process import free_port, program, running, short_folder

USER, PASSWORD = "reader", "geheim-4711"
MARIADBD, INSTALL = "mariadbd", "mariadb-install-db"
QUICK = ("--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--skip-log-bin")


@dataclass(frozen=True)
class MariaDB:
    """A server with one database, and the one user who may do everything in it."""

    port: int
    database: str = "city"

    @property
    def url(self) -> str:
        """Return the address of the database, credentials in it."""
        return f"mysql://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{self.database}"

    def connect(self) -> pymysql.Connection:
        """Connect as that user; each statement is a transaction."""
        return pymysql.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=PASSWORD,
            database=self.database,
            autocommit=True,
            charset="utf8mb4",
        )

    def execute(self, *statements: str) -> None:
        """Run statements one after the other."""
        with self.connect() as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


@contextmanager
def mariadb() -> Iterator[MariaDB]:
    """Run a server with an empty database; it and its data are gone after the block."""
    with short_folder("mariadb") as folder:
        where = ["--no-defaults", f"--datadir={folder / 'data'}", f"--user={getpass.getuser()}"]
        subprocess.run(
            [
                program(INSTALL),
                *where,
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ],
            check=True,
            capture_output=True,
        )
        server = MariaDB(free_port())
        (folder / "init.sql").write_text(
            f"create database {server.database} character set utf8mb4;\n"
            f"create user '{USER}'@'%' identified by '{PASSWORD}';\n"
            f"grant all on *.* to '{USER}'@'%' with grant option;\n"
        )
        words = [f"--socket={folder / 's'}", f"--port={server.port}", "--bind-address=127.0.0.1"]
        words += [f"--pid-file={folder / 'pid'}", f"--init-file={folder / 'init.sql'}", *QUICK]
        # What old servers allow and Arrow does not know must be there to be read: 0000-00-00.
        words += ["--sql-mode=", "--skip-name-resolve"]
        with running(
            [program(MARIADBD), *where, *words], log=folder / "log", ready=lambda: _answers(server)
        ):
            yield server


def _answers(server: MariaDB) -> bool:
    try:
        server.connect().close()
    except pymysql.err.OperationalError:
        return False
    return True
