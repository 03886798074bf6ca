"""The dbt project as house tests see it: SQL as written, and what refers to what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from orchestration.graph import DBT_PROJECT, REF, SOURCE

JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
COMMENT = re.compile(r"--[^\n]*")
TEXT = re.compile(r"'[^']*'")
CALL = re.compile(r"\b([a-z_]\w*)\s*\(")


@dataclass(frozen=True)
class Written:
    """One model: its layer, its name, its text and what it refers to."""

    layer: str
    name: str
    text: str
    refs: frozenset[str]
    sources: frozenset[str]

    @property
    def plain(self) -> str:
        """Return the SQL without Jinja, comments and texts."""
        return TEXT.sub("''", COMMENT.sub("", JINJA.sub(" placeholder ", self.text)))

    @property
    def calls(self) -> set[str]:
        """Return the names of the functions that the SQL calls itself."""
        return set(CALL.findall(self.plain.lower()))


def written() -> dict[str, Written]:
    """Return every model by name."""
    return {path.stem: _read(path) for path in sorted((DBT_PROJECT / "models").rglob("*.sql"))}


def _read(path: Path) -> Written:
    text = path.read_text(encoding="utf-8")
    return Written(
        path.relative_to(DBT_PROJECT / "models").parts[0],
        path.stem,
        text,
        frozenset(REF.findall(text)),
        frozenset(".".join(match) for match in SOURCE.findall(text)),
    )
