"""What a model may follow period by period, and what is said of the rest."""

from __future__ import annotations

import pytest

from catalog.validate import problems
from tests.catalog.entries import changed, write_entry

KEYED = changed("title: 发现日期, type: date", "title: 发现日期, type: date, key: true")
MODEL = """\
name: leak_day
code: "107099001/000001"
title: 每日漏损
unit: guiyang_big_data
abstract: 每日漏损。
classification: {level: 1, category: utility}
items:
  - {name: day, title: 日期, type: date, key: true}
  - {name: month, title: 月份, type: month, key: true}
  - {name: leaks, title: 起数, type: integer}
origin: {model: base, database: utility}
update: {cycle: daily, period: day, follows: [water_leak]}
sharing: {type: unconditional}
opening: {type: unconditional}
"""


def said(tmp_path, model: str, source: str = KEYED) -> list[str]:
    write_entry(tmp_path, source)
    write_entry(tmp_path, model, name="leak_day")
    return [str(problem) for problem in problems(tmp_path / "entries") if "update" in str(problem)]


def test_a_model_follows_a_table_by_a_period_that_is_in_both_keys(tmp_path) -> None:
    assert said(tmp_path, MODEL) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[water_leak]", "[water_leek]", "did you mean 'water_leak'?"),
        ("period: day, ", "", "update has no period"),
        ("period: day", "period: leaks", "period leaks must be a key item of type date or month"),
        ("period: day", "period: month", "water_leak goes by date, this one by month"),
    ],
)
def test_a_model_that_cannot_follow_is_told_why(tmp_path, old, new, says) -> None:
    assert any(says in line for line in said(tmp_path, changed(old, new, MODEL)))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (", key: true, min", ", min", "period found_on must be a key item"),
        ("mode: append", "mode: snapshot", "a snapshot replaces every period"),
        ("period: found_on", "period: found_on, follows: [leak_day]", "is for models"),
    ],
)
def test_a_table_that_cannot_be_followed_is_told_why(tmp_path, old, new, says) -> None:
    source = KEYED.replace(old, new)
    assert source != KEYED
    assert any(says in line for line in said(tmp_path, MODEL, source))
