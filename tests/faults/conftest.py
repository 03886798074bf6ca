"""One small inbox to start from, and one run of it that nobody killed, to compare with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.city import City
from tests.faults.forks import Forks
from tests.faults.small_city import copy_home, open_home, small_home
from tests.flow.conftest import run_city


@pytest.fixture(scope="session")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home where the small city has delivered and nothing has run; copy it."""
    return small_home(tmp_path_factory.mktemp("small") / "home").settings.home


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """Return the server of processes that cost no start."""
    with Forks() as server:
        yield server


@pytest.fixture(scope="session")
def unkilled(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Return the small city after a run that nobody killed, in this process to save time."""
    home = copy_home(inbox, tmp_path_factory.mktemp("unkilled") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(home / "dagster"))
        city = open_home(home)
        assert run_city(city).failures == []
        yield city
