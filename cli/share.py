"""`citylake share`: districts ask for rows that flow back under a grant alone; officers decide.

Keep out: what a grant allows (sharing) and the delivery itself (`citylake run`).
"""

from __future__ import annotations

import datetime as dt

import typer

from cli.output import JSON_OPTION, emit, emit_rows, plainly, say

app = typer.Typer(help="Grants: who may receive which table, for what.", no_args_is_help=True)
TABLE = typer.Argument(..., help="A table whose backflow has a purpose.")
NUMBER = typer.Argument(..., help="Number of the application or of the grant.")
TO = typer.Option(..., "--to", help="Code of the district, e.g. 520102.")
BASIS = typer.Option(..., "--basis", help="Law or duty that the district cites.")
UNTIL = typer.Option(..., "--until", formats=["%Y-%m-%d"], help="Last day of the grant.")
ACTOR = typer.Option(..., "--by", help="Name of the officer; another than who applied decides.")
REASON = typer.Option(..., "--reason", help="Why: kept in the audit chain; name nobody.")


@app.command("list")
def list_all(as_json: bool = JSON_OPTION) -> None:
    """List applications and their grants.

    Example: citylake share list
    """
    from orchestration.city import now, open_city
    from orchestration.flows.grants import standing

    with plainly():
        rows = standing(open_city(probe=False), now=now())
    emit_rows(rows, as_json=as_json)


@app.command("apply")
def apply_for(
    table: str = TABLE,
    *,
    to: str = TO,
    basis: str = BASIS,
    until: dt.datetime = UNTIL,
    by: str = ACTOR,
    as_json: bool = JSON_OPTION,
) -> None:
    """Ask for a district's rows of a table, for the purpose that its entry names.

    Example: citylake share apply livelihood_care_list --to 520102 --basis 社会救助暂行办法
    --until 2027-03-01 --by 张示例
    """
    from orchestration.city import now, open_city
    from orchestration.flows.grants import apply_for as ask

    with plainly():
        city = open_city(probe=False)
        number = ask(city, table, to, basis=basis, until=until.date(), by=by, now=now())
    if as_json:
        emit({"application": number})
    else:
        say(f"申请 {number} 已登记: another officer decides with citylake share approve {number}")


@app.command()
def approve(number: int = NUMBER, *, by: str = ACTOR, as_json: bool = JSON_OPTION) -> None:
    """Grant an application; the next run delivers.

    Example: citylake share approve 1 --by 李示例
    """
    from orchestration.city import now, open_city
    from orchestration.flows.grants import approve as grant

    with plainly():
        done = grant(open_city(probe=False), number, by=by, now=now())
    if as_json:
        emit({"application": number, "grant": done.id})
    else:
        say(f"授权 {done.id} 已生效；下次运行交付")


@app.command()
def revoke(
    number: int = NUMBER, *, by: str = ACTOR, reason: str = REASON, as_json: bool = JSON_OPTION
) -> None:
    """End a grant: nothing more crosses.

    Example: citylake share revoke 1 --by 李示例 --reason 用途已了
    """
    from orchestration.city import now, open_city
    from orchestration.flows.grants import revoke as end

    with plainly():
        end(open_city(probe=False), number, by=by, reason=reason, now=now())
    if as_json:
        emit({"grant": number, "revoked": True})
    else:
        say(f"授权 {number} 已撤销")
