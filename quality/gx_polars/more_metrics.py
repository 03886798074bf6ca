"""Row rules of stock expectations that need a format, a pattern, a pair or the rows around.

Rules that look at neighbours or at the whole column's mean keep that column in memory.
Keep out: what every suite asks for (row_metrics.py).
"""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from quality.gx_polars.plan import Aggregate
from quality.gx_polars.providers import COLUMN, Asked, register, row_rule
from quality.gx_polars.row_metrics import members

BARE_PAIR = ("batch_id", "table", "column_A", "column_B", "ignore_row_if")  # as the stock has it
Z = ("double_sided", "threshold")


def _no_regex(asked: Asked) -> pl.Expr:
    column = asked.columns[0]
    return pl.all_horizontal([~column.str.contains(regex) for regex in asked.values["regex_list"]])


def _like(asked: Asked, pattern: str) -> pl.Expr:
    """Match as SQL's LIKE does: `%` is any text, `_` any one character, unless escaped."""
    parts, escape = {"%": ".*", "_": "."}, asked.values["escape"]
    regex, plain = "", False
    for sign in pattern:
        if sign == escape and not plain:
            plain = True
            continue
        regex += re.escape(sign) if plain else parts.get(sign, re.escape(sign))
        plain = False
    return asked.columns[0].str.contains(f"(?s)^{regex}$")


def _like_list(asked: Asked) -> pl.Expr:
    tests = [_like(asked, pattern) for pattern in asked.values["like_pattern_list"]]
    every = asked.values["match_on"] == "all"
    return pl.all_horizontal(tests) if every else pl.any_horizontal(tests)


def _unlike_list(asked: Asked) -> pl.Expr:
    return pl.all_horizontal([~_like(asked, p) for p in asked.values["like_pattern_list"]])


def _of_format(asked: Asked) -> pl.Expr:
    written: str = asked.values["strftime_format"]
    with_time = re.search(r"%[HIMSfpTRX]", written)
    text = asked.columns[0].str
    parsed: pl.Expr = (
        text.to_datetime(written, strict=False)
        if with_time
        else text.to_date(written, strict=False)
    )
    return parsed.is_not_null()


def _pair_in_set(asked: Asked) -> pl.Expr:
    first, second = asked.columns
    one, other = asked.types
    pairs: list[tuple[Any, Any]] = [tuple(pair) for pair in asked.values["value_pairs_set"] or ()]
    tests = [
        first.eq_missing(pl.lit(_one(a, one))) & second.eq_missing(pl.lit(_one(b, other)))
        for a, b in pairs
    ]
    return pl.any_horizontal(tests) if tests else pl.lit(asked.values["value_pairs_set"] is None)


def _one(value: Any, dtype: pl.DataType) -> Any:  # noqa: ANN401 - of any column
    return None if value is None else members([value], dtype).item()


def _growing(asked: Asked, sign: int) -> pl.Expr:
    """Compare with the last value before that is not null; the first has none."""
    column = asked.columns[0]
    before = column.forward_fill().shift(1)
    late, early = (column, before) if sign > 0 else (before, column)
    grows = late > early if asked.values["strictly"] else late >= early
    return grows | before.is_null()


def _near_mean(asked: Asked) -> pl.Expr:
    column, threshold = asked.columns[0].cast(pl.Float64), asked.values["threshold"]
    score = (column - column.mean()) / column.std()
    far = score.abs() if asked.values["double_sided"] is not False else score
    near: pl.Expr = (far < threshold) | ~far.is_finite()
    return near


def _most_common(asked: Asked) -> Aggregate:
    rows, column = asked.scope, asked.columns[0]
    kept = column if rows is None else column.filter(rows)
    return Aggregate(kept.drop_nulls().mode().sort().implode())


def register_more_metrics() -> None:
    """Register them."""
    like, listed = ("like_pattern", "escape"), ("like_pattern_list", "escape")
    name = "match_like_pattern"
    row_rule("column_values.not_match_regex_list", _no_regex, values=("regex_list",))
    row_rule(f"column_values.{name}", lambda a: _like(a, a.values[like[0]]), values=like)
    row_rule(f"column_values.not_{name}", lambda a: ~_like(a, a.values[like[0]]), values=like)
    row_rule(f"column_values.{name}_list", _like_list, values=(*listed, "match_on"))
    row_rule(f"column_values.not_{name}_list", _unlike_list, values=listed)
    row_rule("column_values.match_strftime_format", _of_format, values=("strftime_format",))
    row_rule(
        "column_pair_values.in_set", _pair_in_set, domain=BARE_PAIR, values=("value_pairs_set",)
    )
    row_rule("column_values.increasing", lambda a: _growing(a, 1), values=("strictly",))
    row_rule("column_values.decreasing", lambda a: _growing(a, -1), values=("strictly",))
    row_rule("column_values.z_score.under_threshold", _near_mean, values=Z)
    register("column.most_common_value", COLUMN, (), _most_common)
