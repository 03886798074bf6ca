import datetime as dt

import pytest

from catalog.vocabulary import Deadline, Vocabulary
from supervision.deadlines import (
    DeadlineError,
    add_working_days,
    deadline,
    due,
    is_working_day,
    working_days_between,
)


def day(text):
    return dt.date.fromisoformat(text)


@pytest.fixture
def vocabulary():
    rule = {"name": "correction", "title": "数据校核", "source": "示例"}
    old = Deadline(
        **rule, working_days=15, valid_from=day("2020-01-01"), valid_to=day("2025-07-31")
    )
    new = Deadline(**rule, working_days=10, valid_from=day("2025-08-01"))
    return Vocabulary(
        units=(), divisions=(), code_lists={}, deadlines=(old, new), groups={}, limits=()
    )


@pytest.mark.parametrize(
    ("on", "worked"),
    [
        ("2026-03-02", True),
        ("2026-03-01", False),
        ("2026-02-14", True),  # Saturday, made up for the Spring Festival
        ("2026-02-28", True),
        ("2026-02-17", False),
        ("2026-02-20", False),
        ("2026-10-10", True),
        ("2006-12-30", True),  # made up for the next year's holiday
    ],
)
def test_holidays_and_make_up_workdays_are_known(on, worked):
    assert is_working_day(day(on)) is worked


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-03-02", 0, "2026-03-02"),
        ("2026-03-01", 0, "2026-03-02"),
        ("2026-03-02", 1, "2026-03-03"),
        ("2026-03-06", 1, "2026-03-09"),
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-09-28", 10, "2026-10-16"),
    ],
)
def test_working_days_are_counted_from_the_next_day(start, days, end):
    found = add_working_days(day(start), days)
    assert (found.day, found.certain) == (day(end), True)


def test_a_year_without_a_published_arrangement_is_uncertain():
    assert add_working_days(day("2026-12-25"), 3).certain
    assert not add_working_days(day("2026-12-25"), 10).certain


def test_negative_working_days_are_refused():
    with pytest.raises(DeadlineError, match="give 0 or more"):
        add_working_days(day("2026-03-02"), -1)


@pytest.mark.parametrize("days", [1, 2, 5, 10, 20, 60])
def test_counting_back_gives_the_days_added(days):
    start = day("2026-01-23")
    assert working_days_between(start, add_working_days(start, days).day) == days


def test_an_earlier_end_has_no_working_days():
    assert working_days_between(day("2026-03-05"), day("2026-03-02")) == 0


@pytest.mark.parametrize(
    ("start", "working_days"), [("2025-07-31", 15), ("2025-08-01", 10), ("2026-03-02", 10)]
)
def test_the_rule_of_the_day_decides(vocabulary, start, working_days):
    assert deadline(vocabulary, "correction", on=day(start)).working_days == working_days
    expected = add_working_days(day(start), working_days)
    assert due(vocabulary, "correction", start=day(start)) == expected


@pytest.mark.parametrize(("name", "on"), [("nothing", "2026-03-02"), ("correction", "2019-12-31")])
def test_a_deadline_without_a_rule_is_refused(vocabulary, name, on):
    with pytest.raises(DeadlineError, match="add it to vocabulary"):
        deadline(vocabulary, name, on=day(on))
