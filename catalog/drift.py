"""What becomes of a delivery whose columns are not those of its entry.

Keep out: finding such columns (ingestion) and proposing the entry's change (propose.py).
"""

from __future__ import annotations

from typing import Literal

from catalog.frozen import Frozen

Fate = Literal["refuse", "quarantine", "accept"]
# Columns that stand beside a delivery's items where the entry quarantines: null in rows to refuse.
NO_NEW, NO_MISSING = "no_new_column", "no_missing_column"


class Drift(Frozen):
    """The fate of a delivery with a new, a missing or a retyped column; accepted is told."""

    new: Fate = "refuse"
    missing: Fate = "refuse"
    retyped: Fate = "quarantine"
