"""Mutation of the gate: whichever rule is taken away, a planted row or a provoked one tells.

Sources are gated again on a file whose planted rows broke the rule; where none was planted, with
rows edited to break it, or beside another past. Models: test_model_rules.py; by default one rule
of each kind: tests/flow/test_gate_mutants.py.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from catalog.entry import Entry
from catalog.load import load_catalog
from catalog.rules import Complete, Difference, Monotonic, Share
from catalog.schema import cell
from demo.deliver.breaking import breaking
from demo.deliver.deliver import deliver
from quality.check import Setting
from quality.history import History, Past
from quality.rule_checks import of_rule
from tests.quality.city.judged import Judged, gate_file, judge_city
from tests.quality.water import reasons

CATALOG = load_catalog()
RAW = [
    pytest.param(entry.name, number, id=f"{entry.name}-{number}-{rule.kind}")
    for entry in CATALOG.sources()
    for number, rule in enumerate(entry.quality.rules)
]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    folder = tmp_path_factory.mktemp("mutants")
    deliver(folder / "home", CATALOG, size="tiny", seed=7)
    return judge_city(folder / "home", CATALOG, folder / "work")


def without(entry: Entry, number: int) -> Entry:
    """Return the entry without one of its rules."""
    rules = entry.quality.rules
    kept = (*rules[:number], *rules[number + 1 :])
    return entry.model_copy(update={"quality": entry.quality.model_copy(update={"rules": kept})})


def labels(entry: Entry, number: int) -> set[str]:
    """Return what rows or verdicts carry that break a rule."""
    setting = Setting(entry, CATALOG.vocabulary, None)
    return {check.label for check in of_rule(entry.quality.rules[number], setting)}


def unusual(entry: Entry) -> History:
    """Return a past that no delivery of now is like."""
    figures = {"value": 1e9, "999999": 5.0}
    every = {label: figures for n in range(len(entry.quality.rules)) for label in labels(entry, n)}
    return History((Past(10**9, every),) * 5)


def file_that_tells(judged: Judged, entry: Entry, number: int) -> Path | None:
    """Return a file of the city of which the rule refused rows."""
    found = labels(entry, number)
    for (resource, file), verdict in judged.verdicts.items():
        told = {result.rule for result in verdict.rules if result.failed}
        if resource == entry.name and verdict.passed and told & found:
            return judged.paths[resource, file]
    return None


def provoked(entry: Entry, number: int) -> dict[str, pl.Expr]:
    """Return an edit of all rows that breaks a rule of which the city planted none."""
    rule = entry.quality.rules[number]
    if isinstance(rule, Share):
        none = pl.lit(None, pl.String)
        return {rule.item: none, cell(rule.item): none}
    if isinstance(rule, Monotonic):
        return {rule.item: pl.lit(Decimal("1.00"))}
    if isinstance(rule, Difference):
        return {rule.item: pl.lit(Decimal("999.99"))}
    if isinstance(rule, Complete):
        return {rule.item: pl.col(rule.item).first()}
    edits = breaking(entry, rule, {}, CATALOG.vocabulary)
    return dict(edits[0]) if edits else {}


def missed(judged: Judged, entry: Entry, number: int) -> tuple[set[object], set[object]]:
    """Return what tells of a broken rule: rows that carry its label, or the label; and without it.

    The second set holds only what still carries the label when the rule was taken away.
    """
    pair, found = (entry, without(entry, number)), labels(entry, number)
    path = file_that_tells(judged, entry, number)
    if path is not None:
        splits = (gate_file(judged, one, path)[1] for one in pair)
        whole, less = ({r for r, why in reasons(s).items() if found & set(why)} for s in splits)
        return whole, less
    *_, path = (p for (resource, _), p in judged.paths.items() if resource == entry.name)
    words = {"history": unusual(entry), "edit": provoked(entry, number)}
    verdicts = (gate_file(judged, one, path, **words)[0] for one in pair)
    whole, less = ({r.rule for r in v.rules if not r.passed} & found for v in verdicts)
    return whole, less


@pytest.mark.slow
@pytest.mark.parametrize(("name", "number"), RAW)
def test_a_rule_of_a_source_cannot_be_taken_away_unnoticed(judged, tmp_path, name, number):
    entry = CATALOG.entry(name)
    whole, less = missed(replace(judged, folder=tmp_path), entry, number)
    assert whole, f"nothing planted and no other past breaks {entry.quality.rules[number]}"
    assert not less
