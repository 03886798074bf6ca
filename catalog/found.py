"""An entry and the file that holds it.

Keep out: reading (load.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from catalog.entry import Entry


@dataclass(frozen=True)
class Found:
    """An entry and the file that holds it."""

    path: Path
    entry: Entry
