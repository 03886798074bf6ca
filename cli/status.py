"""`citylake status`: what arrived, passed, was refused, is overdue."""

from __future__ import annotations

from cli.output import JSON_OPTION, emit, emit_rows, plainly, say


def status(as_json: bool = JSON_OPTION) -> None:
    """Show what arrived, passed, was refused and is overdue, by resource and table.

    Example: citylake status --json
    """
    from orchestration.city import now, open_city
    from orchestration.flows.status import read_status

    with plainly():
        found = read_status(open_city(probe=False), now=now())
    if as_json:
        said = {"rows": found.resources, "tables": found.tables, "arrivals": found.arrivals}
        emit({**said, "drift": found.drift})
        return
    emit_rows(found.resources, as_json=False, title="资源 resources")
    emit_rows(found.tables, as_json=False, title="放行 released tables")
    for row in found.drift:
        say(f"{row['resource']}/{row['file']}: {row['drift']}")
    say("arrivals: " + ", ".join(f"{k} {v}" for k, v in found.arrivals.items()))
