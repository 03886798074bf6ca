"""`citylake audit`: the chain of evidence."""

from __future__ import annotations

import typer

from cli.output import JSON_OPTION, emit, emit_rows, fail, plainly, say

app = typer.Typer(help="The chain of audit events.", no_args_is_help=True)
LIMIT = typer.Option(50, "--limit", min=1, help="Newest events at most.")
SUBJECT = typer.Option(None, "--subject", help="Only events of this table (zone.name).")


@app.command()
def verify(as_json: bool = JSON_OPTION) -> None:
    """Prove that no audit event was changed, dropped or inserted.

    Example: citylake audit verify, exit code 1 when the chain is broken
    """
    from orchestration.city import open_city
    from registry import audit

    with plainly():
        check = audit.verify(open_city(probe=False).registry)
    if as_json:
        emit({"ok": check.ok, "events": check.events, "problem": check.problem})
    if not check.ok:
        fail(f"audit chain broken: {check.problem}")
    if not as_json:
        say(f"审计链完整: {check.events} events, unbroken")


@app.command()
def show(limit: int = LIMIT, subject: str | None = SUBJECT, as_json: bool = JSON_OPTION) -> None:
    """Show the newest audit events: who received what, when, by which decision.

    Example: citylake audit show --subject base.person --limit 10
    """
    from orchestration.city import open_city
    from registry import audit

    with plainly():
        found = audit.events(open_city(probe=False).registry, subject=subject, limit=limit)
    rows = [
        {
            "sequence": sealed.sequence,
            "at": sealed.event.at.isoformat(timespec="seconds"),
            "actor": sealed.event.actor,
            "action": sealed.event.action,
            "subject": sealed.event.subject,
            "detail": dict(sealed.event.detail),
            "digest": sealed.digest if as_json else sealed.digest[:12],
        }
        for sealed in found
    ]
    emit_rows(rows, as_json=as_json)
