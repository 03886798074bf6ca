"""Pollock's score of one loaded table against the clean one, by the benchmark's own definition.

Ten measures from 0 to 1 a file: success, then precision, recall and F1 of header, records and
cells, as multisets (VLDB 2023, HPI-Information-Systems/Pollock, evaluate.py and metrics.py).
Written anew from that definition; what it calls precision is the share of the clean items that
were loaded. Keep out: how a cell is compared (pollock_cell.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.bench.pollock_cell import normal

Table = Sequence[Sequence[str]]
Measures = tuple[float, ...]
MEASURES = (
    "success",
    *(f"{part}_{kind}" for part in ("header", "record", "cell") for kind in ("p", "r", "f1")),
)
FAILED: Measures = (0.0,) * len(MEASURES)
PERFECT: Measures = (1.0,) * len(MEASURES)


def measures(clean: Table, loaded: Table) -> Measures:
    """Return the ten measures of a table that was loaded without an error."""
    if not clean:
        return PERFECT
    header = [normal(cell) for cell in clean[0]]
    found = [normal(cell) for cell in loaded[0]] if loaded else []
    return (
        1.0,
        *(_overlap(header, found) if header else (1.0,) * 3),
        *_overlap(_records(clean), _records(loaded)),
        *_overlap([c for row in clean for c in row], [c for row in loaded for c in row]),
    )


def _records(table: Table) -> list[str]:
    return ["".join(normal(cell) for cell in row) for row in table[1:]]


def _overlap(clean: Iterable[str], loaded: Iterable[str]) -> Measures:
    """Return precision, recall and F1 of two multisets, as Pollock names them."""
    wanted, found = Counter(clean), Counter(loaded)
    if not wanted:
        return 1.0, 1.0, 1.0
    common = (wanted & found).total()
    if not common:
        return 0.0, 0.0, 0.0
    precision, recall = common / wanted.total(), common / found.total()
    return precision, recall, 2 * precision * recall / (precision + recall)
