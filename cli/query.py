"""`citylake query`: read-only SQL over released tables."""

from __future__ import annotations

import typer

from cli.output import JSON_OPTION, emit_rows, plainly

SQL = typer.Argument(..., help="One select statement; tables are named zone.name.")


def query(sql: str = SQL, as_json: bool = JSON_OPTION) -> None:
    """Query released tables with read-only SQL (DuckDB's).

    Example: citylake query "select division, count(*) from base.person group by all"

    Tables: raw.NAME (every delivery), current.NAME (what is in force), base.NAME, thematic.NAME,
    backflow.NAME__DISTRICT. Names: citylake catalog list.
    """
    from orchestration.city import open_city
    from orchestration.flows.ask import ask

    with plainly():
        answer = ask(open_city(probe=False), sql)
    emit_rows(answer.rows, as_json=as_json, columns=answer.columns)
