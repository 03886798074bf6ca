"""`citylake run`: the main job, with progress and a summary that says where to look next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from cli.output import JSON_OPTION, emit, emit_rows, plainly, say, warn

if TYPE_CHECKING:
    from orchestration.flows.fetch import Fetched
    from orchestration.summary import Done, Summary

RESOURCE = typer.Option(None, "--resource", "-r", help="Only this resource (may be repeated).")


def run(resource: list[str] | None = RESOURCE, as_json: bool = JSON_OPTION) -> None:
    """Collect what is pending, gate, build, gate, deliver; then say what happened.

    Example: citylake run --resource water_reading --resource water_bill

    Exit code 0 also when deliveries were refused: that is the gate's work. 1: the pipeline failed.
    """
    from orchestration.city import open_city
    from orchestration.run import fetch_sources, plan

    with plainly():
        city = open_city()
        for problem in city.problems:
            warn(f"catalog: {problem}")
        _check_names(resource, city.catalog.entries)
        fetched = fetch_sources(city, resource, report=_tell)
        names = plan(city, resource)
        if names:
            _ = city.lake  # a store that is refused is told of before any progress
        summary = _run(city, names, fetched=fetched, quiet=as_json)
    if as_json:
        emit(_document(summary))
    else:
        _print(summary, city.settings)
    if summary.failures:
        raise SystemExit(1)


def _check_names(names: list[str] | None, known: Any) -> None:  # noqa: ANN401
    for name in names or ():
        if name not in known:
            raise typer.BadParameter(f"no entry is called {name}: see citylake catalog list")


def _tell(one: Done) -> None:
    """Say what a source gave as it does: fetching may take long."""
    warn(f"{one.step} {one.line}")


def _run(
    city: Any,  # noqa: ANN401
    names: tuple[str, ...],
    *,
    fetched: tuple[Fetched, ...],
    quiet: bool,
) -> Summary:
    from orchestration.run import run as run_city

    if quiet or not names:
        return run_city(city, names, report=lambda _: None, fetched=fetched)
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<44}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task("准备 (starting)", total=len(names) or None)
        seen: set[str] = set()

        def report(one: Done) -> None:
            name = f"{one.step} {one.name}"
            if name not in seen:
                seen.add(name)
                progress.update(task, description=name, completed=min(len(seen), len(names)))
            if one.is_trouble:
                progress.console.print(f"  {one.line}", style="yellow", markup=False)

        summary = run_city(city, names, report=report, fetched=fetched)
        progress.update(task, description="完成 (done)", completed=len(names), total=len(names))
    return summary


def _print(summary: Summary, settings: Any) -> None:  # noqa: ANN401
    if summary.is_empty:
        say("没有待办 (nothing to do): the inbox is empty and every table is up to date.")
        return
    if sources := summary.by_source():
        emit_rows(sources, as_json=False, title="采集 fetched")
    emit_rows(summary.by_resource(), as_json=False, title="归集 collected")
    emit_rows(summary.by_model(), as_json=False, title="建库 built")
    emit_rows(summary.by_district(), as_json=False, title="回流 returned to districts")
    for failure in summary.failures:
        warn(f"FAILED {failure}")
    say("")
    say("下一步 where to look next:")
    say("  citylake status · citylake quarantine list · citylake quarantine show NAME")
    say(f"  packages of the districts: {settings.outbox}")
    say("  make dev opens the Dagster UI: assets, checks, runs")


def _document(summary: Summary) -> dict[str, Any]:
    return {
        "fetched": summary.by_source(),
        "collected": summary.by_resource(),
        "built": summary.by_model(),
        "returned": summary.by_district(),
        "failures": summary.failures,
    }
