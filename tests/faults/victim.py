"""The command `citylake` in a process that kills itself where a test wants it to.

`python -m tests.faults.victim SEAM before|after NTH words…`; SEAM `count` only counts the calls
of every seam, into the file named in place of before|after.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

# Where something becomes durable, or is about to be forgotten.
SEAMS = (
    "lake.store.archive:Archive.put",
    "lake.store.place:Folder.put",
    "lake.commit:_transact",
    "sqlalchemy.engine.default:DefaultDialect.do_commit",  # ours and Dagster's
    "pathlib:Path.unlink",
    "pathlib:Path.rename",
    "sharing.package:_write",
    "orchestration.flows.settle:_store",
    "orchestration.flows.together:_joined",
    "orchestration.flows.together:close",
    "orchestration.assets:release_raw",
    "orchestration.flows.backflow:record",
    "orchestration.flows.backflow:close",
    "orchestration.flows.warehouse:_invoke",
    "lake.compaction:_join",
    "lake.compaction:_transact",
    "lake.store.place:Folder.remove",
    "lake.vacuum:remove",
    "orchestration.flows.upkeep:_note",
    "orchestration.flows.restore:store",
    "orchestration.flows.restore:_stand_at",
    "orchestration.flows.rebuild:release_raw",
)


def main() -> None:
    """Run the command with a death at one seam, or with every seam counted."""
    seam, when, nth = sys.argv[1:4]
    sys.argv = ["citylake", *sys.argv[4:]]
    calls: Counter[str] = Counter()
    for name in SEAMS if seam == "count" else [seam]:
        wrap(name, calls, None if seam == "count" else (when, int(nth)))
    from cli.main import main as citylake

    try:
        citylake()
    finally:
        if seam == "count":
            Path(when).write_text(json.dumps(calls))


def wrap(seam: str, calls: Counter[str], death: tuple[str, int] | None) -> None:
    """Let this process die at a call of a seam, or have its calls counted."""
    module, _, path = seam.partition(":")
    owner_path, _, name = path.rpartition(".")
    owner = resolve_name(f"{module}:{owner_path}" if owner_path else module)
    real: Callable[..., Any] = getattr(owner, name)

    def dying(*given: Any, **more: Any) -> Any:
        calls[seam] += 1
        if death == ("before", calls[seam]):
            _die()
        result = real(*given, **more)
        if death == ("after", calls[seam]):
            _die()
        return result

    setattr(owner, name, dying)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
