"""Names and texts as SQL writes them."""

from __future__ import annotations


def literal(value: str) -> str:
    """Return a text as SQL; a bound parameter makes DuckDB import pandas, which costs 1 s."""
    return "'" + value.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a name of a column, table or schema as SQL."""
    return '"' + name.replace('"', '""') + '"'
