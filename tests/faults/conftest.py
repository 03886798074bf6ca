"""One small inbox to start from, and one run of it that nobody killed, to compare with."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.city import City
from tests.faults.killer import count
from tests.faults.small_city import copy_home, open_home, small_home


@dataclass(frozen=True)
class Unkilled:
    """A run to its end, how long it took, and how often it passed each seam."""

    city: City
    calls: Mapping[str, int]
    seconds: float


@pytest.fixture(scope="session")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home where the small city has delivered and nothing has run; copy it."""
    return small_home(tmp_path_factory.mktemp("small") / "home").settings.home


@pytest.fixture(scope="session")
def unkilled(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Unkilled:
    """Return the small city after a run that nobody killed."""
    home = copy_home(inbox, tmp_path_factory.mktemp("unkilled") / "home")
    started = time.monotonic()
    calls = count(home)
    return Unkilled(open_home(home), calls, time.monotonic() - started)
