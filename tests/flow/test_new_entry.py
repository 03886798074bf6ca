"""A new data set is one YAML file: everything else follows from it, and no Python is written."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
import yaml

from catalog.load import ENTRIES, load_catalog
from catalog.render import render_all
from orchestration.city import City
from orchestration.definitions import build_definitions
from orchestration.flows.ask import ask
from orchestration.flows.refused import show_refused
from orchestration.flows.verify import verify_lake
from orchestration.run import plan, run
from orchestration.settings import read_settings
from orchestration.summary import Summary
from sharing.package import verify_package

ENTRY = """\
name: charging_pile
code: "307099002/000001"
title: 充电桩
unit: guiyang_power
abstract: 每个公共充电桩一行，含所在区县和功率，每月全量。
classification: {level: 2, category: utility}
items:
  - {name: pile_id, title: 桩编号, type: string, length: 8, pattern: '^C[0-9]{4}$', key: true}
  - {name: division, title: 行政区划代码, type: code, codes: divisions, required: true}
  - {name: power_kw, title: 功率, type: decimal, precision: [6, 1], min: 0, max: 1000, unit: kW}
  - {name: opened_on, title: 投用日期, type: date, aliases: [启用日期]}
origin: {connector: files, format: csv, encoding: gb18030, pattern: "charging_pile_*.csv"}
update: {cycle: monthly, due: "06:00", mode: snapshot}
quality: {max_quarantine: 50%}
sharing: {type: unconditional}
opening: {type: unconditional}
backflow: {by: division}
retention: 10y
"""
ROWS = """\
桩编号,行政区划代码,功率,启用日期
C0001,520102,120.0,2024-05-01
C0002,520103,7.0,2025年6月1日
C0003,520102,-1,2025-06-01
"""


@dataclass(frozen=True)
class Added:
    """A city with one more entry, and what its first run did."""

    city: City
    summary: Summary


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Added:
    """Return a city whose catalog is the shipped one and one file more, after a delivery."""
    home = tmp_path_factory.mktemp("new_entry")
    entries = Path(shutil.copytree(ENTRIES, home / "catalog" / "entries"))
    (entries / "guiyang_power" / "charging_pile.yaml").write_text(ENTRY, encoding="utf-8")
    city = City(read_settings({"CITYLAKE_HOME": str(home), "CITYLAKE_CATALOG": str(entries)}))
    inbox = city.settings.inbox / "charging_pile"
    inbox.mkdir(parents=True)
    (inbox / "charging_pile_202603.csv").write_text(ROWS, encoding="gb18030")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", "")  # what the run puts there is taken back afterwards
        assert plan(city) == ("charging_pile",)
        return Added(city, run(city, plan(city), report=lambda _: None))


def test_the_entry_is_right_beside_all_others(added) -> None:
    assert added.city.problems == ()
    assert len(added.city.catalog.entries) == len(load_catalog().entries) + 1


def test_the_run_takes_the_delivery_and_nothing_fails(added) -> None:
    assert added.summary.failures == []
    (row, _) = added.summary.by_resource()
    assert (row["rows"], row["accepted"], row["quarantined"]) == (3, 2, 1)
    assert plan(added.city) == ()
    assert verify_lake(added.city).ok


def test_it_is_an_asset_with_columns_checks_and_a_schedule(added) -> None:
    graph = build_definitions(added.city).resolve_asset_graph()
    asset = graph.get(dg.AssetKey(["raw", "charging_pile"]))
    columns = {c.name: c for c in asset.metadata["dagster/column_schema"].columns}
    assert {name: column.type for name, column in columns.items()} == {
        "pile_id": "varchar",
        "division": "varchar",
        "power_kw": "decimal(6,1)",
        "opened_on": "date",
    }
    assert columns["power_kw"].description == "功率"
    assert not columns["pile_id"].constraints.nullable
    assert asset.group_name == "guiyang_power"
    assert asset.tags["cycle"] == "monthly"
    assert asset.freshness_policy is not None
    checks = graph.get_check_keys_for_assets({asset.key})
    assert {check.name for check in checks} == {"gate", "account"}
    assert graph.has(dg.AssetKey(["backflow", "charging_pile"]))


def test_rows_are_stored_as_declared_and_can_be_asked_for(added) -> None:
    sql = "select pile_id, power_kw, opened_on from current.charging_pile order by pile_id"
    rows = [tuple(map(str, row.values())) for row in ask(added.city, sql).rows]
    assert rows == [("C0001", "120.0", "2024-05-01"), ("C0002", "7.0", "2025-06-01")]
    stored = added.city.lake.scan("raw", "charging_pile").collect_schema()
    assert stored["power_kw"] == pl.Decimal(6, 1)


def test_a_bad_row_is_quarantined_with_its_rule_under_its_own_headers(added) -> None:
    (row,) = show_refused(added.city, "charging_pile", limit=5)
    assert (row["rules"], row["record"]) == (["out_of_range:power_kw"], 3)
    assert (row["桩编号"], row["功率"]) == ("C0003", "-1")


def test_its_page_and_its_dbt_source_are_rendered(added) -> None:
    files = render_all(added.city.catalog)
    shipped = render_all(load_catalog())
    new = set(files) - set(shipped)
    assert {str(path) for path in new} == {"docs/catalog/raw/charging_pile.md"}
    page = files[new.pop()]
    assert all(word in page for word in ("充电桩", "桩编号", "307099002/000001"))
    changed = {str(path) for path in shipped if files[path] != shipped[path]}
    assert changed == {
        *("dbt_project/models/_exposures.yml", "dbt_project/models/staging/_sources.yml"),
        "docs/catalog/README.md",
    }
    sources = yaml.safe_load(files[Path("dbt_project/models/staging/_sources.yml")])["sources"]
    for source in sources[:3]:  # raw, current, history
        (table,) = [one for one in source["tables"] if one["name"] == "charging_pile"]
        assert [column["name"] for column in table["columns"]][:4] == [
            *("pile_id", "division", "power_kw", "opened_on")
        ]


def test_each_district_receives_its_own_rows(added) -> None:
    own = added.city.lake.scan("backflow", "charging_pile__520102").collect()
    assert own["pile_id"].to_list() == ["C0001"]
    (folder,) = (added.city.settings.outbox / "520103" / "charging_pile").iterdir()
    assert verify_package(folder).ok
    text = (folder / "charging_pile.csv").read_text(encoding="utf-8-sig")
    assert "C0002" in text
    assert "C0001" not in text
    (row,) = added.summary.by_district()
    assert (row["released"], row["520102"], row["520103"], row["withheld"]) == (2, 1, 1, 0)
