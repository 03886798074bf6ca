"""Tables kept open between commits: opening one anew reads its whole log, a later look the rest.

Keep out: reading rows (tables.py), which opens the version that it wants.
"""

from __future__ import annotations

from dataclasses import dataclass

from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from lake.store.place import Place

MOST = 16  # tables that a process keeps open


@dataclass(frozen=True)
class _Kept:
    delta: DeltaTable
    log: str  # the file of its version
    mark: str  # what told that file when the table was put aside


_KEPT: dict[tuple[str, str], _Kept] = {}


def take(place: Place, table: str) -> DeltaTable | None:
    """Return a table put aside, brought to its newest version; None where it must be opened anew.

    Who takes it has it alone. A log that another has written since, after the table was lost, is
    told by the file of the version that was seen last.
    """
    kept = _KEPT.pop((place.root, table), None)
    if kept is None or place.mark(kept.log) != kept.mark:
        return None
    try:
        kept.delta.update_incremental()
    except (DeltaError, OSError):
        return None
    return kept.delta


def put_aside(place: Place, table: str, delta: DeltaTable) -> None:
    """Keep a table open for the next commit, where its place can tell that it is still the same."""
    log = f"{table}/_delta_log/{delta.version():020}.json"
    mark = place.mark(log)
    if mark is None:
        return
    while len(_KEPT) >= MOST:
        _KEPT.pop(next(iter(_KEPT)), None)
    _KEPT[(place.root, table)] = _Kept(delta, log, mark)
