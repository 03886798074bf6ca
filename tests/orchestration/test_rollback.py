"""Readers return to an earlier release by an act that leaves evidence."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from orchestration.city import City
from orchestration.flows.pins import released_rows
from orchestration.flows.rollback import rollback
from quality.verdict import Verdict
from registry import audit, releases, verdicts
from registry.error import RegistryError
from registry.releases import Release
from tests.orchestration.town import LATER, NOW, town

TABLE = "base.administrative_division"


def publish(city: City, version: int, code: str) -> None:
    """Write and release one version of the table as a build does."""
    zone, _, name = TABLE.partition(".")
    staging = city.staging("version")
    frame = pl.DataFrame({"code": [code]})
    frame.write_parquet(staging / "rows.parquet")
    done = city.lake.commit(
        zone,
        name,
        [staging / "rows.parquet"],
        schema=frame.schema,
        action=f"build-{version}",
        metadata={},
        mode="overwrite",
    )
    assert done.version == version
    verdict = Verdict(TABLE, True, "passed", 1, 0, 0, (), {})
    kept = verdicts.keep(city.registry, verdict, version=version, at=NOW)
    releases.release(city.registry, Release(zone, name, version, 1, kept), at=NOW)


def shown(city: City) -> list[str]:
    rows = released_rows(city, "administrative_division", city.staging("look"))
    return rows.select("code").collect()["code"].to_list()


@pytest.fixture
def city(tmp_path: Path) -> City:
    built = town(tmp_path, shipped=("division", "administrative_division"))
    for version, code in enumerate(("520102", "520103", "520111")):
        publish(built, version, code)
    return built


@pytest.mark.parametrize(("to", "code"), [(None, "520103"), (1, "520102"), (2, "520103")])
def test_readers_see_the_earlier_version_again(city, to, code) -> None:
    assert shown(city) == ["520111"]
    rollback(city, TABLE, to=to, actor="officer", reason="trial", now=LATER)
    assert shown(city) == [code]


def test_a_rollback_leaves_an_audit_event_and_the_history(city) -> None:
    done = rollback(city, TABLE, to=1, actor="officer", reason="wrong counts", now=LATER)
    (sealed,) = audit.events(city.registry, subject=TABLE)
    assert sealed.event.actor == "officer"
    assert sealed.event.detail == {"from": 3, "to": 1, "version": 0, "reason": "wrong counts"}
    assert [r.sequence for r in releases.history(city.registry, *TABLE.split("."))] == [1, 2, 3, 4]
    assert done.sequence == 4
    assert audit.verify(city.registry).ok


@pytest.mark.parametrize(
    ("table", "to", "said"),
    [
        (TABLE, 9, "release 9 is not an earlier one"),
        (TABLE, 3, "release 3 is not an earlier one"),
        ("base.nothing", None, "no earlier release"),
        ("raw.division", None, "corrected by its unit"),
    ],
)
def test_what_cannot_be_returned_to_is_refused_in_one_line(city, table, to, said) -> None:
    with pytest.raises(RegistryError, match=said):
        rollback(city, table, to=to, actor="officer", reason="trial", now=LATER)
    assert shown(city) == ["520111"]
