"""Catalogs of a few entries of the city's own, for runs that must be short.

Keep out: what is delivered for them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from catalog.load import ENTRIES


def copy_entries(names: Iterable[str], folder: Path) -> Path:
    """Copy the entries of these names into a folder, each in its unit's; return the folder."""
    for name in names:
        source = next(ENTRIES.rglob(f"{name}.yaml"))
        target = folder / source.relative_to(ENTRIES)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return folder


def keep_only(inbox: Path, names: Iterable[str]) -> None:
    """Remove from an inbox what was delivered for other resources than these."""
    for folder in inbox.iterdir():
        if folder.name not in set(names):
            shutil.rmtree(folder)
