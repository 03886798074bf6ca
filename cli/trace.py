"""`citylake trace`: from a row back to source files and records, and forward to recipients."""

from __future__ import annotations

import typer

from cli.output import JSON_OPTION, emit, emit_rows, plainly, say

TABLE = typer.Argument(..., help="The table, as zone.name.")
KEY = typer.Argument(..., help="Key items of the row, as name=value.")


def trace(table: str = TABLE, key: list[str] = KEY, as_json: bool = JSON_OPTION) -> None:
    """Follow a row back to source files and record numbers, and forward to every recipient.

    Example: citylake trace base.administrative_division code=520102

    Example: citylake trace raw.water_reading meter_id=W1 read_on=2026-03-01
    """
    from orchestration.city import open_city
    from orchestration.flows.trace import trace_row

    values = dict(_pair(text) for text in key)
    with plainly():
        found = trace_row(open_city(probe=False), table, values)
    if as_json:
        emit({"table": table, "back": found.back, "forward": found.forward})
        return
    say(f"{table} {' '.join(key)}")
    emit_rows(found.back, as_json=False, title="来源 back: files and records")
    emit_rows(found.forward, as_json=False, title="去向 forward: tables and recipients")


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not (name and separator):
        raise typer.BadParameter(f"'{text}': write a key item as name=value")
    return name, value
