"""Run the checks of an entry over a batch with Great Expectations, and read what it says.

Great Expectations is imported inside: 3-5 s that only a process which gates shall pay.
Keep out: what becomes of the rows (split.py) and of the delivery (gate.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from catalog.entry import Entry
from quality.check import Check
from quality.gx_polars.frame import GateFrame, RuleKey
from quality.split import build_gate
from quality.suite import suite_of
from quality.verdict import RuleResult

# Counts, and no examples: the document is kept for ever and must hold no personal data.
RESULT_FORMAT = {"result_format": "SUMMARY", "partial_unexpected_count": 0}


@dataclass(frozen=True)
class Judgement:
    """What Great Expectations said: a result a check, and its own document."""

    results: tuple[RuleResult, ...]
    document: dict[str, Any]

    @property
    def whole(self) -> bool:
        """Tell whether every rule could be judged."""
        return all(result.error is None for result in self.results)


def judge(
    batch: GateFrame,
    entry: Entry,
    wanted: Sequence[Check],
    *,
    staging: Path | None,
    repeats: bool = True,
) -> Judgement:
    """Evaluate all checks in one validation; with a staging folder, split the rows too.

    Without `repeats` no row counts as the repeat of another: each answers for itself.
    """
    from great_expectations.core.batch import Batch  # noqa: F401 - the slow import, once

    from quality import expectations
    from quality.gx_polars.memory import remembered
    from quality.gx_polars.setup import batch_definition

    expectations.register()
    definition = batch_definition()
    with remembered():
        suite = suite_of(entry, wanted)
        batch.refusing = _refusing(suite)
        batch.gate = None if staging is None else build_gate(entry, staging, repeats=repeats)
        validation = _validate(definition, suite, batch)
        return Judgement(_results(wanted, validation), validation.to_json_dict())


def _validate(definition: Any, suite: Any, batch: GateFrame) -> Any:  # noqa: ANN401 - GX's own
    from great_expectations.validator.v1_validator import Validator

    validator = Validator(
        batch_definition=definition,
        batch_parameters={"dataframe": batch},
        result_format=RESULT_FORMAT,
    )
    return validator.validate_expectation_suite(suite)


def _refusing(suite: Any) -> dict[RuleKey, str]:  # noqa: ANN401 - GX's own
    """Return the rules of a suite that refuse rows: not those that only warn or count."""
    from great_expectations.expectations.registry import get_metric_kwargs

    from quality.gx_polars.engine import rule_key

    rules: dict[RuleKey, str] = {}
    for expectation in suite.expectations:
        name = getattr(expectation, "map_metric", None)
        if name is None or expectation.meta["severity"] == "warn":
            continue
        words = get_metric_kwargs(
            f"{name}.unexpected_count", configuration=expectation.configuration
        )
        key = rule_key(name, words["metric_domain_kwargs"], words["metric_value_kwargs"])
        rules[key] = expectation.meta["label"]
    return rules


def _results(wanted: Sequence[Check], validation: Any) -> tuple[RuleResult, ...]:  # noqa: ANN401
    """Read one result a check; Great Expectations returns them in another order."""
    found = {r.expectation_config.meta["number"]: r for r in validation.results}
    return tuple(_result(check, found.get(number)) for number, check in enumerate(wanted))


def _result(check: Check, said: Any) -> RuleResult:  # noqa: ANN401 - GX's own
    error = "no result" if said is None else _error(said)
    detail = {} if said is None else said.result or {}
    failed = int(detail.get("unexpected_count") or 0)
    observed = f"{failed} / {detail.get('element_count', 0)}"
    if "observed_value" in detail:
        observed = str(detail["observed_value"])
    return RuleResult(
        rule=check.label,
        expectation=check.expectation,
        expected=check.expected,
        observed=error or observed,
        failed=failed,
        severity=check.severity,
        passed=error is None and bool(said.success),
        error=error,
        figures=_figures(detail),
    )


def _figures(detail: Mapping[str, Any]) -> dict[str, float]:
    """Return what a rule about the whole measured, in numbers."""
    details = detail.get("details") or {}
    if "figures" in details:
        return dict(details["figures"])
    observed = detail.get("observed_value")
    if isinstance(observed, Mapping) and len(observed.get("values") or ()) == 1:
        (observed,) = observed["values"]  # of one quantile
    if isinstance(observed, int | float | Decimal) and math.isfinite(observed):
        return {"value": float(observed)}
    return {}


def _error(said: Any) -> str | None:  # noqa: ANN401 - GX's own
    """Return why a rule could not be judged; a dict without `raised_exception` is an error too."""
    told = said.exception_info or {}
    if told.get("raised_exception") is False:
        return None
    causes = [told] if "exception_message" in told else list(told.values())
    messages = [str(c.get("exception_message")) for c in causes if isinstance(c, dict)]
    return "; ".join(dict.fromkeys(messages)) or "not judged"
