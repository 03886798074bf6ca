"""Pairs of rows with the probability that they are the same, by Splink on DuckDB.

The model is the entry's words: nothing is sampled, so the same tables give the same scores.
Keep out: what is made of a score (outcome.py).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import duckdb

from catalog.linkage import Comparison, Level, Linkage

ELSE = 1e-9  # where nothing of a comparison holds, its levels' rest; never nought


def score(connection: duckdb.DuckDBPyConnection, words: Linkage, *, left: str, right: str) -> str:
    """Score all pairs of the blocks of two tables (columns `id`, and the items); name the table."""
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(connection)
    tables = [
        api.register(left, dataset_display_name="claim"),
        api.register(right, dataset_display_name="record"),
    ]
    settings = build_settings(words, odds_of_a_pair(connection, words, right))
    linker = Linker(tables, settings, log_level=None, validate_settings=False)
    pairs = linker.inference.predict(threshold_match_probability=words.review, warning_mode="never")
    return str(pairs.physical_name)


def odds_of_a_pair(connection: duckdb.DuckDBPyConnection, words: Linkage, right: str) -> float:
    """Return the probability that any claim and any record are the same."""
    found = connection.execute(f"select count(distinct entity) from {right}").fetchone()
    return words.expect / max(int(found[0]) if found else 1, 2)


def build_settings(words: Linkage, odds: float) -> dict[str, Any]:
    """Write an entry's words as Splink's settings."""
    return {
        "link_type": "link_only",
        "unique_id_column_name": "id",
        "source_dataset_column_name": "source_dataset",
        "probability_two_random_records_match": odds,
        "blocking_rules_to_generate_predictions": [_block(rule) for rule in words.block],
        "comparisons": [_comparison(each) for each in words.compare],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "additional_columns_to_retain": ["entity"],
    }


def _block(items: tuple[str, ...]) -> dict[str, str]:
    rule = " and ".join(f"l.{item} = r.{item}" for item in ("kind", *items))
    return {"blocking_rule": rule, "sql_dialect": "duckdb"}


def _comparison(words: Comparison) -> dict[str, Any]:
    rest = {
        word: max(1 - sum(getattr(level, word) for level in words.levels), ELSE)
        for word in ("agree", "chance")
    }
    return {
        "output_column_name": words.name,
        "comparison_levels": [
            *_null(words),
            *(_level(level) for level in words.levels),
            {
                "sql_condition": "ELSE",
                "label_for_charts": "nothing alike",
                "m_probability": rest["agree"],
                "u_probability": rest["chance"],
            },
        ],
    }


def _null(words: Comparison) -> Iterator[dict[str, Any]]:
    """A comparison says nothing where its likest level cannot be tried at all."""
    names = set(_items(words.levels[-1]))
    missing = " or ".join(f'"{item}_l" is null or "{item}_r" is null' for item in sorted(names))
    yield {"sql_condition": missing, "label_for_charts": "not known", "is_null_level": True}


def _items(level: Level) -> tuple[str, ...]:
    return level.equal or tuple(item for item in (level.slip, level.part) if item is not None)


def _level(level: Level) -> dict[str, Any]:
    written: dict[str, Any] = {
        "sql_condition": _condition(level),
        "label_for_charts": "+".join(_items(level)),
        "m_probability": level.agree,
        "u_probability": level.chance,
    }
    if level.rare is not None:
        written["tf_adjustment_column"] = level.rare
        written["tf_adjustment_weight"] = 1.0
    return written


def _condition(level: Level) -> str:
    if level.equal:
        return " and ".join(f'"{item}_l" = "{item}_r"' for item in level.equal)
    if level.part is not None:
        one, other = f'"{level.part}_l"', f'"{level.part}_r"'
        least = f"least(length({one}), length({other})) >= 2"
        return f"{least} and (contains({one}, {other}) or contains({other}, {one}))"
    return _one_letter_apart(f'"{level.slip}_l"', f'"{level.slip}_r"')


def _one_letter_apart(one: str, other: str) -> str:
    """Equal but for one letter: exchanged in place, or left out at any place."""

    def without(text: str, place: str) -> str:
        return f"substr({text}, 1, {place} - 1) || substr({text}, {place} + 1)"

    places = f"range(1, greatest(length({one}), length({other})) + 1)"
    exchanged = f"{without(one, 'i')} = {without(other, 'i')}"
    shorter = f"{without(one, 'i')} = {other} or {one} = {without(other, 'i')}"
    return (
        f"least(length({one}), length({other})) >= 2 and "
        f"len(list_filter({places}, i -> {exchanged} or {shorter})) > 0"
    )
