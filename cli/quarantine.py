"""`citylake quarantine`: refused rows with their reasons."""

from __future__ import annotations

import typer

from cli.output import JSON_OPTION, emit_rows, plainly

app = typer.Typer(help="Refused rows and why they were refused.", no_args_is_help=True)
NAME = typer.Argument(..., help="The resource, as citylake quarantine list names it.")
LIMIT = typer.Option(20, "--limit", min=1, help="Rows at most.")
DELIVERY = typer.Option(None, "--delivery", help="Only rows of this delivery.")
RULE = typer.Option(
    None, "--rule", help="Only rows that broke this rule (a defect or defect:item)."
)


@app.command("list")
def list_(as_json: bool = JSON_OPTION) -> None:
    """Count refused rows by resource, delivery and rule.

    Example: citylake quarantine list
    """
    from orchestration.city import open_city
    from orchestration.flows.refused import count_refused

    with plainly():
        rows = count_refused(open_city(probe=False))
    emit_rows(rows, as_json=as_json, columns=("resource", "file", "delivery", "rule", "rows"))


@app.command()
def show(
    name: str = NAME,
    *,
    limit: int = LIMIT,
    delivery: str | None = DELIVERY,
    rule: str | None = RULE,
    as_json: bool = JSON_OPTION,
) -> None:
    """Show refused rows of a resource as they came, under the unit's own headers.

    Example: citylake quarantine show resident --rule unknown_code --limit 5
    """
    from orchestration.city import open_city
    from orchestration.flows.refused import show_refused

    with plainly():
        rows = show_refused(open_city(probe=False), name, limit=limit, delivery=delivery, rule=rule)
    emit_rows(rows, as_json=as_json)
