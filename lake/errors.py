"""What can go wrong with rows and bytes, said in one line: what, where, what to do.

Keep out: errors of deliveries (ingestion), of verdicts (quality) and of entries (catalog).
"""

from __future__ import annotations


class LakeError(Exception):
    """The lake cannot do what was asked; the message says what, where and what to do."""


class StillGrowing(LakeError):  # noqa: N818 - a state of the file, not a fault
    """A file changed while it was read: leave it and come back later."""
