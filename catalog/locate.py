"""Documents from files, and the lines of their faults: worked out only when something is wrong.

Keep out: YAML itself (document.py), what the values mean (load.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from catalog.document import DocumentError, Value, lines, parse, read_text
from catalog.explain import field
from catalog.problem import CatalogError, Fault, Place, Problem


def read_document(path: Path) -> dict[str, Value]:
    """Read a file that holds one mapping; CatalogError says where it does not."""
    try:
        document = parse(read_text(path))
    except DocumentError as error:
        raise CatalogError([Problem(path, error.line, "", str(error))]) from error
    if not isinstance(document, dict):
        raise CatalogError([Problem(path, 1, "", "is not a mapping — write `word: value` lines")])
    return document


def locate(path: Path, faults: Iterable[Fault]) -> tuple[Problem, ...]:
    """Return the faults of a readable file as problems with line and field."""
    found = tuple(faults)
    if not found:
        return ()
    text = read_text(path)
    document, marks = parse(text), lines(text)
    return tuple(
        Problem(path, _line(marks, fault.place), field(fault.place, document), fault.message)
        for fault in found
    )


def _line(marks: dict[Place, int], place: Place) -> int:
    while place not in marks:
        place = place[:-1]
    return marks[place]
