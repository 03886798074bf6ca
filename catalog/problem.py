"""What is wrong with a catalog: problems that name file, line, field and what to do.

Keep out: finding them (load.py, cross_checks.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

Place = tuple[str | int, ...]  # keys and positions that lead to a value in a document


@dataclass(frozen=True)
class Fault:
    """Something wrong at a place of one document."""

    place: Place
    message: str


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong in a file, as a person can find and mend it."""

    file: Path
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """Return one line: file:line: field: message."""
        where = f"{self.file}:{self.line}"
        return (
            f"{where}: {self.field}: {self.message}" if self.field else f"{where}: {self.message}"
        )


class CatalogError(Exception):
    """The catalog cannot be used as it stands; `problems` says why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(word: str, words: Collection[str]) -> str:
    """Return advice that names the nearest known word, or the known words when none is near."""
    if close := get_close_matches(word, words, n=1, cutoff=0.6):
        return f" — did you mean '{close[0]}'?"
    some = sorted(words)[:15]
    return f" — use one of: {', '.join(some)}{', …' if len(words) > len(some) else ''}"
