"""A server's process: started, waited for, and ended for certain, even when the tests are killed.

Keep out: what is particular to one server.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 60  # seconds until a server must answer
PR_SET_PDEATHSIG = 1
NOBODY = "nobody"


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    log: Path,
    ready: Callable[[], bool],
    stop: signal.Signals = signal.SIGTERM,
    user: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Run a server until the block ends; RuntimeError with its log when it does not come up."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            user=user,
            env=None if environment is None else {**os.environ, **environment},
            preexec_fn=lambda: _end_with_parent(stop),  # noqa: PLW1509 - no locks are taken in it
        )
        try:
            _await(process, ready, log)
            yield
        finally:
            _end(process, stop)


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@contextmanager
def short_folder(name: str, *, user: str | None = None) -> Iterator[Path]:
    """Lend a folder with a short path (sockets need one) that another user may own."""
    folder = Path(tempfile.mkdtemp(prefix=f"citylake-{name}-"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def program(name: str) -> str:
    """Return where a program of the machine is; servers are often not on a user's path."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise RuntimeError(f"{name} is not on this machine: make servers")
    return found


def other_than_root() -> str | None:
    """Return whom to be for servers that refuse root; None where we are not root anyway."""
    return NOBODY if os.geteuid() == 0 else None


def _end_with_parent(stop: signal.Signals) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(stop))


def _await(process: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        if ready():
            return
        time.sleep(0.02)
    said = log.read_text(errors="replace")[-2000:]
    raise RuntimeError(f"{process.args} is not there: {said}")


def _end(process: subprocess.Popen[bytes], stop: signal.Signals) -> None:
    process.send_signal(stop)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
