"""The catalog's examination: everything that is wrong in a folder, and removals without an act.

Keep out: the checks themselves (entry_checks.py, cross_checks.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from catalog.load import ENTRIES, VOCABULARY, Catalog, survey
from catalog.problem import CatalogError, Problem
from catalog.retirement import RETIRED, Retired, load_retired


def problems(folder: Path = ENTRIES, vocabulary: Path = VOCABULARY) -> tuple[Problem, ...]:
    """Return all that is wrong in a folder of entries and its vocabulary; never raises."""
    try:
        return survey(folder, vocabulary)[1]
    except CatalogError as error:
        return error.problems


def ended(
    before: Iterable[str], folder: Path = ENTRIES, vocabulary: Path = VOCABULARY
) -> tuple[Problem, ...]:
    """Return a problem for each entry that ended without an act; a wrong file ends nothing."""
    try:
        after = survey(folder, vocabulary)[0]
        retired = load_retired(folder.parent / RETIRED)
    except CatalogError:
        return ()  # said by `problems`
    there = {path.stem for path in folder.rglob("*.yaml")}
    return removed(set(before) - there, after, retired)


def removed(
    before: Iterable[str], after: Catalog, retired: Sequence[Retired]
) -> tuple[Problem, ...]:
    """Return a problem for each entry that was there before and ended without an act.

    `before` are the names of an earlier catalog: of the merge base, in CI.
    """
    acknowledged = {each.name for each in retired}
    acknowledged.update(name for entry in after.entries.values() for name in entry.succeeds)
    advice = "put it in retired.yaml or in its successor's `succeeds`"
    return tuple(
        Problem(Path(RETIRED), 1, name, f"entry is gone without an act — {advice}")
        for name in sorted(set(before) - set(after.entries) - acknowledged)
    )
