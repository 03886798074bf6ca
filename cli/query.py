"""`citylake query`: read-only SQL over released tables."""

from __future__ import annotations

import typer

from cli.output import JSON_OPTION, emit_rows, plainly

SQL = typer.Argument(..., help="One select statement; tables are named zone.name.")


def query(sql: str = SQL, as_json: bool = JSON_OPTION) -> None:
    """Query released tables: citylake query "select * from base.person limit 5"."""
    from orchestration.city import open_city
    from orchestration.flows.ask import ask

    with plainly():
        answer = ask(open_city(probe=False), sql)
    emit_rows(answer.rows, as_json=as_json, columns=answer.columns)
