"""A delivered file that nobody can write while we hold it, so that it may be read for its copy.

It rests on Linux's read lease: given only where nobody has the file open to write, and taken
back before anybody does. Keep out: archiving (archive.py).
"""

from __future__ import annotations

import fcntl
import mmap
import os
import signal
import sys
from functools import lru_cache
from pathlib import Path

# On these whoever writes asks this machine's kernel; elsewhere another machine may write.
OF_THIS_MACHINE = frozenset({"btrfs", "ext2", "ext3", "ext4", "f2fs", "tmpfs", "xfs"})
MOUNTS = Path("/proc/self/mountinfo")


class Held:
    """An open file under a lease; who opens it to write waits until it is closed, 45 s at most."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.size = os.fstat(descriptor).st_size

    @property
    def path(self) -> Path:
        """Return a path of the file that stays when its name is gone."""
        return Path(f"/proc/self/fd/{self.descriptor}")

    def mapped(self) -> mmap.mmap:
        """Return its bytes."""
        return mmap.mmap(self.descriptor, 0, prot=mmap.PROT_READ)

    def intact(self) -> bool:
        """Tell whether nobody has asked to write, so that the bytes are what they were."""
        return fcntl.fcntl(self.descriptor, fcntl.F_GETLEASE) == fcntl.F_RDLCK

    def close(self) -> None:
        """Let whoever waits write."""
        os.close(self.descriptor)


def hold(path: Path) -> Held | None:
    """Hold a file; None where it cannot be, since somebody writes it or it is not ours to hold."""
    if sys.platform != "linux" or not MOUNTS.exists():
        return None
    descriptor = os.open(path, os.O_RDONLY)
    try:
        if _system(os.fstat(descriptor).st_dev) in OF_THIS_MACHINE:
            # The signal that tells of a writer would end the process if it were the usual one.
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            return Held(descriptor)
    except OSError:
        pass
    os.close(descriptor)
    return None


@lru_cache
def _system(device: int) -> str:
    """Return the kind of file system on a device; empty where it is not told."""
    number = f"{os.major(device)}:{os.minor(device)}"
    for line in MOUNTS.read_text("utf-8", errors="replace").splitlines():
        about, _, kind = line.partition(" - ")
        if about.split()[2] == number:
            return kind.split()[0]
    return ""
