"""Servers that several test folders ask for: one of each a process, started when first asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.mariadb import MariaDB, mariadb
from tests.servers.postgresql import PostgreSQL, postgresql
from tests.servers.sshd import Sshd, sshd


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    """Return a real PostgreSQL."""
    with postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def maria() -> Iterator[MariaDB]:
    """Return a real MariaDB; for tests marked `servers`."""
    with mariadb() as server:
        yield server


@pytest.fixture(scope="session")
def ssh() -> Iterator[Sshd]:
    """Return a real OpenSSH server; for tests marked `servers`."""
    with sshd() as server:
        yield server
