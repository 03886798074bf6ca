"""Servers that test folders ask for, one of each a process; groups that share a worker."""

from __future__ import annotations

import gc
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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Hand the groups on to the scheduler.

    xdist 3.8 writes a group where pytest before 9.2 read a test's name: without this, silently,
    every worker makes the dear fixtures of a group for itself.
    """
    for item in items:
        if grouped := vars(item).get("_nodeid"):
            item._id = type(item.id).parse(grouped)


def pytest_collection_finish() -> None:
    """Let garbage collection pass by four thousand tests and all that they import."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
