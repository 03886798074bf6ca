"""What a release, a pin or a crossing needs stays readable, whatever is compacted and vacuumed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from lake.errors import LakeError
from orchestration.city import City
from orchestration.flows.backflow import backflow
from orchestration.flows.needed import needed_versions
from orchestration.flows.release import release_raw
from orchestration.flows.upkeep import compact_tables, tend, vacuum_tables
from orchestration.flows.verify import verify_lake
from registry import audit, crossings, releases
from tests.orchestration.town import NOW, PARK, again, lay, parks, take_in, town

DAY = dt.timedelta(days=1)
TOMORROW = dt.datetime.now(dt.UTC) + DAY


def fill(city: City, months: int = 4) -> City:
    """Collect, release and return a month's parks, one after the other."""
    for month in range(1, months + 1):
        at = NOW + 40 * month * DAY
        lay(city, "park", f"park_20260{month}.csv", f"P{month},520102,{month}", "x,520102,1")
        take_in(city, now=at)
        release_raw(city, "park", now=at)
        backflow(city, "park", now=at)
    return city


def released(city: City) -> dict[tuple[str, str, int], list[tuple]]:
    """Return the rows of every version that a release or a crossing stands on."""
    found = [
        ("raw", "park", r.release.version) for r in releases.history(city.registry, "raw", "park")
    ]
    for each in crossings.for_table(city.registry, "raw", "park"):
        one = each.crossing
        if one.target_version is not None:
            found.append(("backflow", f"park__{one.recipient}", one.target_version))
    return {
        key: city.lake.scan(key[0], key[1], key[2]).collect().sort(pl.all()).rows() for key in found
    }


def upkeep(city: City, **more: object) -> tuple[list, list]:
    options = {"grace": dt.timedelta(0), "delete": True, "now": TOMORROW, **more}
    return compact_tables(city, (), now=TOMORROW), vacuum_tables(city, (), **options)


@pytest.fixture
def city(tmp_path: Path) -> City:
    return fill(town(tmp_path))


def test_every_released_version_reads_as_before(city) -> None:
    before, current = released(city), parks(city)
    compacted, removed = upkeep(city)
    assert {row["table"] for row in compacted} == {"raw.park", "quarantine.park"}
    assert {row["table"] for row in removed} == {"quarantine.park"}
    assert released(city) == before
    assert parks(city) == current
    assert verify_lake(city).ok
    events = [each.event.action for each in audit.events(city.registry, subject="quarantine.park")]
    assert events == ["lake.compacted", "lake.vacuumed"]


def test_nothing_is_removed_unless_asked_or_when_young(city) -> None:
    assert upkeep(city, delete=False)[1][0]["removed"] is False
    files = len(list(Path(city.lake.uri("quarantine", "park")).glob("*.parquet")))
    assert files == 5
    assert upkeep(city, grace=3 * DAY)[1] == []
    assert len(audit.events(city.registry, subject="quarantine.park")) == 1


def test_releases_older_than_the_retention_may_go(city, tmp_path) -> None:
    entry = tmp_path / "entries" / "park.yaml"
    entry.write_text(PARK + "retention: 90d\n", encoding="utf-8")
    city, now = again(city), NOW + 171 * DAY
    # In force until day 80, 120, 160 and now: the first alone ended more than 90 days before.
    assert needed_versions(city, now=now)["raw", "park"] == {1, 2, 3}
    assert needed_versions(city, now=now + 9000 * DAY)["raw", "park"] == {3}
    recipients = needed_versions(city, now=now)["backflow", "park__520102"]
    assert recipients == {1, 2, 3}


def test_collection_goes_on_after_upkeep(city) -> None:
    upkeep(city)
    lay(city, "park", "park_20260909.csv", "P9,520102,9")
    take_in(city, now=TOMORROW)
    assert parks(city)["P9"] == 9
    assert parks(city)["P1"] == 1
    assert verify_lake(city).ok


def test_inputs_of_a_kept_release_are_kept_too(city) -> None:
    verdict = releases.released(city.registry, "raw", "park").release.verdict_id
    made = releases.Release("raw", "park", 3, 4, verdict, {"base.tree": "7", "raw.leaf": "5:0ab"})
    releases.release(city.registry, made, at=TOMORROW)
    needed = needed_versions(city, now=TOMORROW)
    assert (needed["base", "tree"], needed["raw", "leaf"]) == ({7}, {5})


def test_small_files_are_joined_once_there_are_many_of_them(city) -> None:
    before, current = released(city), parks(city)
    assert tend(city, "park", now=TOMORROW, fewest=5) == []
    told = tend(city, "park", now=TOMORROW, fewest=4)
    assert [(row["table"], row["files_before"], row["files"]) for row in told] == [
        ("raw.park", 4, 1),
        ("quarantine.park", 4, 1),
    ]
    assert tend(city, "park", now=TOMORROW, fewest=4) == []
    assert released(city) == before
    assert parks(city) == current
    assert verify_lake(city).ok


def test_an_unknown_table_is_named(city) -> None:
    with pytest.raises(LakeError, match=r"raw\.parc: no such table.*raw\.park"):
        compact_tables(city, ["raw.parc"], now=TOMORROW)
