"""The archive: delivered bytes by their digest, written once, never rewritten.

Keep out: what the bytes mean.
"""

from __future__ import annotations

import hashlib
import shutil
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from lake.errors import LakeError, StillGrowing
from lake.store.place import Place, synced

LARGE = 8 << 20  # bytes whose writing is worth a thread


@dataclass(frozen=True)
class Stored:
    """Bytes in the archive."""

    digest: str  # sha256, hex
    size: int  # bytes
    # Nobody stored these bytes before, so nobody can have worked on them.
    new: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Archive:
    """Content-addressed bytes at `{root}/<first two>/<sha256>`."""

    place: Place
    scratch: Path

    def put(self, path: Path) -> Stored:
        """Store a file's bytes; StillGrowing when it changed while it was read."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        part = self.scratch / f"archive-{uuid.uuid4().hex}"
        try:
            stored = _copy_hashing(path, part)
            lies = self.place.size(_key(stored.digest))
            if lies != stored.size:
                self.place.put(part, _key(stored.digest))
        finally:
            part.unlink(missing_ok=True)
        return replace(stored, new=lies is None)

    def fetch(self, digest: str, scratch: Path) -> Path:
        """Return a local path of the bytes; on an object store they are copied to scratch."""
        path = self.place.fetch(_key(digest), scratch)
        if self.place.credentials is not None and _digest(path) != digest:
            path.unlink()
            raise LakeError(f"archive {digest[:12]}: came back changed: try again, then restore it")
        return path

    def has(self, digest: str) -> bool:
        """Tell whether these bytes are stored."""
        return self.place.size(_key(digest)) is not None

    def verify(self, digest: str) -> bool:
        """Tell whether the stored bytes still have their digest."""
        path = self.place.fetch(_key(digest), self.scratch)
        try:
            return _digest(path) == digest
        finally:
            if self.place.credentials is not None:
                path.unlink()


def _key(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


def _copy_hashing(source: Path, target: Path) -> Stored:
    """Copy within the kernel, a fifth of the CPU of blocks through Python; hash what arrived."""
    before = source.stat()
    shutil.copyfile(source, target)
    size = target.stat().st_size
    digest = _digest(target) if size < LARGE else _digest_while_written(target)
    after = source.stat()
    if (before.st_ino, before.st_size, before.st_mtime_ns) != (
        after.st_ino,
        after.st_size,
        after.st_mtime_ns,
    ) or size != after.st_size:
        raise StillGrowing(f"{source.name}: changed while it was read: it will be taken later")
    return Stored(digest, size)


def _digest_while_written(path: Path) -> str:
    """Hash a file while the disk takes its bytes, which putting it in its place waits for."""
    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(synced, path)
        digest = _digest(path)
        written.result()
    return digest


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
