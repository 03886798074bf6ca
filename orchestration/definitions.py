"""What Dagster loads: assets of the whole catalog, jobs, schedules and the inbox sensor.

Keep out: reading the environment (settings.py) and anything that takes time to import.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import dagster as dg

from orchestration.assets import Report, build_assets, silent
from orchestration.city import City, open_city
from orchestration.flows.collect import waiting
from orchestration.freshness import schedules
from orchestration.supervision_assets import supervision_assets

CITY_JOB = "city"


def build_definitions(
    city: City,
    *,
    names: Iterable[str] | None = None,
    report: Report = silent,
    fetching: bool = True,
) -> dg.Definitions:
    """Build the definitions of a city, or of the named tables of it only."""
    assets = build_assets(city, names=names, report=report, fetching=fetching)
    if names is None:
        assets.append(supervision_assets(city))
    cycles = {entry.update.cycle for entry in city.catalog.sources()}
    return dg.Definitions(
        assets=assets,
        jobs=[city_job()],
        schedules=schedules(cycles) if names is None else [],
        sensors=[inbox_sensor(city)] if names is None else [],
        executor=dg.in_process_executor,
    )


def city_job() -> Any:  # noqa: ANN401 - Dagster does not export the type
    """Return the job that does everything: collect, gate, build, gate, deliver."""
    return dg.define_asset_job(
        CITY_JOB,
        selection=dg.AssetSelection.all(),
        description="归集、门禁、建库、门禁、回流：整座城市一次完成",
        executor_def=dg.in_process_executor,
    )


def inbox_sensor(city: City) -> dg.SensorDefinition:
    """Return the sensor that runs the city for resources whose deliveries have arrived."""

    @dg.sensor(name="inbox", job_name=CITY_JOB, minimum_interval_seconds=30)
    def inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        names = [name for name in waiting(city) if name in city.catalog.entries]
        if not names:
            return dg.SkipReason("收件箱为空 (nothing waits in the inbox)")
        selection = dg.AssetSelection.assets(*(["raw", name] for name in names)).downstream()
        repository = context.repository_def
        if repository is None:
            return dg.SkipReason("no repository to select assets from")
        keys = selection.resolve(repository.asset_graph)
        return dg.SensorResult(run_requests=[dg.RunRequest(asset_selection=sorted(keys))])

    return inbox


@dg.definitions
def definitions() -> dg.Definitions:
    """Open the city that the environment names and define it for Dagster."""
    return build_definitions(open_city())
