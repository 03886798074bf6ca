"""The archive: delivered bytes by their digest, written once, never rewritten.

Keep out: what the bytes mean.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import shutil
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from lake.errors import LakeError, StillGrowing
from lake.store.held import Held, hold
from lake.store.place import Place, synced

LARGE = 8 << 20  # bytes whose writing is worth a thread
STEP = 8 << 20  # bytes hashed and written at a time: whole blocks
HELD_MOST = 2 << 30  # bytes: a file is read well within the 45 s that Linux lets a writer wait
BLOCK = 4096  # bytes: what is written past the system's cache begins and ends at one


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
    # Files that are held, by their path; once they are stored by their digest.
    held: dict[str, Held] = field(default_factory=dict, compare=False, repr=False)

    def hold(self, path: Path) -> Path | None:
        """Hold a large file until `let_go`, so that it may be read in place of its archived copy.

        Return where to read it; None where it cannot be held, or is not worth it.
        """
        self.let_go()
        try:
            worth = self.place.credentials is None and LARGE <= path.stat().st_size <= HELD_MOST
            held = hold(path) if worth else None
        except FileNotFoundError:  # taken away again: `put` says so
            return None
        if held is None:
            return None
        self.held[str(path)] = held
        return held.path

    def put(self, path: Path) -> Stored:
        """Store a file's bytes; StillGrowing when it changed while it was read."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        part, held = self.scratch / f"archive-{uuid.uuid4().hex}", self.held.get(str(path))
        try:
            stored = _copy_hashing(path, part) if held is None else _written(held, part, path.name)
            lies = self.place.size(_key(stored.digest))
            if lies != stored.size:
                self.place.put(part, _key(stored.digest))
        finally:
            part.unlink(missing_ok=True)
        if held is not None:
            self.held[stored.digest] = self.held.pop(str(path))
        return replace(stored, new=lies is None)

    def fetch(self, digest: str, scratch: Path) -> Path:
        """Return a local path of the bytes; on an object store they are copied to scratch."""
        if digest in self.held and self.sound(digest):
            return self.held[digest].path
        path = self.place.fetch(_key(digest), scratch)
        if self.place.credentials is not None and _digest(path) != digest:
            path.unlink()
            raise LakeError(f"archive {digest[:12]}: came back changed: try again, then restore it")
        return path

    def sound(self, digest: str) -> bool:
        """Tell whether what was fetched was read as it is archived; if not, fetch it again."""
        if digest not in self.held or self.held[digest].intact():
            return True
        self.let_go()
        return False

    def let_go(self) -> None:
        """Let go of files that are held, so that they may be written."""
        while self.held:
            self.held.popitem()[1].close()

    def has(self, digest: str) -> bool:
        """Tell whether these bytes are stored."""
        return self.size(digest) is not None

    def size(self, digest: str) -> int | None:
        """Return how many bytes are stored under a digest; None where none are."""
        return self.place.size(_key(digest))

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


def _written(held: Held, target: Path, name: str) -> Stored:
    """Write a file that is held past the system's cache, and hash it meanwhile.

    A second copy in the cache costs three times as much as its digest, and drives out the first.
    """
    mapped, digest = held.mapped(), hashlib.sha256()
    descriptor = _past_cache(target)
    try:
        with ThreadPoolExecutor(1) as pool:
            for start in range(0, held.size, STEP):
                part = memoryview(mapped)[start : start + STEP]
                done = pool.submit(_write, descriptor, part, start)
                digest.update(part)
                done.result()
                mapped.madvise(mmap.MADV_DONTNEED, start, len(part))
                if not held.intact():
                    raise _growing(name)
        os.ftruncate(descriptor, held.size)
    finally:
        os.close(descriptor)
    return Stored(digest.hexdigest(), held.size)


def _past_cache(target: Path) -> int:
    """Open a new file to write without the system's cache, or with it where there is no other."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        return os.open(target, flags | os.O_DIRECT, 0o666)
    except OSError:
        target.unlink(missing_ok=True)
        return os.open(target, flags, 0o666)


def _write(descriptor: int, part: memoryview, place: int) -> None:
    """Write whole blocks: the last one is filled up."""
    rest = len(part) % BLOCK
    if rest:
        room = mmap.mmap(-1, BLOCK)
        room[:rest] = part[len(part) - rest :]
        _write(descriptor, memoryview(room), place + len(part) - rest)
    part = part[: len(part) - rest]
    while len(part):
        done = os.pwrite(descriptor, part, place)
        part, place = part[done:], place + done


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
        raise _growing(source.name)
    return Stored(digest, size)


def _growing(name: str) -> StillGrowing:
    return StillGrowing(f"{name}: changed while it was read: it will be taken later")


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
