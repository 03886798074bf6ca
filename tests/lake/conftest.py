"""Lakes to test on: a folder, and a bucket of a real S3 server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import duckdb
import pytest

from lake.engine import prepare
from lake.tables import Lake, open_lake
from tests.s3_server import Server, start


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run one S3 server for the session."""
    with start(tmp_path_factory.mktemp("weed")) as server:
        yield server


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Return a connection that can read Delta tables in folders; loading that costs 0.3 s."""
    folder = tmp_path_factory.mktemp("reader")
    lake = open_lake(str(folder), archive=str(folder), scratch=folder, credentials=None)
    connection = duckdb.connect()
    prepare(connection, lake)
    return connection


@pytest.fixture
def local_lake(tmp_path: Path) -> Lake:
    """Return a lake in a folder, with a quote and a space in its name."""
    return open_lake(
        str(tmp_path / "l'ake of 贵阳"),
        archive=str(tmp_path / "archive"),
        scratch=tmp_path / "scratch",
        credentials=None,
    )


@pytest.fixture
def bucket_lake(store: Server, tmp_path: Path) -> Lake:
    """Return a lake under a prefix of its own; the probe has tests of its own."""
    root = f"s3://{store.bucket}/{uuid4().hex[:8]}"
    return open_lake(
        f"{root}/lake",
        archive=f"{root}/archive",
        scratch=tmp_path / "scratch",
        credentials=store.credentials,
        probe=False,
    )


@pytest.fixture(params=["folder", "bucket"])
def lake(request: pytest.FixtureRequest) -> Lake:
    """Return a lake of each kind in turn."""
    name = "local_lake" if request.param == "folder" else "bucket_lake"
    return request.getfixturevalue(name)
