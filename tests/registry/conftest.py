import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.schema import Registry

NUMBER = itertools.count(1)
ON_SQLITE = pytest.param("sqlite")
ON_POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))


@pytest.fixture(params=[ON_SQLITE, ON_POSTGRESQL])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database, of each kind that a registry may live in."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'home' / 'registry.db'}"
    server, name = request.getfixturevalue("postgres"), f"registry{next(NUMBER)}"
    server.new_database(name)
    return str(server.url(name, scheme="postgresql+psycopg"))


@pytest.fixture
def registry(url: str) -> Iterator[Registry]:
    with Registry(url) as opened:
        yield opened
