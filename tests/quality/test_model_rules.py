"""Every rule of a shipped base or thematic table, met by a row that breaks it and taken away."""

from __future__ import annotations

import polars as pl
import pytest

from catalog.load import load_catalog
from catalog.rules import Identifier, Ordered, Reference, When
from catalog.schema import polars_schema
from quality.gate import gate_version

CATALOG = load_catalog()
MODELS = [
    pytest.param(entry.name, number, id=f"{entry.name}-{number}-{rule.kind}")
    for entry in CATALOG.models()
    for number, rule in enumerate(entry.quality.rules)
]


def breaking(entry, rule):
    """Return cells of a row that break a rule; what is referred to is empty."""
    if isinstance(rule, Identifier):
        return {rule.item: "A1" if rule.kind == "industry" else "坏"}
    if isinstance(rule, Reference):
        return dict.fromkeys(rule.items, "1")
    if isinstance(rule, When):
        return {one.item: one.values[0] for one in rule.given}
    assert isinstance(rule, Ordered), f"say here how {rule.kind} is broken"
    earlier, later = rule.items
    if polars_schema(entry)[earlier].is_numeric():
        return {earlier: "2", later: "1"}
    return {earlier: "2026-03-02", later: "2026-03-01"}


def failed(entry, cells):
    """Return which rules a version of one row breaks."""
    schema = polars_schema(entry)
    row = {name: [cells.get(name)] for name in schema}
    frame = pl.DataFrame(row, schema=dict.fromkeys(schema, pl.String)).with_columns(
        pl.col(name).str.to_date() if kind == pl.Date else pl.col(name).cast(kind)
        for name, kind in schema.items()
    )
    referred = {rule.to for rule in entry.quality.rules if isinstance(rule, Reference)}
    known = {to: pl.LazyFrame(schema=polars_schema(CATALOG.entry(to))) for to in referred}
    words = {"references": known, "vocabulary": CATALOG.vocabulary}
    return {r.rule for r in gate_version(frame.lazy(), entry, **words).rules if not r.passed}


@pytest.mark.parametrize(("name", "number"), MODELS)
def test_a_rule_of_a_model_cannot_be_taken_away_unnoticed(name, number):
    entry = CATALOG.entry(name)
    rules = entry.quality.rules
    kept = (*rules[:number], *rules[number + 1 :])
    quality = entry.quality.model_copy(update={"rules": kept})
    cells = breaking(entry, rules[number])
    whole, less = failed(entry, cells), failed(entry.model_copy(update={"quality": quality}), cells)
    assert less < whole
    assert any(rule.startswith(rules[number].defect_name) for rule in whole - less)
