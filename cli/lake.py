"""`citylake lake`: prove the accounts of everything stored."""

from __future__ import annotations

import typer

from cli.output import JSON_OPTION, emit, emit_rows, fail, plainly, say

app = typer.Typer(help="What is stored: verify its accounts.", no_args_is_help=True)
BYTES = typer.Option(True, "--bytes/--no-bytes", help="Also digest and recount the archived files.")


@app.command()
def verify(with_bytes: bool = BYTES, as_json: bool = JSON_OPTION) -> None:
    """Recompute every account from stored bytes and tables; fail loudly on any difference.

    Quicker, without reading the archive: citylake lake verify --no-bytes
    """
    from orchestration.city import open_city
    from orchestration.flows.verify import verify_lake

    with plainly():
        found = verify_lake(open_city(probe=False), with_bytes=with_bytes)
    if as_json:
        emit({"ok": found.ok, "checked": found.checked, "rows": found.problems})
    elif found.problems:
        emit_rows(found.problems, as_json=False, title="accounts that do not hold")
    if not found.ok:
        fail(f"{len(found.problems)} accounts do not hold")
    if not as_json:
        counted = ", ".join(f"{n} {what}" for what, n in found.checked.items())
        say(f"账目相符: {counted}; every account holds")
