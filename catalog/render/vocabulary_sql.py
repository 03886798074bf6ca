"""Vocabularies as dbt models without a table: what SQL must know of the city's words.

Keep out: code lists (the gate judges them) and divisions (a unit delivers them).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel

from catalog.vocabulary import Vocabulary

MARK = "-- Rendered from the catalog by `citylake catalog render`: edit the vocabulary instead."
UNCHECKED = "-- noqa: disable=all"
FOLDER = Path("dbt_project/models/staging/vocabulary")
TYPES = {"valid_from": "date", "valid_to": "date"}
SECTIONS = {
    "place_names": ("name", "kind", "stands_for", "how", "valid_from", "valid_to"),
}


def vocabulary_models(vocabulary: Vocabulary) -> Mapping[Path, str]:
    """Render the sections that models read: path to SQL."""
    return {
        FOLDER / f"vocabulary_{section}.sql": _model(getattr(vocabulary, section), columns)
        for section, columns in SECTIONS.items()
    }


def _model(rows: Sequence[BaseModel], columns: Sequence[str]) -> str:
    if not rows:
        nothing = ", ".join(f"cast(null as {TYPES.get(c, 'varchar')}) as {c}" for c in columns)
        return "\n".join([MARK, UNCHECKED, f"select {nothing} where false", ""])
    names = ", ".join(columns)
    opened = (MARK, UNCHECKED, f"select {names}", "from (", "    values")
    return "\n".join((*opened, *_values(rows, columns), f") as t ({names})", ""))


def _values(rows: Sequence[BaseModel], columns: Sequence[str]) -> Iterator[str]:
    for position, row in enumerate(rows, start=1):
        values = ", ".join(_literal(getattr(row, column)) for column in columns)
        yield f"    ({values})" + ("," if position < len(rows) else "")


def _literal(value: object) -> str:
    if value is None:
        return "cast(null as date)"
    if isinstance(value, dt.date):
        return f"cast('{value}' as date)"
    return "'" + str(value).replace("'", "''") + "'"
