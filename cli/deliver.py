"""`citylake deliver` and `citylake gate`: hand a file in, or ask what the gate would say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cli.output import JSON_OPTION, emit, emit_rows, plainly, say

if TYPE_CHECKING:
    from quality.verdict import Verdict

FILE = typer.Argument(..., help="The file to deliver.", exists=True, dir_okay=False, readable=True)
OUTPUT = typer.Option(None, "--output", help="Write the refused rows here (.xlsx or .csv).")
RESOURCE = typer.Option(..., "--resource", "-r", help="The resource that the file belongs to.")


def deliver(file: Path = FILE, resource: str = RESOURCE, as_json: bool = JSON_OPTION) -> None:
    """Put a file into the inbox of a resource, whole or not at all.

    Example: citylake deliver water_reading_20260301.csv --resource water_reading

    A file NAME.correction1.csv corrects NAME.csv; a file NAME.withdrawal takes it back.
    """
    from orchestration.city import open_city
    from orchestration.flows.inbox import put

    with plainly():
        target = put(open_city(), file, resource)
    if as_json:
        emit({"resource": resource, "file": target.name})
    else:
        say(f"已交付 {target}: next, citylake run")


def gate(
    file: Path = FILE,
    *,
    resource: str = RESOURCE,
    output: Path | None = OUTPUT,
    as_json: bool = JSON_OPTION,
) -> None:
    """Say what the gate would say of a file; nothing is stored.

    Example: citylake gate water_reading_20260301.csv --resource water_reading --output bad.xlsx
    """
    from orchestration.city import now, open_city
    from orchestration.flows.inbox import try_gate

    with plainly():
        verdict = try_gate(open_city(), file, resource, now=now(), output=output)
    if as_json:
        emit(_document(verdict))
    else:
        word = "通过 passed" if verdict.passed else f"不通过 refused: {verdict.reason}"
        say(
            f"{file.name}: {word}; {verdict.rows} rows, {verdict.quarantined} quarantined, "
            f"{verdict.repeats} repeats"
        )
        emit_rows(_rules(verdict), as_json=False)


def _document(verdict: Verdict) -> dict[str, Any]:
    return {
        "passed": verdict.passed,
        "reason": verdict.reason,
        "rows": verdict.rows,
        "quarantined": verdict.quarantined,
        "repeats": verdict.repeats,
        "rules": _rules(verdict),
    }


def _rules(verdict: Verdict) -> list[dict[str, Any]]:
    return [
        {
            "rule": rule.rule,
            "expected": rule.expected,
            "observed": rule.error or rule.observed,
            "failed": rule.failed,
            "severity": rule.severity,
            "passed": rule.passed,
            "examples": list(rule.examples),
        }
        for rule in verdict.rules
    ]
