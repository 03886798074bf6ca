"""What Dagster shows is the catalog: an asset a table, its gate a check, its cycle a schedule."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import dagster as dg
import pytest

from catalog.entry import Entry
from orchestration.city import City
from orchestration.definitions import CITY_JOB, build_definitions
from orchestration.freshness import CRON, WINDOW_HOURS
from orchestration.graph import read_models
from orchestration.run import plan, run
from orchestration.settings import read_settings
from tests.orchestration.town import PARK, VISIT, lay, town

SHIPPED = City(read_settings({"CITYLAKE_HOME": "nowhere"}))
DEFINED = build_definitions(SHIPPED)
GRAPH = DEFINED.resolve_asset_graph()
ENTRIES = SHIPPED.catalog.entries


def key(entry: Entry) -> dg.AssetKey:
    return dg.AssetKey([entry.zone, entry.name])


def test_the_definitions_of_the_whole_catalog_load() -> None:
    dg.Definitions.validate_loadable(DEFINED)


def test_there_is_an_asset_for_every_table_and_for_what_flows_back() -> None:
    tables = {key(entry) for entry in ENTRIES.values()}
    returned = {dg.AssetKey(["backflow", e.name]) for e in ENTRIES.values() if e.backflow}
    told = {dg.AssetKey(["supervision", name]) for name in ("quality_score", "quarantine_age")}
    assert GRAPH.materializable_asset_keys == tables | returned | told


@pytest.mark.parametrize("name", ENTRIES)
def test_an_asset_says_what_its_entry_says(name) -> None:
    entry = ENTRIES[name]
    spec = GRAPH.get(key(entry))
    assert spec.group_name == entry.group
    assert spec.owners == [f"team:{entry.unit}"]
    assert spec.kinds == {"deltalake", "dbt" if entry.origin.model else "polars"}
    assert spec.description.startswith(entry.title)
    columns = spec.metadata["dagster/column_schema"].columns
    assert [column.name for column in columns] == [item.name for item in entry.items]
    assert [column.description for column in columns] == [item.title for item in entry.items]
    assert spec.metadata["信息资源代码"] == entry.code
    checks = {check.name for check in GRAPH.get_check_keys_for_assets({key(entry)})}
    assert checks == ({"gate"} if entry.origin.model else {"gate", "account"})


def test_tables_depend_on_what_they_are_made_of_and_judged_by() -> None:
    models = read_models(SHIPPED.catalog)
    for name, model in models.items():
        parents = GRAPH.get(key(ENTRIES[name])).parent_keys
        assert parents == {key(ENTRIES[other]) for other in model.inputs}
    bill = GRAPH.get(dg.AssetKey(["raw", "water_bill"]))
    assert bill.parent_keys == {dg.AssetKey(["raw", "water_account"])}
    own = GRAPH.get(dg.AssetKey(["backflow", "person"]))
    assert own.parent_keys == {dg.AssetKey(["base", "person"])}


def test_a_table_is_late_by_its_cycle_and_never_when_irregular() -> None:
    for entry in ENTRIES.values():
        policy = GRAPH.get(key(entry)).freshness_policy
        hours = WINDOW_HOURS.get(entry.update.cycle)
        assert (policy is None) is (hours is None), entry.name
        if policy is not None:
            assert policy.fail_window.to_timedelta() == dt.timedelta(hours=hours)


def test_there_is_one_schedule_for_each_cycle_in_use() -> None:
    used = {e.update.cycle for e in SHIPPED.catalog.sources()} & set(CRON)
    found = {schedule.name: schedule for schedule in DEFINED.schedules}
    assert set(found) == {f"{cycle}_collection" for cycle in used}
    assert {one.execution_timezone for one in found.values()} == {"Asia/Shanghai"}
    daily = DEFINED.resolve_job_def("daily_job").asset_layer.executable_asset_keys
    assert {key(e) for e in SHIPPED.catalog.sources() if e.update.cycle == "daily"} <= daily
    assert dg.AssetKey(["raw", "division"]) not in daily


def sensed(city: City) -> dg.SensorResult | dg.SkipReason:
    definitions = build_definitions(city)
    (sensor,) = definitions.sensors
    context = dg.build_sensor_context(repository_def=definitions.get_repository_def())
    return sensor(context)


def test_the_inbox_sensor_skips_an_empty_inbox(tmp_path) -> None:
    said = sensed(town(tmp_path))
    assert isinstance(said, dg.SkipReason)
    assert "收件箱为空" in said.skip_message


def test_the_inbox_sensor_asks_for_what_arrived_and_all_below(tmp_path) -> None:
    city = town(tmp_path, PARK, VISIT)
    lay(city, "park", "park_202601.csv", "P1,520102,1")
    said = sensed(city)
    assert isinstance(said, dg.SensorResult)
    (request,) = said.run_requests
    assert set(request.asset_selection) == {
        dg.AssetKey(["raw", "park"]),
        dg.AssetKey(["backflow", "park"]),
        dg.AssetKey(["raw", "visit"]),
        dg.AssetKey(["supervision", "quality_score"]),
        dg.AssetKey(["supervision", "quarantine_age"]),
    }


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setenv("DAGSTER_HOME", "")  # what the run puts there is taken back afterwards
    return town(tmp_path, PARK, VISIT)


def test_a_run_is_in_the_history_with_rows_and_checks(city) -> None:
    lay(city, "park", "park_202601.csv", "P1,520102,1", "P2,520103,2", "X,520103,3")
    summary = run(city, plan(city), report=lambda _: None)
    assert summary.failures == []
    assert plan(city) == ()
    with dg.DagsterInstance.from_config(str(city.settings.dagster_home)) as instance:
        (record,) = instance.get_run_records()
        assert record.dagster_run.status is dg.DagsterRunStatus.SUCCESS
        event = instance.get_latest_materialization_event(dg.AssetKey(["raw", "park"]))
        metadata = event.asset_materialization.metadata
        assert metadata["dagster/row_count"].value == 2
        assert metadata["delta_version"].value == 0
        returned = instance.get_latest_materialization_event(dg.AssetKey(["backflow", "park"]))
        assert returned.asset_materialization.metadata["dagster/row_count"].value == 2
        for name, rows in (("gate", "quarantined"), ("account", "quarantined")):
            found = instance.event_log_storage.get_asset_check_execution_history(
                dg.AssetCheckKey(dg.AssetKey(["raw", "park"]), name), limit=1
            )
            said = found[0].event.dagster_event.event_specific_data
            assert said.passed
            assert said.metadata[rows].value == 1


def test_a_check_says_in_chinese_why_a_file_could_not_be_read(city) -> None:
    lay(city, "park", "park_202601.csv")
    (city.settings.inbox / "park" / "park_202602.csv").write_bytes(b"")
    run(city, plan(city), report=lambda _: None)
    with dg.DagsterInstance.from_config(str(city.settings.dagster_home)) as instance:
        found = instance.event_log_storage.get_asset_check_execution_history(
            dg.AssetCheckKey(dg.AssetKey(["raw", "park"]), "gate"), limit=1
        )
        said = found[0].event.dagster_event.event_specific_data
    assert not said.passed
    assert "park_202602.csv：文件没有任何内容，请完整地重新报送（" in said.description
    assert "empty:" not in said.description


def test_a_failed_step_is_a_failure_of_ours_and_stops_no_other(city) -> None:
    lay(city, "park", "park_202601.csv", "P1,520102,1")
    lay(city, "visit", "visit_20260301.csv", "V1,P1")
    blocked = city.settings.outbox
    blocked.write_text("a file where the districts' packages should be")
    summary = run(city, plan(city), report=lambda _: None)
    assert len(summary.failures) == 1
    assert summary.failures[0].startswith("backflow__park: sharing.error.SharingError: ")
    assert "\n" not in summary.failures[0]
    outcomes = {row["resource"]: row["taken"] for row in summary.by_resource()}
    assert outcomes == {"park": 1, "visit": 1, "total": 2}
    blocked.unlink()
    assert run(city, plan(city), report=lambda _: None).failures == []
    assert (blocked / "520102" / "park").is_dir()


def test_a_job_started_in_dagster_tells_of_units_too(city) -> None:
    lay(city, "park", "park_202601.csv", "P1,520102,1", "X,520103,3")
    job = build_definitions(city).resolve_job_def(CITY_JOB)
    with dg.instance_for_test() as instance:
        done = job.execute_in_process(instance=instance)
    assert done.success
    found = city.lake.scan("supervision", "quarantine_age").collect()
    assert found["rule"].to_list() == ["pattern:park_id"]
    (told,) = done.asset_materializations_for_node("supervision")[1:]
    assert told.metadata["delta_version"].value == 0
