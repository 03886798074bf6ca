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
from quality.gx_polars.frame import GateFrame
from quality.split import build_gate
from quality.suite import compiled_of
from quality.verdict import RuleResult


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
    in_memory: bool = False,
) -> Judgement:
    """Evaluate all checks in one validation; with a staging folder, split the rows too.

    Without `repeats` no row counts as the repeat of another: each answers for itself.
    A few rows may stay `in_memory` until they are stored.
    """
    from great_expectations.core.batch import Batch  # noqa: F401 - the slow import, once

    from quality import expectations
    from quality.gx_polars.compiled import validate

    expectations.register()
    suite = compiled_of(wanted)
    batch.refusing = {
        one.rule: check.label
        for check, one in zip(wanted, suite, strict=True)
        if one.rule is not None and check.severity != "warn"
    }
    if staging is not None:
        batch.gate = build_gate(entry, staging, repeats=repeats, in_memory=in_memory)
    said = validate(suite, batch, f"{entry.zone}.{entry.name}")
    results = tuple(_result(check, one) for check, one in zip(wanted, said.results, strict=True))
    return Judgement(results, said.document)


def _result(check: Check, said: Any) -> RuleResult:  # noqa: ANN401 - GX's own
    error, detail = _error(said), said.result or {}
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
