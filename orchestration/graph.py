"""Which table is made from which: read from the catalog's references and the SQL of the models.

Keep out: running anything. dbt is not imported: its parser takes seconds, this takes none.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

from catalog.entry import Entry
from catalog.load import Catalog
from catalog.rules import (
    Difference,
    Monotonic,
    NoOverlap,
    Reference,
    RowsNear,
    RuleBase,
    Silence,
    Steady,
)

DBT_PROJECT = Path(__file__).parent.parent / "dbt_project"
SOURCE = re.compile(r"source\(\s*'(raw|current|history)'\s*,\s*'(\w+)'\s*\)")
LINKED = re.compile(r"source\(\s*'linked'\s*,\s*'(\w+)'\s*\)")
LINKAGE = Path(__file__).parent.parent / "linkage"
REF = re.compile(r"ref\(\s*'(\w+)'\s*\)")


@dataclass(frozen=True)
class Model:
    """A base or thematic table: the tables it reads and a digest of the code that makes it."""

    name: str
    sources: tuple[str, ...]  # raw resources
    models: tuple[str, ...]  # base and thematic tables
    code_digest: str

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return all tables that the model reads."""
        return (*self.sources, *self.models)


def read_models(catalog: Catalog, project: Path = DBT_PROJECT) -> Mapping[str, Model]:
    """Read the models of the catalog in the order in which they must be built."""
    files = {path.stem: path for path in sorted((project / "models").rglob("*.sql"))}
    macros = "".join(path.read_text() for path in sorted((project / "macros").rglob("*.sql")))
    declared = {entry.name: entry for entry in catalog.models()}
    found = {}
    for name, entry in declared.items():
        if entry.linkage is not None:
            found[name] = _linked(entry)
            continue
        if name not in files:
            continue  # an entry without SQL is a finding of catalog validate, not a crash here
        sources, models, text = _reach(name, files, set(declared))
        code = hashlib.sha256((text + macros + entry.model_dump_json()).encode()).hexdigest()
        found[name] = Model(name, tuple(sorted(sources)), tuple(sorted(models)), code)
    order = TopologicalSorter({name: set(model.models) for name, model in found.items()})
    return {name: found[name] for name in order.static_order() if name in found}


def _linked(entry: Entry) -> Model:
    """Return a table that linking makes: what its words name, by the code of that room."""
    tables = () if entry.linkage is None else entry.linkage.tables()
    code = "".join(path.read_text() for path in sorted(LINKAGE.glob("*.py")))
    digest = hashlib.sha256((code + entry.model_dump_json()).encode()).hexdigest()
    return Model(entry.name, (), tuple(sorted(name for _, name in tables)), digest)


def _reach(
    name: str, files: Mapping[str, Path], public: set[str]
) -> tuple[set[str], set[str], str]:
    """Follow refs through ephemeral models to raw sources and public tables."""
    sources: set[str] = set()
    models: set[str] = set()
    texts, waiting, seen = [], [name], {name}
    while waiting:
        text = files[waiting.pop()].read_text()
        texts.append(text)
        sources.update(match[1] for match in SOURCE.findall(text))
        models.update(LINKED.findall(text))
        for ref in set(REF.findall(text)) - seen:
            seen.add(ref)
            if ref in public:
                models.add(ref)
            elif ref in files:
                waiting.append(ref)
    return sources, models, "\n".join(sorted(texts))


def collection_order(catalog: Catalog, names: Iterable[str]) -> tuple[str, ...]:
    """Order resources so that a table is collected after the ones that its rows refer to."""
    wanted = set(names)
    edges: dict[str, set[str]] = {name: set() for name in sorted(wanted)}
    for name in edges:
        edges[name] = references(catalog, name) & wanted - {name}
    return tuple(TopologicalSorter(edges).static_order())


def references(catalog: Catalog, name: str) -> set[str]:
    """Return the tables that the rules of an entry look into."""
    return referred(catalog.entry(name))


def referred(entry: Entry) -> set[str]:
    """Return the tables that the reference rules of this entry, present or past, look into."""
    return {table for rule in entry.quality.rules for table in rule.tables()}


def referring(catalog: Catalog) -> Mapping[str, tuple[tuple[Entry, Reference], ...]]:
    """Return the rules by which source tables refuse rows that refer to others, by the other."""
    found: dict[str, list[tuple[Entry, Reference]]] = {}
    for entry in catalog.sources():
        for rule in entry.quality.rules:
            if isinstance(rule, Reference) and rule.severity != "warn":
                found.setdefault(rule.to, []).append((entry, rule))
    return {name: tuple(rules) for name, rules in found.items()}


def leads(entry: Entry, rule: RuleBase) -> bool:
    """Tell whether a rule refuses anything by what earlier deliveries of its table say."""
    if isinstance(rule, Monotonic | Difference):
        return rule.severity != "warn"
    if isinstance(rule, NoOverlap):  # a snapshot replaces what came before it
        return rule.severity != "warn" and entry.update.mode != "snapshot"
    return isinstance(rule, RowsNear | Steady | Silence) and rule.severity == "block"


def ancestors(models: Mapping[str, Model], name: str) -> tuple[str, ...]:
    """Return every table that a model reads, directly or through other models."""
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        for table in models[waiting.pop()].inputs:
            if table not in reached:
                reached.add(table)
                waiting += [table] if table in models else []
    return tuple(sorted(reached))


def downstream(models: Mapping[str, Model], changed: Iterable[str]) -> tuple[str, ...]:
    """Return the models that read any of the changed tables, directly or not, in build order."""
    reached = set(changed)
    found = []
    for name, model in models.items():
        if reached & set(model.inputs) or name in reached:
            reached.add(name)
            found.append(name)
    return tuple(found)
