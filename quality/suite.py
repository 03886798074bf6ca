"""The suite of an entry: its checks as Great Expectations expectations.

Great Expectations is imported inside: 3-5 s that only a process which gates shall pay.
Keep out: which checks there are (rules.py), running them (gate.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any

from catalog.entry import Entry
from catalog.vocabulary import Vocabulary
from quality.check import Check
from quality.rules import checks

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuite
    from great_expectations.expectations.expectation import Expectation

SEVERITIES = {"block": "critical", "quarantine": "warning", "warn": "info"}


def build_suite(
    entry: Entry, vocabulary: Vocabulary, *, today: dt.date | None = None
) -> ExpectationSuite:
    """Build the suite of an entry, each expectation with its label and severity in `meta`."""
    return suite_of(entry, checks(entry, vocabulary, today=today))


def suite_of(entry: Entry, wanted: Iterable[Check]) -> ExpectationSuite:
    """Build a suite from checks."""
    from great_expectations.core import ExpectationSuite

    return ExpectationSuite(
        name=f"{entry.zone}.{entry.name}",
        expectations=[expectation(check, number) for number, check in enumerate(wanted)],
    )


def expectation(check: Check, number: int) -> Expectation:
    """Turn one check into its expectation; its number finds it again among the results."""
    import great_expectations.expectations as stock

    from quality import expectations as city
    from quality.gx_polars import aggregates
    from quality.gx_polars import expectations as polars

    kinds = (city, polars, aggregates, stock)
    kind = next(getattr(m, check.expectation) for m in kinds if hasattr(m, check.expectation))
    built: Expectation = kind(
        **_arguments(check.arguments),
        severity=SEVERITIES[check.severity],
        description=check.expected,
        meta={"number": number, "label": check.label, "severity": check.severity},
    )
    return built


def _arguments(written: dict[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in written.items() if value is not None}
    if "when" in given:
        given["row_condition"] = _all_of(given.pop("when"))
    return given


def _all_of(tests: Iterable[tuple[str, str, Any]]) -> Any:  # noqa: ANN401 - GX's own
    """Return the condition that all tests of a row hold."""
    from great_expectations.expectations.row_conditions import Column

    made: dict[str, Callable[[Any, Any], Any]] = {
        "in": lambda column, value: column.is_in(value),
        "not in": lambda column, value: column.is_not_in(value),
        "filled": lambda column, _: column.is_not_null(),
        "empty": lambda column, _: column.is_null(),
        ">=": lambda column, value: column >= value,
        "<=": lambda column, value: column <= value,
    }
    return reduce(and_, [made[operator](Column(name), value) for name, operator, value in tests])
