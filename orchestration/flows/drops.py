"""Files that a bucket or an SFTP folder holds: each put into the inbox once, under its own name.

Keep out: windows of databases and APIs (windows.py).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any, Protocol, TypeVar

from catalog.entry import Entry
from catalog.sources import BucketSource, SftpSource
from ingestion.connectors.files import in_progress
from ingestion.connectors.source import Meter, SourceRefused
from ingestion.delivery import in_one_line, intent
from lake.errors import LakeError
from orchestration.city import City
from orchestration.flows.windows import Landed
from orchestration.landing import land
from registry import cursors
from registry.cursors import Cursor, FetchedFile

STRANGE = re.compile(r"[^\w.,()（）+=@ -]")
LONGEST = 200  # bytes of a name; file systems take 255
NO_DAY = str.maketrans("0123456789", "ghijklmnop")  # no digit of a digest is a day's stamp
File = TypeVar("File")


class Box(Protocol[File]):
    """Where files are dropped: an S3 prefix or an SFTP folder."""

    def files(self) -> Sequence[File]:
        """Return what lies there, the oldest first."""

    def take(self, file: File, target: Path, *, charge: Callable[[int], None]) -> bool:
        """Copy a file as it was listed; False when it has changed since."""


def fetch_drops(
    city: City, entry: Entry, source: BucketSource | SftpSource, *, part: Path, cursor: Cursor
) -> Landed:
    """Take every new file; one that cannot be taken stays there, is told of and stops no other."""
    known = cursors.fetched(city.registry, entry.name)
    names: list[str] = []
    troubles: list[str] = []
    meter = Meter(source)
    with _opened(city, source) as box:
        for file in box.files():
            if (file.path, file.mark) in known or not _is_meant(entry, file.path):
                continue
            meter.bytes = 0  # the bound on bytes is one file's, that on time is of all
            try:
                if not box.take(file, part, charge=meter.charge):
                    continue  # it changed while it was read: the next run takes it as it is then
            except (SourceRefused, LakeError) as error:
                troubles.append(in_one_line(f"{file.path} {error}"))
                if meter.seconds_left <= 0:
                    break
                continue
            if land(part, name := _name_of(file.path)) is not None:
                fetched = FetchedFile(entry.name, file.path, file.mark, name, cursor.tried_at)
                cursors.remember(city.registry, [fetched])
                names.append(name)
    return Landed(
        replace(cursor, fetched_at=cursor.tried_at),
        tuple(names),
        message=f"{len(names)} files" if names else "no new files",
        trouble=f"{entry.name}: {'; '.join(troubles[:5])}" if troubles else None,
    )


@contextmanager
def _opened(city: City, source: BucketSource | SftpSource) -> Iterator[Box[Any]]:
    secret = city.settings.secret
    if isinstance(source, BucketSource):
        from lake.store.drops import DropBox  # minio costs 0.2 s

        yield DropBox(secret(source.secret), source.prefix)
        return
    from ingestion.connectors.sftp import Secrets, sftp_folder  # asyncssh costs 0.2 s

    key = secret(source.key) if source.key else None
    who = Secrets(secret(source.secret), secret(source.host_key), key)
    with sftp_folder(source, who) as folder:
        yield folder


def _is_meant(entry: Entry, path: str) -> bool:
    """Tell whether a file is this entry's: by its pattern, withdrawals by what they withdraw."""
    name, pattern = PurePosixPath(path).name, entry.origin.pattern
    if in_progress(name):
        return False
    meant = intent(name)
    if meant.kind == "withdraw":
        name = f"{meant.stem}{PurePosixPath(pattern).suffix}"
    return fnmatch(name, pattern)


def _name_of(path: str) -> str:
    """Return the name in the inbox of a file in folders: no two paths share one.

    Where a sign is lost a digest stands before it, the same for a delivery and its correction.
    """
    stem = path.removesuffix(name := PurePosixPath(path).name) + intent(name).stem
    plain, ending = _plain(stem), _plain(path.removeprefix(stem))
    is_same = plain + ending == path.replace("/", "__") and "__" not in path
    if is_same and not path.startswith(".") and len((plain + ending).encode()) <= LONGEST:
        return plain + ending
    digest = hashlib.sha256(stem.encode()).hexdigest()[:8].translate(NO_DAY)
    return f"{digest}_{_last(plain, LONGEST - 60)}{_last(ending, 40)}"


def _plain(text: str) -> str:
    return STRANGE.sub("_", text.replace("/", "__"))


def _last(text: str, size: int) -> str:
    return text.encode()[-size:].decode(errors="ignore")
