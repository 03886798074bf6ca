"""Where files lie: a folder or a bucket, addressed by keys below one root.

Keep out: what the files mean (archive, tables).
"""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lake.errors import LakeError


@dataclass(frozen=True)
class S3Credentials:
    """Who we are to an S3 store, and where it is."""

    endpoint: str  # http(s)://host:port
    key: str
    secret: str = field(repr=False)
    region: str = "us-east-1"


@dataclass(frozen=True)
class Lying:
    """A file that lies in a folder of a place."""

    name: str
    size: int  # bytes
    written: float  # seconds since 1970


class Place(Protocol):
    """A root that holds files under keys such as `raw/water_reading/part-….parquet`."""

    @property
    def root(self) -> str:
        """Return the absolute path or the s3:// URL of the root."""

    @property
    def credentials(self) -> S3Credentials | None:
        """Return who we are to the store; None for a folder."""

    def put(self, source: Path, key: str) -> int:
        """Move a file to a key, durably, and return its size in bytes."""

    def fetch(self, key: str, scratch: Path) -> Path:
        """Return a local path of a file's bytes; LakeError when it is not there."""

    def size(self, key: str) -> int | None:
        """Return the size of a file in bytes; None when it is not there."""

    def mark(self, key: str) -> str | None:
        """Return what tells a file from another of its name, if that costs next to nothing."""

    def sync(self, key: str) -> None:
        """Make a file that another library wrote survive a power cut."""

    def remove(self, key: str) -> None:
        """Remove a file; it may be gone already."""

    def folders(self, key: str) -> tuple[str, ...]:
        """Return the names of the folders directly below a key, sorted."""

    def files(self, key: str) -> tuple[Lying, ...]:
        """Return the files directly below a key, by name."""


def open_place(url: str, credentials: S3Credentials | None) -> Place:
    """Open the place of a local path or an `s3://bucket/prefix` URL."""
    if not url.startswith("s3://"):
        return Folder(str(Path(url).absolute()))
    if credentials is None:
        raise LakeError(f"{url}: no credentials: set AWS_ENDPOINT_URL and the AWS keys")
    from lake.store.bucket import Bucket  # minio costs 0.2 s that a local lake need not pay

    return Bucket(url.rstrip("/"), credentials)


def delta_options(place: Place) -> dict[str, str]:
    """Return delta-rs storage options, with bounds so that a dead store ends in an error."""
    if place.credentials is None:
        return {}
    bounds = {"connect_timeout": "5s", "timeout": "60s", "max_retries": "3", "retry_timeout": "60s"}
    return {**object_options(place), **bounds}


def object_options(place: Place) -> dict[str, str]:
    """Return the storage options that Polars and delta-rs share; empty for a folder."""
    who = place.credentials
    if who is None:
        return {}
    return {
        "aws_access_key_id": who.key,
        "aws_secret_access_key": who.secret,
        "aws_region": who.region,
        "aws_endpoint_url": who.endpoint,
        "aws_allow_http": str(who.endpoint.startswith("http://")).lower(),
    }


@dataclass(frozen=True)
class Folder:
    """A place on this machine's file system."""

    root: str
    credentials: S3Credentials | None = None

    def put(self, source: Path, key: str) -> int:
        """Move a file to a key, durably, and return its size in bytes."""
        target = Path(self.root, key)
        target.parent.mkdir(parents=True, exist_ok=True)
        size = source.stat().st_size
        try:
            synced(source)
            source.rename(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise LakeError(f"{target}: cannot be written ({error.strerror})") from error
            _copy(source, target)
            source.unlink()
        synced(target.parent)
        return size

    def fetch(self, key: str, scratch: Path) -> Path:
        """Return the path of a file; LakeError when it is not there."""
        path = Path(self.root, key)
        if not path.is_file():
            raise LakeError(f"{path}: not there")
        return path

    def size(self, key: str) -> int | None:
        """Return the size of a file in bytes; None when it is not there."""
        path = Path(self.root, key)
        return path.stat().st_size if path.is_file() else None

    def mark(self, key: str) -> str | None:
        """Return inode and times of a file; None when it is not there."""
        try:
            about = Path(self.root, key).stat()
        except OSError:
            return None
        return f"{about.st_dev}:{about.st_ino}:{about.st_size}:{about.st_mtime_ns}"

    def sync(self, key: str) -> None:
        """Make a file that another library wrote survive a power cut."""
        path = Path(self.root, key)
        synced(path)
        synced(path.parent)

    def remove(self, key: str) -> None:
        """Remove a file; it may be gone already."""
        Path(self.root, key).unlink(missing_ok=True)

    def folders(self, key: str) -> tuple[str, ...]:
        """Return the names of the folders directly below a key, sorted."""
        path = Path(self.root, key)
        return tuple(sorted(p.name for p in path.iterdir() if p.is_dir())) if path.is_dir() else ()

    def files(self, key: str) -> tuple[Lying, ...]:
        """Return the files directly below a key, by name."""
        path = Path(self.root, key)
        found = [(p.name, p.stat()) for p in path.iterdir() if p.is_file()] if path.is_dir() else []
        return tuple(Lying(name, s.st_size, s.st_mtime) for name, s in sorted(found))


def _copy(source: Path, target: Path) -> None:
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, part)
    synced(part)
    part.rename(target)


def synced(path: Path) -> None:
    """Make a file or a folder of this machine survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
