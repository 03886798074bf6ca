"""Putting what was fetched into the inbox: whole and durable, or not at all.

Keep out: fetching it, and what becomes of it there (flows/collect.py).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.city import City

PART = ".fetch.part"  # hidden, so that collection leaves it alone


@contextmanager
def part_of(city: City, resource: str) -> Iterator[Path | None]:
    """Lend the file to write to; None while another process fetches. A crash leaves one at most."""
    folder = city.settings.inbox / resource
    folder.mkdir(parents=True, exist_ok=True)
    locks = city.settings.home / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    with (locks / f"fetch-{resource}").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        part = folder / PART
        part.unlink(missing_ok=True)
        try:
            yield part
        finally:
            part.unlink(missing_ok=True)


def land(part: Path, name: str) -> Path | None:
    """Let a finished part appear in the inbox under a name; None when that name waits there."""
    target = part.with_name(name)
    if target.exists():
        return None
    _sync(part)
    part.rename(target)
    _sync(target.parent)
    return target


def digest_of(path: Path) -> str:
    """Return the digest of a file, as deliveries are known by it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
