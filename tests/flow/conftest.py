"""One tiny city, delivered and run once for all flow tests; nobody may change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from demo.deliver.deliver import deliver
from orchestration.city import City
from orchestration.run import plan, run
from orchestration.settings import read_settings
from orchestration.summary import Summary

SEED = 7


@dataclass(frozen=True)
class Ran:
    """A city that has run, what it did, and the truth of what was delivered."""

    city: City
    summary: Summary
    truth: pl.DataFrame
    home: Path


def run_city(city: City) -> Summary:
    """Do what `citylake run` does."""
    return run(city, plan(city), report=lambda _: None)


def deliver_tiny(home: Path, seed: int = SEED) -> City:
    """Let the tiny city deliver into a home; return the city that will collect it."""
    city = City(read_settings({"CITYLAKE_HOME": str(home)}))
    deliver(
        home, city.catalog, size="tiny", seed=seed, days=None, on_file=lambda _name, _rows: None
    )
    return city


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """Return the tiny city after one run."""
    home = tmp_path_factory.mktemp("city")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(home / "dagster"))
        city = deliver_tiny(home)
        summary = run_city(city)
        yield Ran(city, summary, pl.read_parquet(home / "demo" / "truth.parquet"), home)
