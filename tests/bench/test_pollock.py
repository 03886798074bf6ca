"""Pollock's own definition, held to what its evaluation gives for the same cells and tables."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.bench.pollock import GOAL, Result, shown
from tests.bench.pollock_cell import normal
from tests.bench.pollock_score import FAILED, PERFECT, measures

CLEAN = [["name", "on", "n"], ["Ann", "2026-03-01", "1"], ["Bob", "", "2"]]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("", ""),
        (" ", " "),
        ("True", "1"),
        ("00", "False"),
        ("007", "7"),
        ("1_000", "1000"),
        ("1.50", "1.5"),
        ("9:05", "09:05:00"),
        ("12 30", "12:30:00"),
        ("7h", "07:00:00"),
        ("25:00x", "25:00x"),
        ("2026-03-01", "2026-03-01 00:00:00"),
        ("Mar 1 2026 10:00", "2026-03-01 10:00:00"),
        ("$ 1,234.50", "$1234.5"),
        ("Guiyang", "guiyang"),
    ],
)
def test_cells_are_compared_as_the_benchmark_does(cell: str, said: str) -> None:
    assert normal(cell) == said


def test_a_word_that_the_benchmark_does_not_jump_over_makes_no_date() -> None:
    assert normal("1st of March 2026") == "1st of march 2026"
    assert normal("March 2026") == f"2026-03-{dt.date.today().day:02} 00:00:00"  # noqa: DTZ011


def test_the_same_table_is_perfect_and_an_empty_clean_one_too() -> None:
    assert measures(CLEAN, [["NAME", "on", "n"], *CLEAN[1:]])[:7] == PERFECT[:7]
    assert measures(CLEAN, CLEAN) == PERFECT
    assert measures([], CLEAN) == PERFECT


def test_a_lost_record_costs_shares_of_records_and_cells() -> None:
    said = measures(CLEAN, CLEAN[:2])
    assert said[:4] == (1.0, 1.0, 1.0, 1.0)
    assert said[4:7] == (0.5, 1.0, pytest.approx(2 / 3))
    assert said[7:] == (pytest.approx(6 / 9), 1.0, pytest.approx(0.8))


def test_nothing_loaded_of_something_is_only_a_success() -> None:
    assert measures(CLEAN, []) == (1.0, *FAILED[1:])


def test_the_goal_is_met_only_above_both_scores() -> None:
    scores = {"citylake": {"simple": GOAL["simple"], "weighted": 10.0}}
    assert '"met": false' in shown(Result(1, scores, {}), as_json=True)
