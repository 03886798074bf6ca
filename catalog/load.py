"""Folders of YAML → the catalog of one city: entries by name, vocabulary, and what is wrong.

`load_catalog` wants everything right; `survey` keeps the good entries and names the bad ones.
Keep out: what makes an entry wrong (entry_checks.py, cross_checks.py, explain.py).
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from catalog.cross_checks import cross_faults, known
from catalog.entry import Entry
from catalog.entry_checks import entry_faults
from catalog.explain import explain
from catalog.found import Found
from catalog.load_vocabulary import VOCABULARY, load_vocabulary
from catalog.locate import locate, read_document
from catalog.problem import CatalogError, Fault, Problem
from catalog.retirement import RETIRED, load_retired
from catalog.vocabulary import Vocabulary

ENTRIES = Path(__file__).parent / "entries"
__all__ = ["ENTRIES", "VOCABULARY", "Catalog", "load_catalog", "load_vocabulary", "survey"]


@dataclass(frozen=True)
class Catalog:
    """Every entry of a city by its name, with the vocabulary that they use."""

    entries: Mapping[str, Entry]
    vocabulary: Vocabulary
    paths: Mapping[str, Path]

    def sources(self) -> tuple[Entry, ...]:
        """Return the entries that units deliver, by name."""
        return tuple(entry for entry in self.entries.values() if entry.zone == "raw")

    def models(self) -> tuple[Entry, ...]:
        """Return the entries that models build, by name."""
        return tuple(entry for entry in self.entries.values() if entry.zone != "raw")

    def entry(self, name: str) -> Entry:
        """Return the entry of that name; KeyError when there is none."""
        return self.entries[name]

    def path(self, name: str) -> Path:
        """Return the file of that entry; KeyError when there is none."""
        return self.paths[name]


def load_catalog(folder: Path = ENTRIES, vocabulary: Path | None = None) -> Catalog:
    """Load every entry of a folder; CatalogError lists all that is wrong."""
    catalog, problems = survey(folder, vocabulary)
    if problems:
        raise CatalogError(problems)
    return catalog


def survey(
    folder: Path = ENTRIES, vocabulary: Path | None = None
) -> tuple[Catalog, tuple[Problem, ...]]:
    """Load the good entries of a folder and say what is wrong with the others.

    CatalogError only when the vocabulary itself is wrong: no entry can be judged then.
    """
    words = load_vocabulary(vocabulary or VOCABULARY)
    files = tuple(sorted(path for path in folder.rglob("*.y*ml") if path.is_file()))
    with _collector_paused():
        good, problems = _read_all(files, words)
    if not files:
        problems.append(Problem(folder, 1, "", "holds no entry — put <unit>/<name>.yaml there"))
    problems += _examine(good, files=files, words=words, folder=folder)
    bad = {problem.file for problem in problems}
    kept = sorted((f for f in good if f.path not in bad), key=lambda found: found.entry.name)
    catalog = Catalog(
        entries=MappingProxyType({found.entry.name: found.entry for found in kept}),
        vocabulary=words,
        paths=MappingProxyType({found.entry.name: found.path for found in kept}),
    )
    return catalog, tuple(sorted(problems))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Entries hold no cycles: rescanning 20,000 of them for garbage finds nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read_all(files: Sequence[Path], words: Vocabulary) -> tuple[list[Found], list[Problem]]:
    good: list[Found] = []
    problems: list[Problem] = []
    for path in files:
        if path.suffix != ".yaml":
            problems.append(Problem(path, 1, "", f"is not read — rename it to {path.stem}.yaml"))
            continue
        try:
            good.append(Found(path, _read(path, words)))
        except CatalogError as error:
            problems += error.problems
    return good, problems


def _read(path: Path, words: Vocabulary) -> Entry:
    document = read_document(path)
    _put_named_rules(document, words)
    try:
        return Entry.model_validate(document)
    except ValidationError as error:
        faults = tuple(explain(error, document, Entry, named=tuple(words.rules)))
        raise CatalogError(locate(path, faults)) from error


def _put_named_rules(document: dict[str, Any], words: Vocabulary) -> None:
    """Put the rules of vocabulary/rules.yaml in place of their names."""
    quality = document.get("quality")
    rules = quality.get("rules") if isinstance(quality, dict) else None
    if isinstance(quality, dict) and isinstance(rules, list):
        quality["rules"] = [
            words.rules.get(rule, rule) if isinstance(rule, str) else rule for rule in rules
        ]


def _examine(
    good: Sequence[Found], *, files: Sequence[Path], words: Vocabulary, folder: Path
) -> list[Problem]:
    problems: list[Problem] = []
    try:
        retired = load_retired(folder.parent / RETIRED)
    except CatalogError as error:
        problems, retired = list(error.problems), ()
    may = known(words, good, files, frozenset(each.name for each in retired))
    faults: defaultdict[Path, list[Fault]] = defaultdict(list)
    for found in good:
        if wrong := tuple(entry_faults(found.entry)):
            faults[found.path] += wrong
    for path, fault in cross_faults(good, may):
        faults[path].append(fault)
    return problems + [p for path, each in faults.items() for p in locate(path, each)]
