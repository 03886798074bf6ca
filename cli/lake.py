"""`citylake lake`: prove the accounts of everything stored, rebuild and look after it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import typer

from cli.output import JSON_OPTION, emit, emit_rows, fail, plainly, say

app = typer.Typer(help="What is stored: verify, rebuild, look after.", no_args_is_help=True)
BYTES = typer.Option(True, "--bytes/--no-bytes", help="Also digest and recount the archived files.")
RESOURCES = typer.Option([], "--resource", help="Only this resource; may be repeated.")
TABLES = typer.Option([], "--table", help="Only this table (zone.name); may be repeated.")
GRACE = typer.Option(24.0, "--older", help="Only files older than so many hours.", min=0)
INTO = typer.Option(None, "--into", help="Write the tables into this empty folder instead.")


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


@app.command()
def rebuild(
    resource: list[str] = RESOURCES,
    *,
    check: bool = typer.Option(False, "--check", help="Only compare; change nothing."),
    replace: bool = typer.Option(False, "--replace", help="Also replace a table that differs."),
    into: Path | None = INTO,
    as_json: bool = JSON_OPTION,
) -> None:
    """Make raw and quarantine again from the archive; restore the tables that are lost.

    Nothing is written while an account does not hold. To look first: citylake lake rebuild --check
    """
    from orchestration.city import now, open_city
    from orchestration.flows.rebuild import Wish, differences, rebuild, rows

    with plainly():
        wish = Wish(check=check, replace=replace, into=into)
        done = rebuild(open_city(), resource, wish, now=now())
    unlike = differences(done)
    if as_json:
        emit({"ok": not unlike, "rows": rows(done), "differences": unlike})
    else:
        emit_rows(rows(done), as_json=False, title="tables made again")
        if unlike:
            emit_rows(unlike, as_json=False, title="differences")
    if any(one.is_trouble for one in done):
        fail("tables are not as the archive says: see the differences")


@app.command()
def compact(table: list[str] = TABLES, as_json: bool = JSON_OPTION) -> None:
    """Join the small files of tables into larger ones; no row changes.

    For example: citylake lake compact --table raw.water_reading
    """
    from orchestration.city import now, open_city
    from orchestration.flows.upkeep import compact_tables

    with plainly():
        done = compact_tables(open_city(), table, now=now())
    emit_rows(done, as_json=as_json, title="tables compacted")


@app.command()
def vacuum(
    table: list[str] = TABLES,
    older: float = GRACE,
    yes: bool = typer.Option(False, "--yes", help="Remove them; without it they are only told."),
    as_json: bool = JSON_OPTION,
) -> None:
    """Find files that no release, pin or crossing needs, and remove them with --yes.

    What a release within its retention refers to stays. To look first: citylake lake vacuum
    """
    from orchestration.city import now, open_city
    from orchestration.flows.upkeep import vacuum_tables

    with plainly():
        grace = dt.timedelta(hours=older)
        done = vacuum_tables(open_city(), table, grace=grace, delete=yes, now=now())
    emit_rows(done, as_json=as_json, title="files removed" if yes else "files that may go: --yes")
