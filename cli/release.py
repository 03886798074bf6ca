"""`citylake release`: what is released of each table, and the way back."""

from __future__ import annotations

import typer

from cli.output import JSON_OPTION, emit, emit_rows, plainly, say

app = typer.Typer(help="Released versions: what everybody reads.", no_args_is_help=True)
TABLE = typer.Argument(..., help="The table, as zone.name, e.g. base.person.")
TO = typer.Option(None, "--to", help="Number of the release; by default the one before.")
ACTOR = typer.Option(..., "--by", help="Name of the officer who decides.")
REASON = typer.Option(..., "--reason", help="Why: kept in the audit chain.")


@app.command("list")
def list_(table: str = TABLE, as_json: bool = JSON_OPTION) -> None:
    """List every release of a table, oldest first; the last one is what everybody reads.

    Example: citylake release list base.person
    """
    from orchestration.city import open_city
    from registry import releases

    zone, _, name = table.partition(".")
    with plainly():
        found = releases.history(open_city(probe=False).registry, zone, name)
    rows = [
        {
            "release": one.sequence,
            "version": one.release.version,
            "rows": one.release.rows,
            "verdict": one.release.verdict_id,
            "at": one.at.isoformat(timespec="seconds"),
        }
        for one in found
    ]
    emit_rows(rows, as_json=as_json)


@app.command()
def rollback(
    table: str = TABLE,
    *,
    to: int | None = TO,
    by: str = ACTOR,
    reason: str = REASON,
    as_json: bool = JSON_OPTION,
) -> None:
    """Return readers of a table to an earlier release, with an audit event.

    Example: citylake release rollback base.person --by 张示例 --reason "户数异常"
    """
    from orchestration.city import now, open_city
    from orchestration.flows.analyst import refresh
    from orchestration.flows.rollback import rollback as roll_back

    with plainly():
        city = open_city()
        with city.working():
            done = roll_back(city, table, to=to, actor=by, reason=reason, now=now())
            refresh(city)
    about = {"release": done.sequence, "version": done.release.version, "rows": done.release.rows}
    if as_json:
        emit({"table": table, **about})
    else:
        say(f"{table} 已回退: release {done.sequence} shows version {done.release.version} again")
