"""The inbox: one folder a resource, into which units put files.

Files still on their way are left alone. Keep out: reading, archiving and judging them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingestion.delivery import intent

UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")
HIDDEN = (".", "~$")
ORDER = ("deliver", "correct", "withdraw")
Kind = Literal["file", "directory", "link", "other"]


@dataclass(frozen=True)
class Found:
    """Something in the inbox; `resource` is the name of its folder, empty where it has none."""

    resource: str
    path: Path
    kind: Kind


@dataclass(frozen=True)
class Stamp:
    """What tells that a file has been written to: its size and its time."""

    size: int  # bytes
    modified_ns: int


def pending(inbox: Path) -> tuple[Found, ...]:
    """Return what lies in the inbox: by resource, a delivery before what corrects it."""
    if not inbox.is_dir():
        return ()
    return tuple(sorted(_found(inbox), key=_order))


def stamp(path: Path) -> Stamp:
    """Return the stamp of a file: taken before it is read and compared after."""
    status = path.stat()
    return Stamp(status.st_size, status.st_mtime_ns)


def settled(path: Path, before: Stamp) -> bool:
    """Tell whether a file is still what it was; one that grew or went away is not."""
    return path.exists() and stamp(path) == before


def in_progress(name: str) -> bool:
    """Tell by its name whether a file is still on its way, or nobody's delivery."""
    return name.startswith(HIDDEN) or name.lower().endswith(UNFINISHED)


def _found(inbox: Path) -> Iterator[Found]:
    for child in inbox.iterdir():
        if in_progress(child.name):
            continue
        if _kind(child) == "directory":
            inside = (path for path in child.iterdir() if not in_progress(path.name))
            yield from (Found(child.name, path, _kind(path)) for path in inside)
        else:
            yield Found("", child, _kind(child))


def _kind(path: Path) -> Kind:
    """Return what a path is; a link is a link wherever it leads."""
    if path.is_symlink():
        return "link"
    if path.is_file():
        return "file"
    return "directory" if path.is_dir() else "other"


def _order(found: Found) -> tuple[str, str, int, str]:
    meant = intent(found.path.name)
    return found.resource, meant.stem, ORDER.index(meant.kind), found.path.name
