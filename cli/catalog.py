"""`citylake catalog`: the entries: validate, render, list, show, propose."""

from __future__ import annotations

from pathlib import Path

import typer

from cli.output import JSON_OPTION, emit, emit_rows, fail, plainly, say

app = typer.Typer(help="The catalog: what every data set is.", no_args_is_help=True)
NAME = typer.Argument(..., help="Name of the entry: see citylake catalog list.")
CHECK = typer.Option(False, "--check", help="Write nothing; fail when a rendered file is stale.")
SINCE = typer.Option("", "--since", help="Also look for entries of this git revision that ended.")
DEPLOYED = typer.Option(
    False, "--deployed", help="Also look for entries that this home has collected for."
)
SAMPLE = typer.Argument(
    ..., help="A sample file, as the unit delivers it.", exists=True, dir_okay=False
)
NEW_NAME = typer.Option(..., "--name", help="Name of the new entry.")
UNIT = typer.Option("guiyang_big_data", "--unit", help="The unit that will deliver it.")
OUTPUT = typer.Option(..., "--output", help="Folder to write the entry into.", file_okay=False)


@app.command()
def validate(since: str = SINCE, *, deployed: bool = DEPLOYED, as_json: bool = JSON_OPTION) -> None:
    """Check every entry and vocabulary; name file, line and field of what is wrong.

    An entry that ends is put in retired.yaml, or its successor says so: with --since main what
    git had there is looked for, with --deployed what this home has collected.

    Another catalog: CITYLAKE_CATALOG=my/entries citylake catalog validate
    """
    from catalog.history import names_since
    from catalog.validate import ended, problems
    from orchestration.settings import read_settings

    with plainly():
        folder = read_settings().catalog
        before = names_since(folder, since) if since else frozenset()
        if deployed:
            before |= _collected()
        found = (*problems(folder), *(ended(before, folder) if before else ()))
    if as_json:
        emit(
            {
                "rows": [
                    {"file": str(p.file), "line": p.line, "field": p.field, "message": p.message}
                    for p in found
                ]
            }
        )
    for problem in () if as_json else found:
        say(str(problem))
    if found:
        fail(f"the catalog has {len(found)} problems: mend the lines named, then run this again")
    if not as_json:
        say("目录无误: the catalog is right")


def _collected() -> frozenset[str]:
    """Return the resources that this deployment has ever collected."""
    from orchestration.city import open_city
    from registry.deliveries import resources

    return frozenset(resources(open_city(probe=False).registry))


@app.command()
def render(check: bool = CHECK, as_json: bool = JSON_OPTION) -> None:
    """Write everything that is rendered from entries: dbt YAML, pages, JSON Schema.

    Before a commit: citylake catalog render --check
    """
    from catalog.load import load_catalog
    from catalog.render.artefacts import drift, write

    root = Path(__file__).parent.parent
    with plainly():
        catalog = load_catalog()
        found = [str(p) for p in (drift(catalog, root) if check else write(catalog, root))]
    if as_json:
        emit({"rows": [{"file": name} for name in found]})
    elif check and found:
        fail(f"{len(found)} rendered files are stale: run make render: {', '.join(found[:5])}")
    else:
        say(f"{len(found)} files {'stale' if check else 'written'}")
    if check and found:
        raise SystemExit(1)


@app.command("list")
def list_(as_json: bool = JSON_OPTION) -> None:
    """List the entries with their zone, unit, cycle and access types.

    Example: citylake catalog list --json
    """
    from catalog.load import survey
    from orchestration.settings import read_settings

    with plainly():
        catalog, _ = survey(read_settings().catalog)
    rows = [
        {
            "name": entry.name,
            "title": entry.title,
            "zone": entry.zone,
            "group": entry.group,
            "unit": entry.unit,
            "cycle": entry.update.cycle,
            "mode": entry.update.mode,
            "level": entry.classification.level,
            "sharing": entry.sharing.type,
            "opening": entry.opening.type,
            "backflow": entry.backflow.by if entry.backflow else None,
        }
        for entry in catalog.entries.values()
    ]
    emit_rows(rows, as_json=as_json)


@app.command()
def show(name: str = NAME, as_json: bool = JSON_OPTION) -> None:
    """Show one entry: its page, or with --json everything it declares.

    Example: citylake catalog show water_reading
    """
    from catalog.load import survey
    from catalog.problem import nearest
    from catalog.render.pages import page
    from orchestration.settings import read_settings

    with plainly():
        catalog, _ = survey(read_settings().catalog)
    if name not in catalog.entries:
        fail(f"no entry is called {name}{nearest(name, tuple(catalog.entries))}", code=2)
    entry = catalog.entry(name)
    if as_json:
        emit(entry.model_dump(mode="json"))
    else:
        say(page(entry, catalog.vocabulary))


@app.command()
def new(
    file: Path = SAMPLE,
    *,
    name: str = NEW_NAME,
    unit: str = UNIT,
    output: Path = OUTPUT,
    as_json: bool = JSON_OPTION,
) -> None:
    """Propose the entry of a sample file: names, types, keys, codes and sensitive items.

    Example: citylake catalog new parks.csv --name park --output catalog/entries/guiyang_housing
    """
    from orchestration.city import now, open_city
    from orchestration.flows.proposal import propose_entry

    with plainly():
        proposal = propose_entry(
            open_city(probe=False), file, name=name, unit=unit, output=output, now=now()
        )
    if as_json:
        emit({"file": str(proposal.path), "notes": list(proposal.notes)})
        return
    say(f"建议条目已写入 {proposal.path}: look through it, then citylake catalog validate")
    for note in proposal.notes:
        say(f"  · {note}")


@app.command()
def suggest(name: str = NAME, as_json: bool = JSON_OPTION) -> None:
    """Suggest words and rules that the released rows keep, each with its evidence.

    Example: citylake catalog suggest water_account
    """
    from orchestration.city import open_city
    from orchestration.flows.suggest import suggest as look

    with plainly():
        found = look(open_city(probe=False), name)
    rows = [
        {
            "where": one.where,
            "yaml": one.line,
            "evidence": one.evidence,
            "rows": one.rows,
            "share": round(one.share, 4),
            "since": one.since,
            "until": one.until,
        }
        for one in found
    ]
    if as_json:
        emit({"rows": rows})
        return
    for one in found:
        say(f"{one.where}:")
        say(f"  {one.line}")
        span = f"{one.since} 至 {one.until}，" if one.since else ""
        say(f"    # {one.evidence}（{span}{one.rows} 行，{one.share:.2%} 符合）")
    say("(nothing)" if not found else "改入条目后: citylake catalog validate")
