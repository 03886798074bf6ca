"""`citylake quarantine`: refused rows, the way back to their unit, and what officers accept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cli.output import JSON_OPTION, emit, emit_rows, fail, plainly, say

if TYPE_CHECKING:
    from orchestration.flows.collected import Collected
    from registry.waivers import Waiver

app = typer.Typer(help="Refused rows, and how they are mended.", no_args_is_help=True)
NAME = typer.Argument(..., help="The resource, as citylake quarantine list names it.")
LIMIT = typer.Option(20, "--limit", min=1, help="Rows at most.")
DELIVERY = typer.Option(None, "--delivery", help="Only rows of this delivery.")
RULE = typer.Option(
    None, "--rule", help="Only rows that broke this rule (a defect or defect:item)."
)
STATE = typer.Option(None, "--state", help="Only open, cleared, discarded, waived or void rows.")
FOLDER = typer.Option(None, "--output", help="Folder for the files.", file_okay=False)
WAIVED = typer.Option(None, "--rule", help="The rule, as refused rows carry it (defect:item).")
REVOKE = typer.Option(None, "--revoke", help="End this waiver, as citylake quarantine list has it.")
SINCE = typer.Option(None, "--from", help="First day of the period.", formats=["%Y-%m-%d"])
UNTIL = typer.Option(None, "--until", help="Last day of the period.", formats=["%Y-%m-%d"])
OFFICER = typer.Option(..., "--officer", help="The unit's chief data officer.")
REASON = typer.Option(..., "--reason", help="Why: kept in the audit chain.")


@app.command("list")
def list_(as_json: bool = JSON_OPTION) -> None:
    """Count refused rows by resource, delivery, rule and state, and name what is waived.

    Example: citylake quarantine list
    """
    from orchestration.city import open_city
    from orchestration.flows.refused import count_refused
    from orchestration.flows.waive import every_waiver

    with plainly():
        city = open_city(probe=False)
        rows, waivers = count_refused(city), every_waiver(city)
    if as_json:
        emit({"rows": rows, "waivers": waivers})
        return
    columns = ("resource", "file", "delivery", "rule", "state", "rows")
    emit_rows(rows, as_json=False, columns=columns)
    if waivers:
        say("")
        emit_rows(waivers, as_json=False, title="豁免")


@app.command()
def show(
    name: str = NAME,
    *,
    limit: int = LIMIT,
    delivery: str | None = DELIVERY,
    rule: str | None = RULE,
    state: str | None = STATE,
    as_json: bool = JSON_OPTION,
) -> None:
    """Show refused rows of a resource as they came, under the unit's own headers.

    Example: citylake quarantine show resident --rule unknown_code --limit 5
    """
    from orchestration.city import open_city
    from orchestration.flows.refused import show_refused

    with plainly():
        rows = show_refused(
            open_city(probe=False), name, limit=limit, delivery=delivery, rule=rule, state=state
        )
    if not as_json:
        rows = [{**row, "broken": "；".join(b["reason"] for b in row["broken"])} for row in rows]
    emit_rows(rows, as_json=as_json)


@app.command()
def export(
    name: str = NAME,
    *,
    output: Path | None = FOLDER,
    delivery: str | None = DELIVERY,
    as_json: bool = JSON_OPTION,
) -> None:
    """Write the open refused rows of a resource as workbooks and CSV, ready to be corrected.

    Example: citylake quarantine export resident --output /tmp/resident

    The corrected file goes back by: citylake deliver FILE --resource resident
    """
    from orchestration.city import open_city
    from orchestration.flows.export import export_refused

    with plainly():
        done = export_refused(open_city(probe=False), name, folder=output, delivery=delivery)
    rows = [
        {
            "file": one.file_name,
            "rows": one.rows,
            "refused_as_a_whole": one.whole,
            "written": [str(path) for path in one.files],
            "delivery": one.delivery,
        }
        for one in done
    ]
    if as_json:
        emit({"rows": rows})
        return
    for one in done:
        say(f"{one.file_name}: {one.rows} rows → {' · '.join(map(str, one.files))}")
    say("(nothing)" if not done else f"改正后报回: citylake deliver FILE --resource {name}")


@app.command()
def accept(  # noqa: PLR0913 - an act with everything it needs, by keyword
    name: str = NAME,
    *,
    rule: str | None = WAIVED,
    revoke: str | None = REVOKE,
    officer: str = OFFICER,
    reason: str = REASON,
    delivery: str | None = DELIVERY,
    since: dt.datetime | None = SINCE,
    until: dt.datetime | None = UNTIL,
    as_json: bool = JSON_OPTION,
) -> None:
    """Accept rows that break one rule alone: the unit's chief data officer answers for them.

    Example: citylake quarantine accept building --rule out_of_range:floors
    --from 2026-01-01 --until 2026-12-31 --officer 张示例 --reason "竖井层数另行核定"

    A waiver ends by: citylake quarantine accept building --revoke ID --officer … --reason …
    """
    from orchestration.city import now, open_city
    from orchestration.flows.plea import Plea
    from orchestration.flows.waive import waive

    if (rule is None) == (revoke is None):
        fail("say either which --rule is waived, or which waiver to --revoke", code=2)
    if rule is None:
        _revoke(name, str(revoke), officer=officer, reason=reason, as_json=as_json)
        return
    plea = Plea(
        resource=name,
        rule=rule,
        officer=officer,
        reason=reason,
        delivery=delivery,
        valid_from=since.date() if since else None,
        valid_until=until.date() if until else None,
    )
    with plainly():
        waiver, done = waive(open_city(), plea, now=now())
    _accepted(waiver, done, as_json=as_json)


def _accepted(waiver: Waiver, done: Iterable[Collected], *, as_json: bool) -> None:
    rows = [
        {"file": one.file_name, "accepted": one.account.accepted if one.account else 0}
        for one in done
    ]
    if as_json:
        emit({"waiver": waiver.id, "rows": rows})
        return
    emit_rows(rows, as_json=False, title=f"豁免 {waiver.rule} ({waiver.id})", columns=("file",))
    say("下一步: citylake run builds what these rows belong to")


def _revoke(name: str, waiver: str, *, officer: str, reason: str, as_json: bool) -> None:
    from orchestration.city import now, open_city
    from orchestration.flows.revoke import revoke

    with plainly():
        ended, rows, kept = revoke(
            open_city(), name, waiver, officer=officer, reason=reason, now=now()
        )
    if as_json:
        emit({"waiver": ended.id, "rule": ended.rule, "rows_open": rows, "judged_without": kept})
        return
    say(f"撤销豁免 {ended.rule} ({ended.id}): {rows} rows wait to be mended again")
    for file_name in kept:
        say(f"  {file_name}: judged without the rule, its rows stay until it is corrected")
    say("下一步: citylake run builds what these rows belonged to")
