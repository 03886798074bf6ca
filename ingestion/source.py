"""One delivered file on its way in: where its bytes lie, what the unit called it, scratch space.

Keep out: reading it.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Source:
    """A delivered file; `name` is the unit's name for it and stands in every message."""

    path: Path
    name: str
    scratch: Path

    def scratch_file(self, suffix: str) -> Path:
        """Return a new empty file in the scratch folder; whoever gave the folder removes it."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.scratch, suffix=suffix, delete=False) as file:
            return Path(file.name)
