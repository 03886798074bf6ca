"""`citylake verdict`: what the gate said, kept for ever."""

from __future__ import annotations

import typer

from cli.output import JSON_OPTION, emit, emit_rows, fail, plainly, say

app = typer.Typer(help="What the gate said of deliveries and versions.", no_args_is_help=True)
TABLE = typer.Argument(None, help="The table, as zone.name; by default all.")
NUMBER = typer.Argument(..., help="Number of the verdict: see citylake verdict list.")
DOCUMENT = typer.Option(False, "--document", help="Print Great Expectations' own result document.")
LIMIT = typer.Option(50, "--limit", min=1, help="Newest verdicts at most.")


@app.command("list")
def list_(table: str | None = TABLE, *, limit: int = LIMIT, as_json: bool = JSON_OPTION) -> None:
    """List verdicts with what they speak of, oldest first.

    Example: citylake verdict list raw.water_reading
    """
    from orchestration.city import open_city
    from registry import verdicts

    with plainly():
        found = verdicts.headlines(open_city(probe=False).registry, table)
    rows = [
        {
            "verdict": one.id,
            "table": one.subject,
            "delivery": one.delivery,
            "version": one.version,
            "passed": one.passed,
            "reason": one.reason,
            "rows": one.rows,
            "quarantined": one.quarantined,
            "rules": len(one.rules),
            "broken": sum(not rule.passed for rule in one.rules),
            "at": one.at.isoformat(timespec="seconds"),
        }
        for one in found[-limit:]
    ]
    emit_rows(rows, as_json=as_json)


@app.command()
def show(number: int = NUMBER, *, document: bool = DOCUMENT, as_json: bool = JSON_OPTION) -> None:
    """Show one verdict, rule by rule: expected, observed, refused rows, examples.

    Example: citylake verdict show 12
    """
    from dataclasses import asdict

    from orchestration.city import open_city
    from registry import verdicts

    with plainly():
        kept = verdicts.get(open_city(probe=False).registry, number)
    if kept is None:
        fail(f"no verdict has the number {number}: see citylake verdict list")
    said = kept.verdict
    if document:
        emit(said.document)
        return
    rules = [asdict(rule) for rule in said.rules]
    if as_json:
        about = {"verdict": kept.id, "delivery": kept.delivery, "version": kept.version}
        shown = {**asdict(said), "rules": rules}
        del shown["document"]
        emit({**about, **shown, "at": kept.at.isoformat(timespec="seconds")})
        return
    word = "通过 passed" if said.passed else f"不通过 refused: {said.reason}"
    say(f"{said.subject}: {word}; {said.rows} rows, {said.quarantined} quarantined")
    emit_rows(rules, as_json=False)
