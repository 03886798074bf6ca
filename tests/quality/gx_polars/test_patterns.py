"""Patterns by table must say what the regular expression says, of any text."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.gx_polars.patterns import matches, places

FIXED = (
    r"^W\d{10}$",
    r"^(?:^W\d{10}$)$",
    r"^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-Z]{10}$",
    r"^(?:\d{13,19})$",
    r"^A-1_[a-c]{0,2}$",
)
OTHER = (
    r"W\d{10}", r"^\d+$", r"^(a|b)$", r"^[^0]{3}$", r"^\w{3}$", r"^.{3}$", r"^\d{2,}$", r"^\d?a$",
    r"^a{2,3}b$", r"^\d{999}$", r"^[\d-]{3}$", "^$", r"^贵A\d{5}$",
)  # fmt: skip
LIKELY = st.text("W0123456789abcA-_１x\n贵", max_size=24) | st.from_regex(r"\AW[0-9]{10}\Z")


def judged(texts: list[str | None], pattern: str) -> list[bool | None]:
    return pl.DataFrame({"t": texts}, schema={"t": pl.String}).select(
        matches(pl.col("t"), pattern)
    )["t"].to_list()  # fmt: skip


@pytest.mark.parametrize("pattern", FIXED)
def test_a_pattern_of_fixed_places_is_read_by_table(pattern):
    assert places(pattern) is not None


@pytest.mark.parametrize("pattern", OTHER)
def test_any_other_pattern_is_left_to_the_regular_expression(pattern):
    assert places(pattern) is None


@pytest.mark.parametrize("pattern", FIXED)
@settings(deadline=None)  # the first call compiles
@given(texts=st.lists(LIKELY | st.from_regex(r"\A[0-9]{8,20}\Z") | st.none(), max_size=20))
def test_a_table_says_what_the_regular_expression_says(pattern, texts):
    expected = pl.Series(texts, dtype=pl.String).str.contains(pattern).to_list()
    assert judged(texts, pattern) == expected


def test_digits_of_other_scripts_are_digits_as_before():
    assert judged(["W12345６7890", "W1234567890"], FIXED[0]) == [True, True]


def test_texts_that_lie_in_many_buffers_are_found():
    parts = [pl.Series("t", [f"5201{n:014d}", "short", f"x{n:017d}"]) for n in range(50)]
    texts = pl.concat(parts, rechunk=True)
    kept = texts.to_frame().select(matches(pl.col("t"), r"^\d{18}$"))["t"]
    assert kept.to_list() == [True, False, False] * 50
    few = pl.concat([s.gather([1, 2]) for s in parts], rechunk=True).slice(3, 4)
    assert few.to_frame().select(matches(pl.col("t"), r"^x\d{17}$"))["t"].sum() == 2
