"""How much memory one session of the database may take: half of what this process may.

Keep out: what is read or built with it (flows).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

OWN = Path("/proc/self/cgroup")  # the control groups of this process
CONTROL = Path("/sys/fs/cgroup")
LEAST = 1024  # MiB


def memory_limit(own: Path = OWN, control: Path = CONTROL) -> str:
    """Return half of the memory there is: the machine's, or its container's where that is less.

    A year of a city's bills needs more than 2 GB.
    """
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    said = [path.read_text("ascii").strip() for path in _limits(own, control) if path.is_file()]
    total = min([machine, *(int(limit) for limit in said if limit.isdecimal())])
    return f"{max(total // 2 >> 20, LEAST)}MiB"


def _limits(own: Path, control: Path) -> Iterator[Path]:
    """Yield the files that say a limit: of the group of this process and of all around it.

    In a container the group is often the root of what is mounted; a service (systemd) or a batch
    job has a group of its own below. Version 1 of Linux control groups, and version 2 (no name).
    """
    groups = own.read_text("utf-8").splitlines() if own.is_file() else []
    for line in (*groups, "0:memory:/", "0::/"):
        _, controllers, path = line.split(":", 2)
        folder, name = control, "memory.max"
        if "memory" in controllers.split(","):
            folder, name = control / "memory", "memory.limit_in_bytes"
        elif controllers:
            continue
        group = PurePosixPath(path.lstrip("/"))
        yield from (folder / each / name for each in (group, *group.parents))
