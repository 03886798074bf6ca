"""Row rules that a library of Python answers: JSON, JSON by a schema, dates as dateutil reads them.

Each different text is read once, not each row; still they are the slowest rules there are.
Keep out: what Polars answers itself (row_metrics.py, more_metrics.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import polars as pl

from quality.gx_polars.providers import Asked, row_rule

Test = Callable[[str], bool]


def _each(asked: Asked, test: Test) -> pl.Expr:
    """Ask a test about every different text; a column of another type has none to read."""
    if asked.types[0] != pl.String:
        raise TypeError(f"column {asked.names[0]} of type {asked.types[0]} holds no text")

    def answers(texts: pl.Series) -> pl.Series:
        different = texts.drop_nulls().unique()
        good = [text for text in different if test(text)]
        return texts.is_in(pl.Series(good, dtype=pl.String).implode())

    return asked.columns[0].map_batches(answers, return_dtype=pl.Boolean(), is_elementwise=True)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _by_schema(asked: Asked) -> pl.Expr:
    """Hold texts to a schema; a text that is no JSON does not follow it (pandas' gives up)."""
    import jsonschema  # type: ignore[import-untyped]  # of Great Expectations

    schema = asked.values["json_schema"]
    kind: Any = jsonschema.validators.validator_for(schema)
    try:
        kind.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise ValueError(f"json_schema: {error.message}") from error
    validator = kind(schema)
    return _each(asked, lambda text: _is_json(text) and validator.is_valid(json.loads(text)))


def _is_date(text: str) -> bool:
    from dateutil.parser import parse  # type: ignore[import-untyped]  # likewise

    try:
        parse(text)
    except (ValueError, OverflowError):
        return False
    return True


def register_parsed_metrics() -> None:
    """Register them."""
    row_rule("column_values.json_parseable", lambda asked: _each(asked, _is_json))
    row_rule("column_values.match_json_schema", _by_schema, values=("json_schema",))
    row_rule("column_values.dateutil_parseable", lambda asked: _each(asked, _is_date))
