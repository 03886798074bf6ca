"""The suite of an entry: its checks as Great Expectations expectations.

Great Expectations is imported inside: 3-5 s that only a process which gates shall pay.
Keep out: which checks there are (rules.py), running them (gate.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
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
    from quality.gx_polars import expectations as polars

    kinds = (city, polars, stock)
    kind = next(getattr(m, check.expectation) for m in kinds if hasattr(m, check.expectation))
    built: Expectation = kind(
        **_arguments(check.arguments),
        severity=SEVERITIES[check.severity],
        description=check.expected,
        meta={"number": number, "label": check.label, "severity": check.severity},
    )
    return built


def _arguments(written: dict[str, Any]) -> dict[str, Any]:
    from great_expectations.expectations.row_conditions import Column

    given = {name: value for name, value in written.items() if value is not None}
    if "when" in given:
        name, values = given.pop("when")
        given["row_condition"] = Column(name).is_in(list(values))
    return given
