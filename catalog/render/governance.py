"""What dbt must know of who owns models and who receives them: groups and exposures.

Keep out: columns and contracts (dbt.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from catalog.entry import Entry
from catalog.render.dbt import MARK, quoted, referred
from catalog.vocabulary import Vocabulary

ANALYSTS = "analysts"


def groups_yaml(models: Iterable[Entry], vocabulary: Vocabulary) -> str:
    """Render a group for each base database and theme, owned by the unit that answers for it."""
    owners = {entry.group: entry.unit for entry in sorted(models, key=lambda entry: entry.name)}
    lines = [MARK, "version: 2", "groups:" if owners else "groups: []"]
    for group, unit in sorted(owners.items()):
        lines += [
            f"  - name: {group}",
            f"    description: {quoted(vocabulary.groups.get(group, group))}",
            f"    owner: {_owner(vocabulary.unit(unit).title, unit)}",
        ]
    return "\n".join(lines) + "\n"


def exposures_yaml(entries: Iterable[Entry], vocabulary: Vocabulary) -> str:
    """Render what leaves dbt: each table that flows back, and the views of analysts."""
    known = sorted(entries, key=lambda entry: (entry.zone, entry.name))
    models = [entry for entry in known if entry.origin.model]
    lines = [MARK, "version: 2", "exposures:" if known else "exposures: []"]
    for entry in known:
        if entry.backflow is not None:
            lines += _exposure(
                f"backflow_{entry.name}",
                f"{entry.title} · 回流至 {len(vocabulary.recipients())} 个区县",
                "application",
                owner=(vocabulary.unit(entry.unit).title, entry.unit),
                tables=[entry],
            )
    if models:
        owner = ("数据分析人员", ANALYSTS)
        title = "只读视图 analyst.duckdb"
        lines += _exposure(ANALYSTS, title, "analysis", owner=owner, tables=models)
    return "\n".join(lines) + "\n"


def _exposure(
    name: str, title: str, kind: str, *, owner: tuple[str, str], tables: Iterable[Entry]
) -> Iterator[str]:
    yield f"  - name: {name}"
    yield f"    label: {quoted(title)}"
    yield f"    description: {quoted(title)}"
    yield f"    type: {kind}"
    yield "    maturity: high"
    yield f"    owner: {_owner(*owner)}"
    yield "    depends_on:"
    for entry in tables:
        yield f"      - {referred(entry)}"


def _owner(title: str, name: str) -> str:
    """Return an owner; dbt asks for an address, and this one can never be another's."""
    return f"{{name: {quoted(title)}, email: {name}@citylake.invalid}}"
