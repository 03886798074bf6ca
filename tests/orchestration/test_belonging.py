"""A lake belongs to one registry and one archive; a home with another is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lake.errors import LakeError
from orchestration.belonging import MARK
from orchestration.city import City
from orchestration.settings import read_settings
from tests.orchestration.town import lay, moved, parks, take_in, town


def second(city: City, home: Path, **settings: str) -> City:
    """Return a city of a home of its own over the lake of another."""
    shared = {
        "CITYLAKE_HOME": str(home),
        "CITYLAKE_CATALOG": str(city.settings.catalog),
        "CITYLAKE_LAKE_URL": city.settings.lake_url,
        "CITYLAKE_ARCHIVE": city.settings.archive_url,
        "CITYLAKE_REGISTRY_URL": city.settings.registry_url,
    }
    return City(read_settings({**shared, **settings}))


@pytest.fixture
def city(tmp_path: Path) -> City:
    """Return a town in which one delivery was collected."""
    built = town(tmp_path)
    lay(built, "park", "park_202601.csv", "P1,520102,5")
    take_in(built)
    return built


def test_a_home_that_shares_lake_archive_and_registry_goes_on_with_them(city, tmp_path):
    other = second(city, tmp_path / "other")
    lay(other, "park", "park_202602.csv", "P2,520102,6")
    assert [done.outcome for done in take_in(other)] == ["accepted"]
    assert parks(city) == parks(other) == {"P1": 5, "P2": 6}


@pytest.mark.parametrize(
    ("variable", "what"), [("CITYLAKE_REGISTRY_URL", "registry"), ("CITYLAKE_ARCHIVE", "archive")]
)
def test_a_home_with_another_registry_or_archive_is_refused(variable, what, city, tmp_path):
    elsewhere = str(tmp_path / "else")
    value = f"sqlite:///{elsewhere}.db" if what == "registry" else elsewhere
    other = second(city, tmp_path / "other", **{variable: value})
    waiting = lay(other, "park", "park_202602.csv", "P2,520102,6")
    with pytest.raises(LakeError, match=rf"belongs to another {what} .*set {variable}"):
        take_in(other)
    assert waiting.exists()
    assert parks(city) == {"P1": 5}


def test_a_home_that_was_moved_is_still_itself(city, tmp_path):
    assert parks(moved(city, tmp_path / "elsewhere")) == {"P1": 5}


def test_a_lake_from_before_it_was_marked_is_marked_when_it_is_opened(city):
    mark = Path(city.settings.lake_url) / MARK
    before = json.loads(mark.read_text())
    mark.unlink()
    assert City(city.settings).lake.exists("raw", "park")
    assert json.loads(mark.read_text()) == before
