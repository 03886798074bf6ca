"""What a run tells of itself: OpenLineage events, and column lineage in Dagster."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import dagster as dg
import pytest

from orchestration.flows.model_docs import build_model_docs
from orchestration.lineage import Origin, upstream
from orchestration.openlineage.event import Json
from tests.flow.conftest import Ran
from tests.orchestration.openlineage.schema import faults

pytestmark = pytest.mark.xdist_group("tiny_city")
LINKED = {"holder_link", "entity_member"}


@pytest.fixture(scope="module")
def events(ran: Ran) -> list[Json]:
    folder = ran.city.settings.reports / "openlineage"
    lines = [line for path in folder.glob("*.jsonl") for line in path.read_text().splitlines()]
    return [json.loads(line) for line in lines]


def columns(event: Json) -> dict[str, tuple[Origin, ...]]:
    fields = event["outputs"][0]["facets"]["columnLineage"]["fields"]
    return {
        name: tuple(Origin(*one["name"].split("."), one["field"]) for one in said["inputFields"])
        for name, said in fields.items()
    }


def test_every_event_is_what_the_published_schema_says(events) -> None:
    kinds = {(one["job"]["name"].partition(".")[0], one["eventType"]): one for one in events}
    assert [key for key, one in kinds.items() if faults(one)] == []


def test_every_start_has_its_end(events) -> None:
    ends = Counter(one["run"]["runId"] for one in events if one["eventType"] != "START")
    starts = [one["run"]["runId"] for one in events if one["eventType"] == "START"]
    assert len(starts) > 30
    assert {ends[run] for run in starts} == {1}


def test_a_thematic_column_leads_to_the_items_of_the_units(events) -> None:
    built: dict[tuple[str, str], Any] = {}
    for one in events:
        if one["job"]["name"].startswith("build.") and one["eventType"] == "COMPLETE":
            zone, name = one["outputs"][0]["name"].split(".")
            if name not in LINKED:  # not made by SQL
                built[zone, name] = columns(one)
    found = upstream(built, Origin("thematic", "vacant_housing", "water_m3"))
    assert Origin("raw", "water_bill", "usage_m3") in found
    assert {one.name for one in found} <= {"water_bill", "power_bill", "gas_bill"}


def test_dagster_shows_the_origins_of_columns(ran) -> None:
    home = ran.city.settings.dagster_home
    with dg.DagsterInstance.from_config(str(home)) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(["base", "daily_usage"]))
    assert event is not None
    assert event.asset_materialization is not None
    said = event.asset_materialization.metadata["dagster/column_lineage"].value
    deps = said.deps_by_column["usage"]
    assert {(dep.asset_key.path[-1], dep.column_name) for dep in deps} == {
        ("water_reading", "usage_m3"),
        ("power_reading", "usage_kwh"),
        ("gas_reading", "usage_m3"),
    }


def test_the_models_site_names_the_items_that_a_column_comes_from(ran) -> None:
    page = build_model_docs(ran.city).read_text(encoding="utf-8")
    assert "INLINE DATA" not in page
    assert "← gas_bill.usage_m3, power_bill.usage_kwh, water_bill.usage_m3" in page
