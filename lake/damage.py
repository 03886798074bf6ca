"""Damage: files that a version of a table needs, and that are missing or of another size.

Found by listing alone, before anybody reads: Polars panics on a file that is shorter than the
log says. Keep out: what the files' rows should be (flows).
"""

from __future__ import annotations

import polars as pl
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from lake.errors import LakeError
from lake.store.place import delta_options
from lake.tables import Lake


def damage(lake: Lake, zone: str, name: str, version: int | None = None) -> tuple[str, ...]:
    """Say which files of a version, by default the newest, are not as the log says."""
    table = f"{zone}/{name}"
    lying = {one.name: one.size for one in lake.place.files(table)}
    found = []
    for path, size in _needed(lake, table, version):
        if path not in lying:
            found.append(f"{zone}.{name}: {path} is missing")
        elif lying[path] != size:
            found.append(f"{zone}.{name}: {path} has {lying[path]} bytes, the log says {size}")
    return tuple(found)


def _needed(lake: Lake, table: str, version: int | None) -> list[tuple[str, int]]:
    try:
        delta = DeltaTable(
            f"{lake.place.root}/{table}", version=version, storage_options=delta_options(lake.place)
        )
        known = pl.DataFrame(delta.get_add_actions(flatten=True))
    except (DeltaError, OSError) as error:
        said = " ".join(str(error).split())[:200]
        raise LakeError(f"{table} version {version}: cannot be opened: {said}") from error
    return list(known.select("path", "size_bytes").iter_rows()) if known.height else []
