"""One small home, delivered and run once by the commands themselves; nobody may change it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.door import Said, citylake

# Few enough to be quick, with a refused delivery, refused rows, two models and a stray.
KEPT = {"division", "standard_address", "building", "hotline_complaint", "tree_census"}


@dataclass(frozen=True)
class Home:
    """A home that has run, and what its commands said."""

    path: Path
    demo: Said
    run: Said


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home where the demo city delivered a little and ran once."""
    path = tmp_path_factory.mktemp("home")
    delivered = citylake("demo", "--size", "tiny", "--seed", "7", "--json", home=path)
    for folder in (path / "inbox").iterdir():
        if folder.name not in KEPT:
            shutil.rmtree(folder)
    return Home(path, delivered, citylake("run", "--json", home=path))


@pytest.fixture
def own(home: Home, tmp_path: Path) -> Path:
    """Return a copy of the home, to be changed at will."""
    return Path(shutil.copytree(home.path, tmp_path / "own"))
