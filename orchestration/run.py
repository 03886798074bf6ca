"""The main job from a command line: what is pending is collected, built and delivered.

Runs Dagster's `city` job in this process over the assets concerned only, so that its history is
in the UI; with nothing pending Dagster is not even imported.
Keep out: printing (cli).
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.problem import CatalogError
from orchestration.city import City, now
from orchestration.flows.analyst import refresh
from orchestration.flows.backflow import undelivered
from orchestration.flows.build import Built, stale
from orchestration.flows.collect import Collected, take_strays, waiting
from orchestration.flows.fetch import Fetched, fetch, fetchable
from orchestration.flows.release import unreleased
from orchestration.flows.supervise import supervise
from orchestration.graph import collection_order, downstream, read_models
from orchestration.summary import Done, Report, Summary

if TYPE_CHECKING:
    from dagster import DagsterEvent, DagsterInstance

# Dagster's own log tells of every event; people read the summary, and the UI has the rest.
QUIET = {"console": {"config": {"log_level": "CRITICAL"}}}
# Dagster's tag of the runs of this door: who holds the home knows that all others are dead.
DOOR = {"citylake/door": "run"}


def fetch_sources(
    city: City, resources: Iterable[str] | None = None, *, report: Report
) -> tuple[Fetched, ...]:
    """Look once at every source, or at those of the named resources; a failed one stops no other.

    Before the plan: what a source gives waits in the inbox then, like any delivery.
    """
    done = []
    for name in fetchable(city, resources):
        done.append(fetch(city, name, now=now()))
        report(done[-1])
    return tuple(done)


def plan(city: City, resources: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the tables that have something to do now, sources first, models in build order."""
    if not city.catalog.entries:
        # Without entries every delivery would be a stray: more likely the folder is the wrong one.
        raise CatalogError(city.problems)
    wanted = None if resources is None else set(resources)
    models = read_models(city.catalog)
    pending = {n for n in waiting(city) if n in city.catalog.entries} | set(unreleased(city))
    if wanted is not None:
        pending &= wanted
    sources = collection_order(city.catalog, pending)
    reached = set(downstream(models, sources)) | set(stale(city, models))
    if wanted is not None:
        reached &= set(downstream(models, wanted))
    crossings = set(undelivered(city, now=now()))
    rest = [n for n in crossings if n not in pending and n not in reached]
    if wanted is not None:
        rest = [n for n in rest if n in wanted]
    return (*sources, *(name for name in models if name in reached), *sorted(rest))


def run(
    city: City, names: Iterable[str], *, report: Report, fetched: Iterable[Fetched] = ()
) -> Summary:
    """Run the city job over these tables and sum up; a failed step never stops the others.

    `fetched` is what was fetched for it just now: the job asks no source again.
    """
    summary = Summary(done=list(fetched))

    def note(one: Done) -> None:
        summary.done.append(one)
        if isinstance(one, Built) and one.outcome == "failed":
            summary.failures.append(one.line)
        report(one)

    with city.working():
        city.sweep()
        for stray in take_strays(city, now=now()):
            note(stray)
        chosen = list(names)
        if chosen:
            summary.failures += _run_job(city, chosen, note)
        refresh(city)  # of a run that was killed between a release and its view
        if any(isinstance(one, Collected) for one in summary.done):
            supervise(city, now=now())
    return summary


def _run_job(city: City, names: list[str], report: Report) -> list[str]:
    # It sets its own loggers to INFO when imported; dbt's handler would print that.
    logging.getLogger("great_expectations").propagate = False
    prepare_dagster_home(city)
    import dagster as dg

    from orchestration.definitions import CITY_JOB, build_definitions

    definitions = build_definitions(city, names=names, report=report, fetching=False)
    job = definitions.resolve_job_def(CITY_JOB)
    with dg.DagsterInstance.get() as instance:
        _end_killed_runs(instance)
        result = job.execute_in_process(
            instance=instance, raise_on_error=False, run_config={"loggers": QUIET}, tags=DOOR
        )
        failed = [event for event in result.all_events if event.is_step_failure]
    return [f"{event.step_key}: {_cause(event)}" for event in failed]


def _end_killed_runs(instance: DagsterInstance) -> None:
    """Tell Dagster of runs whose process is gone: its queue would wait for them for ever."""
    import dagster as dg

    going_on = [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTED]
    for killed in instance.get_runs(dg.RunsFilter(tags=DOOR, statuses=going_on)):
        instance.report_run_failed(killed, "its process was killed; a later run goes on with it")


def _cause(event: DagsterEvent) -> str:
    """Return what made a step fail, in one line; Dagster keeps where it happened."""
    error = event.step_failure_data.error
    cause = error.cause if error is not None and error.cause is not None else error
    return "unknown" if cause is None else " ".join(cause.message.split())


def prepare_dagster_home(city: City) -> Path:
    """Make DAGSTER_HOME ready: its folder, and our dagster.yaml unless one is there."""
    home = city.settings.dagster_home
    os.environ["DAGSTER_HOME"] = str(home)  # Dagster reads it from nowhere else
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "dagster.yaml").exists():
        part = home / f".dagster.yaml.{os.getpid()}.part"
        shutil.copyfile(Path(__file__).parent / "dagster.yaml", part)
        part.rename(home / "dagster.yaml")  # whole or not at all: half of it is no setting
    return home
