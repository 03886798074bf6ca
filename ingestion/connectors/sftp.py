"""Files in a folder of an SFTP server: listed, and taken one by one, once they have been left be.

The server must show the host key that the deployment knows: no other server gets our password.
Keep out: which of the files are new, and what they mean.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, unquote

import asyncssh

from catalog.sources import SftpSource
from ingestion.connectors.drivers import unanswered
from ingestion.connectors.source import Meter, SourceRefused, taken_apart

CONNECT_SECONDS = 15
CHUNK = 4 << 20  # asyncssh asks for its blocks at once
Got = TypeVar("Got")


@dataclass(frozen=True)
class Secrets:
    """Who we are to a server, and by what it is known."""

    url: str
    host_key: str
    key: str | None = None


@dataclass(frozen=True)
class Lying:
    """One file in the folder: its name, and a mark that changes when it is written to."""

    path: str
    mark: str
    size: int  # bytes
    given: str  # the name as the server gave it: its bytes, where they are no UTF-8, escaped


@dataclass(frozen=True)
class _Line:
    """A connection, and what runs on it: never longer than a fetch may take."""

    runner: asyncio.Runner
    connection: asyncssh.SSHClientConnection
    meter: Meter

    def run(self, work: Coroutine[Any, Any, Got]) -> Got:
        """Run to its end, or to the end of the time: then the connection is gone."""
        return self.runner.run(self._bounded(work))

    def close(self) -> None:
        """Take leave; without it where the other side does not answer."""
        self.connection.close()
        with suppress(TimeoutError):
            self.runner.run(asyncio.wait_for(self.connection.wait_closed(), CONNECT_SECONDS))

    async def _bounded(self, work: Coroutine[Any, Any, Got]) -> Got:
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=max(self.meter.seconds_left, 0))
        if not done:
            # Not by cancelling: it would go on to wait for the file to be closed there.
            self.connection.abort()
            await asyncio.wait({task})
            raise self.meter.too_slow() from task.exception()
        return task.result()


class SftpFolder:
    """A folder of a server while the connection is open."""

    def __init__(self, line: _Line, client: asyncssh.SFTPClient, at: SftpSource) -> None:
        self._line, self._client, self._source = line, client, at

    def files(self) -> tuple[Lying, ...]:
        """Return the plain files that nobody has written to for a while, the oldest first."""
        return self._line.run(self._files())

    def take(self, file: Lying, target: Path, *, charge: Callable[[int], None]) -> bool:
        """Copy a file as it was listed; False when it has changed or gone since."""
        return self._line.run(self._take(file, target, charge))

    async def _files(self) -> tuple[Lying, ...]:
        found: list[tuple[int, Lying]] = []
        async for item in self._client.scandir(self._source.folder):
            name, about = str(item.filename), item.attrs
            is_plain = about.type == asyncssh.FILEXFER_TYPE_REGULAR and "/" not in name
            if is_plain and self._is_quiet(about.mtime or 0):
                file = Lying(_readable(name), _mark(about), about.size or 0, given=name)
                found.append((about.mtime or 0, file))
        return tuple(file for _, file in sorted(found, key=lambda one: (one[0], one[1].path)))

    def _is_quiet(self, modified: int) -> bool:
        """Tell whether a file has been left be: it may be half of what it will be."""
        return abs(time.time() - modified) >= self._source.quiet_seconds

    async def _take(self, file: Lying, target: Path, charge: Callable[[int], None]) -> bool:
        path = f"{self._source.folder.rstrip('/')}/{file.given}"
        try:
            async with self._client.open(path, "rb") as source:
                with target.open("wb") as copy:
                    # Not one byte more than was listed: a file that grows as we read has no end.
                    left = file.size + 1
                    while left > 0 and isinstance(chunk := await source.read(CHUNK), bytes):
                        if not chunk:
                            break
                        charge(len(chunk))
                        copy.write(chunk)
                        left -= len(chunk)
            return _mark(await self._client.stat(path)) == file.mark
        except asyncssh.SFTPNoSuchFile:
            return False
        except asyncssh.SFTPPermissionDenied:
            raise SourceRefused("denied", "may not be read by us: ask for the right") from None


@contextmanager
def sftp_folder(source: SftpSource, secrets: Secrets) -> Iterator[SftpFolder]:
    """Open a folder of an SFTP server; SourceRefused says why it cannot be."""
    parts = taken_apart(secrets.url, secret=source.secret, shape="sftp://user@host URL")
    if parts.scheme != "sftp" or not parts.hostname or not parts.username:
        raise SourceRefused("bad_secret", f"secret {source.secret} is no sftp://user@host URL")
    try:
        with asyncio.Runner() as runner:
            line = _Line(runner, runner.run(_connect(parts, source, secrets)), Meter(source))
            try:
                yield SftpFolder(line, line.run(_client(line.connection)), source)
            finally:
                line.close()
    except asyncssh.SFTPNoSuchFile:
        raise SourceRefused(
            "no_such_source", f"has no folder {source.folder}: correct folder in the entry"
        ) from None
    except asyncssh.SFTPPermissionDenied:
        said = f"lets us not read {source.folder}: ask for the right"
        raise SourceRefused("denied", said) from None
    except asyncssh.HostKeyNotVerifiable:
        raise SourceRefused(
            "denied",
            f"does not show the host key in secret {source.host_key}: nothing was sent to it — "
            "ask its owner whether the key has changed",
        ) from None
    except asyncssh.PermissionDenied:
        said = f"refuses the credentials in secret {source.secret}: correct them"
        raise SourceRefused("denied", said) from None
    except (asyncssh.Error, OSError, TimeoutError):
        raise unanswered(source.secret) from None


async def _connect(
    parts: SplitResult, source: SftpSource, secrets: Secrets
) -> asyncssh.SSHClientConnection:
    try:
        trusted = [asyncssh.import_public_key(k) for k in secrets.host_key.strip().splitlines()]
        keys = None if secrets.key is None else [asyncssh.import_private_key(secrets.key)]
    except asyncssh.KeyImportError:
        names = " or ".join(name for name in (source.host_key, source.key) if name)
        raise SourceRefused("bad_secret", f"secret {names} is no key of SSH: correct it") from None
    return await asyncssh.connect(
        parts.hostname or "",
        parts.port or 22,
        username=unquote(parts.username or ""),
        password=unquote(parts.password) if parts.password else None,
        known_hosts=(trusted, [], []),
        client_keys=keys,
        agent_path=None,
        config=None,
        connect_timeout=CONNECT_SECONDS,
        login_timeout=CONNECT_SECONDS,
        keepalive_interval=CONNECT_SECONDS,
    )


async def _client(connection: asyncssh.SSHClientConnection) -> asyncssh.SFTPClient:
    # A name need not be UTF-8: one that is not would stop the whole list.
    start = connection.start_sftp_client(path_errors="surrogateescape")
    return await asyncio.wait_for(start, CONNECT_SECONDS)


def _readable(name: str) -> str:
    """Return a name as its owner reads it, which may be in GB18030; signs of no text escaped."""
    given = name.encode("utf-8", "surrogateescape")
    for encoding in ("utf-8", "gb18030"):
        try:
            return given.decode(encoding)
        except UnicodeDecodeError:
            continue
    return given.decode("utf-8", "backslashreplace")


def _mark(about: asyncssh.SFTPAttrs) -> str:
    return f"{about.size}:{about.mtime}"
