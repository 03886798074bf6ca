"""Entries that ended: the list beside the entries' folder. An entry is never just deleted.

Keep out: comparing catalogs (validate.py).
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, TypeAdapter, ValidationError

from catalog.explain import explain
from catalog.frozen import IDENTIFIER, Frozen
from catalog.locate import locate, read_document
from catalog.problem import CatalogError, Fault

RETIRED = "retired.yaml"  # beside the entries' folder


class Retired(Frozen):
    """An entry that ended: when, why, and what took its place."""

    name: str = Field(pattern=IDENTIFIER)
    retired_on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    reason: str = Field(min_length=1)
    successor: str | None = Field(default=None, pattern=IDENTIFIER)


def load_retired(path: Path) -> tuple[Retired, ...]:
    """Return the retired entries of a list; none when there is no list."""
    if not path.exists():
        return ()
    document = read_document(path)
    if set(document) != {"retired"}:
        raise CatalogError(locate(path, [Fault((), "must hold `retired: [...]` and nothing else")]))
    try:
        return TypeAdapter(tuple[Retired, ...]).validate_python(document["retired"])
    except ValidationError as error:
        faults = explain(error, document["retired"], Retired)
        wrong = [Fault(("retired", *fault.place), fault.message) for fault in faults]
        raise CatalogError(locate(path, wrong)) from error
