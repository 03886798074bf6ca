"""Vocabularies as dbt models without a table: what SQL must know of the city's words.

Keep out: code lists (the gate judges them) and divisions (a unit delivers them).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from catalog.vocabulary import Vocabulary

MARK = "-- Rendered from the catalog by `citylake catalog render`: edit the vocabulary instead."
UNCHECKED = "-- noqa: disable=all"
FOLDER = Path("dbt_project/models/staging/vocabulary")
TYPES = {"valid_from": "date", "valid_to": "date"}
DIVISION = ("code", "name", "level", "parent", "valid_from", "valid_to", "successor")
PLACE_NAME = ("name", "kind", "stands_for", "how", "valid_from", "valid_to")
Rows = Iterable[Sequence[object]]
SECTIONS: Mapping[str, tuple[tuple[str, ...], Callable[[Vocabulary], Rows]]] = {
    "place_names": (PLACE_NAME, lambda words: _rows(words.place_names, PLACE_NAME)),
    "elsewhere": (DIVISION, lambda words: _rows(words.elsewhere, DIVISION)),
    "terms": (
        ("name", "kind", "stands_for"),
        lambda words: [(name, t.kind, t.stands_for) for t in words.terms for name in t.names],
    ),
}


def vocabulary_models(vocabulary: Vocabulary) -> Mapping[Path, str]:
    """Render the sections that models read: path to SQL."""
    return {
        FOLDER / f"{section}_definition.sql": _model(columns, list(rows(vocabulary)))
        for section, (columns, rows) in SECTIONS.items()
    }


def _rows(section: Iterable[object], columns: Sequence[str]) -> Rows:
    return [[getattr(row, column) for column in columns] for row in section]


def _model(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    types = [(column, TYPES.get(column, "varchar")) for column in columns]
    selected = ",\n".join(f"    cast({column} as {kind}) as {column}" for column, kind in types)
    # One row in any case: a list of values cannot be empty.
    values = ",\n".join(
        f"    ({', '.join(map(_literal, row))})" for row in rows or [[None] * len(columns)]
    )
    shown = "" if rows else "\nwhere false"
    return (
        f"{MARK}\n{UNCHECKED}\nselect\n{selected}\n"
        f"from (values\n{values}\n) as written ({', '.join(columns)}){shown}\n"
    )


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, dt.date):
        return f"'{value}'"
    return "'" + str(value).replace("'", "''") + "'"
