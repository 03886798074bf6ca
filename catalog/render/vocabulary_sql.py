"""Vocabularies as dbt models without a table: what SQL must know of the city's words.

Keep out: code lists (the gate judges them) and divisions (a unit delivers them).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
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
        FOLDER / f"{section}_definition.sql": _model(getattr(vocabulary, section), columns)
        for section, columns in SECTIONS.items()
    }


def _model(rows: Sequence[BaseModel], columns: Sequence[str]) -> str:
    if not rows:
        nothing = ", ".join(f"cast(null as {TYPES.get(c, 'varchar')}) as {c}" for c in columns)
        return "\n".join([MARK, UNCHECKED, f"select {nothing} where false", ""])
    selects = "\nunion all\n".join(_select(row, columns) for row in rows)
    return "\n".join((MARK, UNCHECKED, selects, ""))


def _select(row: BaseModel, columns: Sequence[str]) -> str:
    return "select " + ", ".join(f"{_literal(getattr(row, c))} as {c}" for c in columns)


def _literal(value: object) -> str:
    if value is None:
        return "cast(null as date)"
    if isinstance(value, dt.date):
        return f"cast('{value}' as date)"
    return "'" + str(value).replace("'", "''") + "'"
