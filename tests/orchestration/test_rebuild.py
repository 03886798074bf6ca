"""What the archive, the catalog and the registry know is enough to make the tables again."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from lake.errors import LakeError
from orchestration.city import City
from orchestration.flows.rebuild import Rebuilt, Wish, differences, rebuild
from orchestration.flows.release import release_raw
from orchestration.flows.verify import verify_lake
from registry import audit, deliveries
from tests.orchestration.town import (
    LATER,
    PARK,
    VISIT,
    again,
    lay,
    parks,
    stored,
    take_in,
    town,
)

CHECK = Wish(check=True)


def fates(done: tuple[Rebuilt, ...]) -> dict[str, str]:
    return {f"{one.zone}.{one.name}": one.fate for one in done}


def all_of(fate: str, *names: str) -> dict[str, str]:
    return {f"{zone}.{name}": fate for name in names for zone in ("raw", "quarantine")}


def rows(city: City, zone: str, name: str) -> list[tuple]:
    return city.lake.scan(zone, name).collect().sort("_delivery", "_row").rows()


def cells(city: City, zone: str, name: str) -> list[dict]:
    """Return rows by name: a column that came later stands last, or where it is declared."""
    return city.lake.scan(zone, name).collect().sort("_delivery", "_row").to_dicts()


@pytest.fixture
def city(tmp_path: Path) -> City:
    """Return a town with refused rows, a correction, a withdrawal and a refused delivery."""
    city = town(tmp_path, PARK, VISIT)
    lay(city, "visit", "visit_20260301.csv", "V1,P1")
    assert [one.outcome for one in take_in(city, "visit")] == ["held"]
    lay(city, "park", "park_202601.csv", "P1,520102,100", "P2,520103,200", "Q3,520103,1")
    lay(city, "park", "park_202602.csv", "P7,520102,1", "P7,520102,1", "P8,520102")
    take_in(city)
    lay(city, "visit", "visit_20260302.csv", "V2,P2", "V3,P9", *(f"V{n},P1" for n in range(4, 90)))
    take_in(city, "visit")
    lay(city, "park", "park_202601.correction1.csv", "P1,520102,101", "P9,520103,9")
    (city.settings.inbox / "park" / "park_202602.withdrawal").touch()
    lay(city, "park", "park_202603.csv", "x,y,z")
    take_in(city, now=LATER)
    lay(city, "visit", "visit_20260303.csv", "V3,P9", *(f"V{n}0,P1" for n in range(4, 90)))
    take_in(city, "visit", now=LATER)
    lay(city, "park", "park_202604.csv")
    (city.settings.inbox / "park" / "park_202604.csv").write_text("别的\n1\n", encoding="utf-8")
    take_in(city, now=LATER)
    return city


def test_what_stands_is_what_the_archive_says(city) -> None:
    version = city.lake.version("raw", "park")
    assert fates(rebuild(city, (), Wish(), now=LATER)) == all_of("identical", "park", "visit")
    assert not (city.settings.scratch / "rebuild").exists()
    assert {one.event.action for one in audit.events(city.registry)} == {"delivery.judged_again"}
    assert city.lake.version("raw", "park") == version


def test_a_lost_lake_comes_back_with_every_row_and_account(city) -> None:
    before = {key: rows(city, *key.split(".")) for key in all_of("", "park", "visit")}
    current = parks(city)
    shutil.rmtree(city.settings.lake_url)
    city = again(city)
    assert fates(rebuild(city, (), CHECK, now=LATER)) == all_of("lost", "park", "visit")
    assert not city.lake.exists("raw", "park")
    assert fates(rebuild(city, (), Wish(), now=LATER)) == all_of("restored", "park", "visit")
    assert {key: rows(city, *key.split(".")) for key in before} == before
    assert verify_lake(city).ok
    assert parks(city) == current
    assert {e.event.subject for e in audit.events(city.registry)} == set(before)
    lay(city, "park", "park_202605.csv", "P5,520102,5")
    take_in(city, now=LATER)
    assert parks(city) == {**current, "P5": 5}
    assert fates(rebuild(city, (), CHECK, now=LATER)) == all_of("identical", "park", "visit")


def test_one_resource_is_judged_by_the_tables_that_stand(city) -> None:
    shutil.rmtree(city.lake.uri("raw", "visit"))
    done = rebuild(again(city), ["visit"], Wish(), now=LATER)
    assert fates(done) == {"raw.visit": "restored", "quarantine.visit": "identical"}
    assert verify_lake(city).ok


def damage(city: City) -> None:
    """Let a table lose a row, and another one change."""
    frame = city.lake.scan("raw", "park").filter(pl.col("park_id") != "P2")
    changed = pl.when(pl.col("park_id") == "P9").then(pl.lit(7)).otherwise("area_m2")
    path = city.staging("damage") / "damage.parquet"
    frame.with_columns(area_m2=changed.cast(pl.Int64)).sink_parquet(path)
    schema = dict(city.lake.scan("raw", "park").collect_schema())
    city.lake.commit(
        "raw", "park", [path], schema=schema, action="damage", metadata={}, mode="overwrite"
    )


def test_a_damaged_table_is_told_and_replaced_only_when_asked(city) -> None:
    damage(city)
    done = rebuild(city, (), Wish(), now=LATER)
    assert fates(done) == {**all_of("identical", "park", "visit"), "raw.park": "differs"}
    assert {d["file_name"]: d["problem"] for d in differences(done)} == {
        "park_202601.csv": "raw: 1 rows of the archive are not in the table, "
        "0 rows of the table are not in the archive",
        "park_202601.correction1.csv": "raw: 1 rows of the archive are not in the table, "
        "1 rows of the table are not in the archive",
    }
    assert stored(city, "raw") == 4
    done = rebuild(city, (), Wish(replace=True), now=LATER)
    assert fates(done)["raw.park"] == "replaced"
    assert parks(city) == {"P1": 101, "P9": 9}
    assert verify_lake(city).ok
    assert fates(rebuild(city, (), CHECK, now=LATER)) == all_of("identical", "park", "visit")


def test_a_part_of_a_table_that_is_gone_is_told(city) -> None:
    next(Path(city.lake.uri("raw", "park")).glob("*.parquet")).unlink()
    done = rebuild(city, ["park"], Wish(), now=LATER)
    assert fates(done)["raw.park"] == "differs"
    assert "raw.park: cannot be compared" in differences(done)[0]["problem"]
    assert fates(rebuild(city, ["park"], Wish(replace=True), now=LATER))["raw.park"] == "replaced"
    assert verify_lake(city).ok


def test_an_account_that_does_not_hold_stops_the_whole_resource(city) -> None:
    with city.registry.write() as connection:
        connection.exec_driver_sql(
            "update deliveries set accepted = 1, quarantined = 2 where stem = 'park_202601' "
            "and file_name not like '%correction%'"
        )
    shutil.rmtree(city.lake.uri("raw", "park"))
    done = rebuild(again(city), (), Wish(replace=True), now=LATER)
    assert fates(done)["raw.park"] == "lost"
    assert fates(done)["quarantine.park"] == "differs"
    said = [d["problem"] for d in differences(done)]
    assert any("the account says 3 = 1 accepted + 2 quarantined" in one for one in said)


def test_each_delivery_is_made_again_by_the_entry_that_it_was_judged_by(city, tmp_path) -> None:
    entry = tmp_path / "entries" / "park.yaml"
    stricter = PARK.replace("min: 0", "min: 101").replace("title: 面积", "title: 占地")
    more = "  - {name: opened_on, title: 开放日期, type: date}\norigin:"
    entry.write_text(stricter.replace("origin:", more, 1), encoding="utf-8")
    city = again(city)
    lay(city, "park", "park_202606.csv", "P6,520102,600", "P7,520102,7")
    later = city.settings.inbox / "park" / "park_202606.csv"
    later.write_text(
        "公园编号,行政区划代码,占地,开放日期\nP6,520102,600,2026-06-01\nP7,520102,7,\n"
    )
    assert [one.account.accepted for one in take_in(city, now=LATER)] == [1]
    before = {zone: cells(city, zone, "park") for zone in ("raw", "quarantine")}
    assert verify_lake(city).ok
    assert fates(rebuild(city, (), CHECK, now=LATER)) == all_of("identical", "park", "visit")
    shutil.rmtree(city.settings.lake_url)
    city = again(city)
    assert fates(rebuild(city, (), Wish(), now=LATER)) == all_of("restored", "park", "visit")
    assert {zone: cells(city, zone, "park") for zone in before} == before
    assert verify_lake(city).ok


def test_what_was_collected_for_an_entry_that_ended_is_made_again_too(city, tmp_path) -> None:
    before = rows(city, "raw", "visit")
    (tmp_path / "entries" / "visit.yaml").unlink()
    city = again(city)
    assert verify_lake(city).ok
    shutil.rmtree(city.lake.uri("raw", "visit"))
    assert not verify_lake(city).ok
    done = rebuild(city, ["visit"], Wish(), now=LATER)
    assert fates(done) == {"raw.visit": "restored", "quarantine.visit": "identical"}
    assert rows(city, "raw", "visit") == before


def test_bytes_that_the_archive_has_lost_are_named(city) -> None:
    shutil.rmtree(city.settings.archive_url)
    done = rebuild(city, ["park"], CHECK, now=LATER)
    assert {one["file_name"] for one in differences(done)} >= {"park_202601.csv"}
    assert all(one.fate == "differs" for one in done)


def test_a_lake_of_its_own_is_written_elsewhere(city, tmp_path) -> None:
    done = rebuild(city, (), Wish(into=tmp_path / "other"), now=LATER)
    assert fates(done) == all_of("written", "park", "visit")
    assert not any(one.is_trouble for one in done)
    found = pl.scan_delta(str(tmp_path / "other" / "raw" / "park")).collect()
    assert found.sort("_delivery", "_row").rows() == rows(city, "raw", "park")


def test_a_crash_before_the_registry_followed_is_healed(city) -> None:
    shutil.rmtree(city.settings.lake_url)
    city = again(city)
    rebuild(city, ["park"], Wish(), now=LATER)
    for zone in ("raw", "quarantine"):  # as if the commit had been the last thing done
        deliveries.stand_at(city.registry, "park", zone=zone, version=9)
    release_raw(city, "park", now=LATER)
    assert not verify_lake(city).ok
    assert fates(rebuild(city, ["park"], Wish(), now=LATER)) == all_of("identical", "park")
    assert parks(city) == {"P1": 101, "P9": 9}
    found = verify_lake(city).problems
    wrong = [one for one in found if one["table"] == "raw.park"]
    assert [one for one in wrong if one["subject"] == "release"] == []


def test_a_committed_delivery_whose_account_is_open_is_waited_for(city) -> None:
    one = deliveries.all_of(city.registry, "park")[0].delivery
    opened = replace(one, id="killed-before-closing", file_name="park_202609.csv")
    deliveries.open_delivery(city.registry, opened, stem="park_202609")
    schema = dict(city.lake.scan("raw", "park").collect_schema())
    city.lake.commit("raw", "park", [], schema=schema, action=opened.id, metadata={})
    damage(city)
    done = rebuild(city, ["park"], Wish(replace=True), now=LATER)
    assert fates(done)["raw.park"] == "differs"
    assert any("citylake run closes it" in d["problem"] for d in differences(done))


def test_only_a_source_resource_can_be_rebuilt(city) -> None:
    with pytest.raises(LakeError, match=r"rebuild parc: no such resource.*park"):
        rebuild(city, ["parc"], Wish(), now=LATER)


def test_a_folder_that_holds_tables_is_no_place_for_a_rebuilt_lake(city) -> None:
    with pytest.raises(LakeError, match="holds tables already"):
        rebuild(city, (), Wish(into=Path(city.settings.lake_url)), now=LATER)
