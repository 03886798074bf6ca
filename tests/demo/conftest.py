"""A tiny city, delivered once for all tests of the demo."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl
import pytest

from catalog.load import Catalog, load_catalog
from demo.deliver.deliver import Delivered, deliver
from tests.demo.reread import records


@dataclass
class Home:
    """What a delivery left behind."""

    path: Path
    catalog: Catalog
    done: Delivered

    @cached_property
    def truth(self) -> pl.DataFrame:
        return pl.read_parquet(self.path / "demo" / "truth.parquet")

    def city(self, table: str) -> pl.DataFrame:
        return pl.read_parquet(self.path / "demo" / "city" / f"{table}.parquet")

    def records(self, resource: str, file: str) -> list[dict]:
        entry = self.catalog.entry(resource)
        return records(self.path / "inbox" / resource / file, entry)

    def good(self, resource: str) -> dict[str, list[dict]]:
        """Return the records that must be accepted, of each file that must be, in order."""
        about = self.truth.filter(pl.col("resource") == resource)
        whole = about.filter(pl.col("record").is_null() & (pl.col("expect") != "accepted"))
        bad = about.filter(pl.col("record").is_not_null() & (pl.col("expect") != "accepted"))
        found = {}
        for path in sorted((self.path / "inbox" / resource).iterdir()):
            if path.name in whole["file"].to_list() or path.suffix == ".withdrawal":
                continue
            out = set(bad.filter(pl.col("file") == path.name)["record"])
            rows = self.records(resource, path.name)
            found[path.name] = [row for n, row in enumerate(rows, start=1) if n not in out]
        return found


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Home:
    path = tmp_path_factory.mktemp("home")
    catalog = load_catalog()
    return Home(path, catalog, deliver(path, catalog, size="tiny", seed=20260301))
