"""The command `citylake`: the door to every flow; each noun is a file of its own.

Rooms are imported inside commands, so that help and short answers come at once.
"""

from __future__ import annotations

import typer

from cli import audit, catalog, deliver, demo, lake, quarantine, query, run, status, trace

app = typer.Typer(
    name="citylake",
    help="城市公共数据湖仓: collect, gate, build and return a city's public data, with evidence.",
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
app.add_typer(audit.app, name="audit")


def main() -> None:
    """Run the command line."""
    app()
