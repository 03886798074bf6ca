"""A table is built when there is something to build it of, and only a pass is released."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from orchestration.city import City
from orchestration.flows.build import Built, build, input_versions, stale
from orchestration.graph import read_models
from orchestration.run import plan, run
from registry import releases, verdicts
from tests.orchestration.town import LATER, NOW, again, take_in, town

# dbt is parsed once a process, which takes seconds: one worker for all of these.
pytestmark = pytest.mark.xdist_group("dbt")
DIVISION = "区划代码,区划名称,区划级别,上级区划代码,生效日期,失效日期,承接区划代码"
ADDRESS = "地址编码,行政区划代码,街道代码,道路,门牌号,楼栋,单元,户室,经度,纬度,地址状态,小区"
NANMING = "520102,南明区,district,520100,1955-01-01,,"
YUNYAN = "520103,云岩区,district,520100,1955-01-01,,"
HOUSE = f"{'520102016' + '1' * 12},520102,520102016,一路,1号,,,,106.7,26.5,in_use,"


def lay(city: City, resource: str, name: str, *lines: str) -> None:
    path = city.settings.inbox / resource / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((*lines, "")), encoding="utf-8")
    collected = take_in(city, resource)
    assert [one.outcome for one in collected] in (["accepted"], ["withdrawn"]), collected[0].line


def made(city: City, name: str, now: dt.datetime = NOW) -> Built:
    return build(city, read_models(city.catalog)[name], now=now)


def edited(city: City, name: str, *edits: tuple[str, str]) -> City:
    """Return the city with one entry of its catalog edited."""
    path = city.settings.catalog / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return again(city)


@pytest.fixture
def city(tmp_path: Path) -> City:
    return town(tmp_path, shipped=("division", "administrative_division"))


def test_a_table_is_built_judged_and_released_once(city) -> None:
    assert stale(city) == ()
    assert made(city, "administrative_division").outcome == "waiting"
    lay(city, "division", "division_2026.csv", DIVISION, NANMING, YUNYAN)
    assert stale(city) == ("administrative_division",)
    built = made(city, "administrative_division")
    assert (built.outcome, built.version, built.rows) == ("released", 0, 2)
    released = releases.released(city.registry, "base", "administrative_division")
    assert released.release.inputs == input_versions(city, read_models(city.catalog)[built.name])
    kept = verdicts.get(city.registry, released.release.verdict_id)
    assert kept.verdict.passed
    assert stale(again(city)) == ()
    assert made(city, "administrative_division", LATER).outcome == "unchanged"
    assert city.lake.version("base", "administrative_division") == 0


def test_a_version_that_fails_the_gate_is_held_and_the_released_one_stays(city) -> None:
    lay(city, "division", "division_2026.csv", DIVISION, NANMING, YUNYAN)
    made(city, "administrative_division")
    rule = "quality: {rules: [{rows: {min: 1000}}]}\nretention"
    city = edited(city, "administrative_division", ("retention", rule))
    assert stale(city) == ("administrative_division",)
    built = made(city, "administrative_division", LATER)
    assert built.outcome == "held"
    assert built.is_trouble
    assert built.verdict is not None
    assert not built.verdict.passed
    assert built.version == 1
    assert releases.released(city.registry, "base", built.name).release.version == 0
    assert stale(again(city)) == (), "unchanged inputs are not tried again"
    again_built = made(city, built.name, LATER)
    assert again_built.outcome == "held"
    assert built.message in again_built.message
    assert city.lake.version("base", built.name) == 1


def test_what_is_built_on_a_held_table_reads_its_last_release_and_says_so(tmp_path) -> None:
    shipped = ("division", "administrative_division", "standard_address", "address")
    city = town(tmp_path, shipped=shipped)
    lay(city, "division", "division_2026.csv", DIVISION, NANMING, YUNYAN)
    lay(city, "standard_address", "standard_address_202603.csv", ADDRESS, HOUSE)
    assert made(city, "administrative_division").outcome == "released"
    assert made(city, "address").message == "passed"
    rule = "quality: {rules: [{rows: {min: 1000}}]}\nretention"
    city = edited(city, "administrative_division", ("retention", rule))
    assert made(city, "administrative_division", LATER).outcome == "held"
    assert "address" not in stale(city), "nothing that it reads has changed"
    other = HOUSE.replace("1号", "2号").replace("1" * 12, "2" * 12)
    lay(city, "standard_address", "standard_address_202604.csv", ADDRESS, HOUSE, other)
    built = made(city, "address", LATER)
    assert (built.outcome, built.rows) == ("released", 2)
    said = "base.administrative_division is held, so its version 0 was read"
    assert built.message == f"passed; {said}"


def test_new_rows_are_tried_again_after_a_failure(city) -> None:
    rule = "quality: {rules: [{rows: {min: 2}}]}\nretention"
    city = edited(city, "administrative_division", ("retention", rule))
    lay(city, "division", "division_2025.csv", DIVISION, NANMING)
    assert made(city, "administrative_division").outcome == "held"
    lay(city, "division", "division_2026.csv", DIVISION, NANMING, YUNYAN)
    assert stale(city) == ("administrative_division",)
    assert made(city, "administrative_division", LATER).outcome == "released"


def test_a_model_that_dbt_cannot_build_says_why_and_is_tried_again(city, monkeypatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")  # what the run puts there is taken back afterwards
    item = "  - {name: valid_to, title: 失效日期, type: date}\n"
    rule = "{ordered: {items: [valid_from, valid_to], as: ended_before_begun}}"
    apart = "    - {no_overlap: {by: [code], since: valid_from, until: valid_to}}\n"
    edits = ((item, ""), (apart, ""), (rule, "{unique: {items: [name]}}"))
    city = edited(city, "division", *edits)
    lay(city, "division", "division_2026.csv", DIVISION.replace(",失效日期", ""), NANMING[:-1])
    built = made(city, "administrative_division")
    assert built.outcome == "failed"
    assert "valid_to" in built.message
    assert built.line.startswith("base.administrative_division: failed: ")
    assert releases.released(city.registry, "base", built.name) is None
    assert stale(again(city)) == (built.name,)
    assert "valid_to" in made(city, built.name, LATER).message
    summary = run(city, plan(city), report=lambda _: None)
    assert [line.partition(": ")[0] for line in summary.failures] == [f"base.{built.name}"]


def test_an_input_that_never_came_does_not_stop_a_table(tmp_path) -> None:
    shipped = ("division", "administrative_division", "standard_address", "address")
    city = town(tmp_path, shipped=shipped)
    lay(city, "standard_address", "standard_address_202603.csv", ADDRESS, HOUSE)
    assert stale(city) == ("address",)
    built = made(city, "address")
    assert (built.outcome, built.rows) == ("released", 1)
    lay(city, "division", "division_2026.csv", DIVISION, NANMING)
    assert stale(city) == ("administrative_division", "address"), "what is below waits for it"
    assert made(city, "administrative_division", LATER).outcome == "released"
    assert made(city, "address", LATER).outcome == "released"
    rows = city.lake.scan("base", "address").collect()
    assert rows["division"].to_list() == ["520102"]
    assert [len(ids) for ids in rows["_deliveries"]] == [2]


def test_a_table_whose_only_delivery_is_withdrawn_becomes_empty(city) -> None:
    lay(city, "division", "division_2026.csv", DIVISION, NANMING)
    made(city, "administrative_division")
    lay(city, "division", "division_2026.withdrawal", "发错了")
    assert stale(city) == ("administrative_division",)
    built = made(city, "administrative_division", LATER)
    assert (built.outcome, built.rows) == ("released", 0)
    assert stale(city) == ()
