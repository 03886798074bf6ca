"""`citylake identity`: pairs that a person must decide, the decisions, conflicts between sources.

Keys are given on the command line and kept as digests only.
"""

from __future__ import annotations

from typing import Literal

import typer

from cli.output import JSON_OPTION, emit, emit_rows, fail, plainly, say

app = typer.Typer(help="Identity: pairs of rows that people decide.", no_args_is_help=True)
TABLE = typer.Argument(..., help="A table of links or of entities, e.g. holder_link.")
ONE = typer.Argument(..., help="Key of the claim, e.g. water:520100000001, or of a member.")
OTHER = typer.Argument(..., help="Key of the record, e.g. organization:91520100MB9900144W:1.")
SAME = typer.Option(
    None, "--same/--different", help="What they are; neither takes the decision back."
)
ACTOR = typer.Option(..., "--by", help="Name of the officer who decides.")
REASON = typer.Option(..., "--reason", help="Why: kept in the audit chain; name nobody.")


KIND = typer.Option(None, "--kind", help="Kind of the entity: person, legal_entity, …")
KEY = typer.Option(None, "--key", help="Its key, e.g. its credit code, or water:520100000001.")


@app.command()
def conflicts(kind: str | None = KIND, key: str | None = KEY, as_json: bool = JSON_OPTION) -> None:
    """Count the conflicts between sources by field, or list those of one entity.

    Example: citylake identity conflicts --kind legal_entity --key 91520100MB9900144W
    """
    from orchestration.city import open_city
    from orchestration.flows.conflicts import conflicts_by_field, conflicts_of

    if (kind is None) != (key is None):
        fail("--kind and --key go together: name both, or neither", code=2)
    with plainly():
        city = open_city(probe=False)
        rows = (
            conflicts_by_field(city)
            if kind is None or key is None
            else conflicts_of(city, kind, key)
        )
    emit_rows(rows, as_json=as_json)


@app.command()
def review(table: str = TABLE, as_json: bool = JSON_OPTION) -> None:
    """List the released pairs that wait for a decision, the likeliest first.

    Example: citylake identity review holder_link
    """
    from orchestration.city import open_city
    from orchestration.flows.identity import waiting

    with plainly():
        rows = waiting(open_city(probe=False), table)
    emit_rows(rows, as_json=as_json)


@app.command()
def decide(
    table: str = TABLE,
    one: str = ONE,
    other: str = OTHER,
    *,
    same: bool | None = SAME,
    by: str = ACTOR,
    reason: str = REASON,
    as_json: bool = JSON_OPTION,
) -> None:
    """Decide that two rows are the same or are not; the next run honours it.

    Example: citylake identity decide holder_link CLAIM RECORD --same --by 张示例 --reason "核对"
    """
    from orchestration.city import now, open_city
    from orchestration.flows.identity import decide as write_down

    said: dict[bool | None, Literal["same", "different", "open"]]
    said = {True: "same", False: "different", None: "open"}
    with plainly():
        city = open_city()
        with city.working():
            done = write_down(
                city, table, one, other, verdict=said[same], by=by, reason=reason, now=now()
            )
    if as_json:
        emit({"table": table, "verdict": done.verdict, "one": done.one, "other": done.other})
    else:
        say(f"{table} 已记录: {done.verdict}；下次运行生效")
