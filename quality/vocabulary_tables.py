"""Vocabularies as tables that rules look into, by the name `vocabulary.<list>`.

Keep out: short lists, which expectations carry themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import polars as pl

from catalog.vocabulary import Vocabulary
from quality.check import Check

DIVISIONS, AREAS, INDUSTRY = "vocabulary.divisions", "vocabulary.areas", "vocabulary.industry"


def vocabulary_tables(
    checks: Iterable[Check], vocabulary: Vocabulary
) -> Mapping[str, pl.LazyFrame]:
    """Return the vocabularies that checks look into."""
    wanted = {check.arguments.get("table") for check in checks}
    return {name: make(vocabulary) for name, make in _TABLES.items() if name in wanted}


def _divisions(vocabulary: Vocabulary) -> pl.LazyFrame:
    every = (*vocabulary.divisions, *vocabulary.elsewhere)
    known = [(d.code, d.valid_from, d.valid_to) for d in every]
    schema = {"code": pl.String, "valid_from": pl.Date, "valid_to": pl.Date}
    return pl.LazyFrame(known, schema=schema, orient="row")


def _codes(codes: Iterable[str]) -> pl.LazyFrame:
    return pl.LazyFrame({"code": list(codes)}, schema={"code": pl.String})


_TABLES: Mapping[str, Callable[[Vocabulary], pl.LazyFrame]] = {
    DIVISIONS: _divisions,
    AREAS: lambda vocabulary: _codes(vocabulary.ever_divisions()),
    INDUSTRY: lambda vocabulary: _codes(vocabulary.codes("industry")),
}
