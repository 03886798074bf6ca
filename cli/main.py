"""The command `citylake`: the door to every flow; each noun is a file of its own.

Rooms are imported inside commands, so that help and short answers come at once.
"""

from __future__ import annotations

import sys

import typer
from typer.exceptions import TyperException

from cli import (
    audit,
    catalog,
    deliver,
    demo,
    docs,
    identity,
    lake,
    models,
    quarantine,
    query,
    release,
    run,
    share,
    status,
    trace,
    verdict,
)
from cli.output import fail

app = typer.Typer(
    name="citylake",
    help=(
        "城市公共数据湖仓: collect, gate, build and return a city's public data, with evidence.\n\n"
        "Start: citylake demo, citylake run, citylake status. "
        "Every command takes --json. Exit code: 0 done, 1 could not, 2 wrong usage."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run")(run.run)
app.command("demo")(demo.demo)
app.command("deliver")(deliver.deliver)
app.command("gate")(deliver.gate)
app.command("status")(status.status)
app.command("query")(query.query)
app.command("trace")(trace.trace)
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(catalog.app, name="catalog")
app.add_typer(lake.app, name="lake")
app.add_typer(models.app, name="models")
app.add_typer(release.app, name="release")
app.add_typer(verdict.app, name="verdict")
app.add_typer(docs.app, name="docs")
app.add_typer(identity.app, name="identity")
app.add_typer(share.app, name="share")
app.add_typer(audit.app, name="audit")


def main() -> None:
    """Run the command line; wrong usage is said in one line too, with exit code 2."""
    try:
        sys.exit(app(prog_name="citylake", standalone_mode=False))
    except TyperException as error:
        if not error.format_message():  # help was asked for by saying nothing, and is printed
            sys.exit(error.exit_code)
        context = getattr(error, "ctx", None)
        command = context.command_path if context is not None else "citylake"
        text = error.format_message().rstrip(".")
        fail(f"{text}: see {command} --help", code=error.exit_code)
