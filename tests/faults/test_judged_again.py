"""A delivery half stored when its run died is stored as it is judged by the next run."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from lake.errors import LakeError
from orchestration.city import City
from orchestration.flows.collect import collect
from orchestration.flows.verify import verify_lake
from registry import deliveries
from tests.faults.small_city import copy_home, open_home
from tests.flow.few_entries import keep_only

NOW = dt.datetime(2026, 4, 1, 8, tzinfo=dt.UTC)
ADDRESSES, ACCOUNTS = "standard_address", "water_account"


@pytest.fixture
def city(inbox: Path, tmp_path: Path) -> City:
    """Return a city where few of the addresses of the accounts have been delivered so far."""
    home = copy_home(inbox, tmp_path / "home")
    keep_only(home / "inbox", (ADDRESSES, ACCOUNTS))
    whole = next((home / "inbox" / ADDRESSES).iterdir())
    lines = whole.read_bytes().splitlines(keepends=True)
    whole.with_name("standard_address_202602.csv").write_bytes(b"".join(lines[:100]))
    whole.rename(home / whole.name)
    for later in sorted((home / "inbox" / ACCOUNTS).iterdir())[1:]:
        later.unlink()
    return open_home(home)


def counts(city: City) -> tuple[int, int]:
    """Count the accepted and the refused accounts."""
    zones = ("raw", "quarantine")
    found = [city.lake.scan(zone, ACCOUNTS).select(pl.len()).collect().item() for zone in zones]
    return found[0], found[1]


def test_rows_judged_by_other_references_give_way(city: City) -> None:
    home = city.settings.home
    list(collect(city, ADDRESSES, now=NOW))
    in_the_way = Path(city.lake.uri("quarantine", ACCOUNTS))
    in_the_way.write_bytes(b"")  # so that the run dies between its two commits
    with pytest.raises((LakeError, OSError)):
        list(collect(city, ACCOUNTS, now=NOW))
    assert city.lake.scan("raw", ACCOUNTS).select(pl.len()).collect().item() == 0
    in_the_way.unlink()
    (home / "standard_address_202603.csv").rename(
        home / "inbox" / ADDRESSES / "standard_address_202603.csv"
    )
    list(collect(city, ADDRESSES, now=NOW))
    (settled,) = collect(city, ACCOUNTS, now=NOW)
    assert settled.outcome == "accepted"
    assert settled.account is not None
    assert counts(city) == (settled.account.accepted, settled.account.quarantined)
    assert settled.account.accepted > 200
    found = verify_lake(city)
    assert found.ok, found.problems
    (record,) = deliveries.in_force(city.registry, ACCOUNTS)
    assert record.outcome is not None
    assert record.outcome.raw_version == city.lake.version("raw", ACCOUNTS) == 1
