"""Whose lake it is: lake, archive and registry belong together, and each is told by its mark.

Several homes may work on one lake when they share all three; a lake of another registry would
be collected into twice, and its accounts would hold nowhere. Keep out: opening them (city.py).
"""

from __future__ import annotations

import json
import uuid
from pathlib import Path

from lake.errors import LakeError
from lake.store.place import Place
from lake.tables import Lake
from registry.belonging import identity
from registry.schema import Registry

MARK = "citylake.json"


def belong(lake: Lake, registry: Registry) -> None:
    """Refuse a lake that another registry or archive belongs to; mark one that is new."""
    kept = lake.archive.place
    archive = _said(kept, lake.scratch) or _mark(kept, lake.scratch, {"archive": uuid.uuid4().hex})
    ours = {"registry": identity(registry), **archive}
    said = _said(lake.place, lake.scratch) or _mark(lake.place, lake.scratch, ours)
    for what, variable in (("registry", "CITYLAKE_REGISTRY_URL"), ("archive", "CITYLAKE_ARCHIVE")):
        if said.get(what) != ours[what]:
            raise LakeError(
                f"{lake.place.root}: belongs to another {what} than this home has: homes that "
                f"share a lake share its registry and its archive: set {variable}"
            )


def _said(place: Place, scratch: Path) -> dict[str, str] | None:
    if place.size(MARK) is None:
        return None
    path = place.fetch(MARK, scratch)
    try:
        return dict(json.loads(path.read_text("utf-8")))
    finally:
        if place.credentials is not None:
            path.unlink()


def _mark(place: Place, scratch: Path, words: dict[str, str]) -> dict[str, str]:
    path = scratch / f"archive-{uuid.uuid4().hex}"
    path.write_text(json.dumps(words), "utf-8")
    place.put(path, MARK)
    return _said(place, scratch) or words
