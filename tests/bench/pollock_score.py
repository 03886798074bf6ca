"""Pollock's score of one loaded table against the clean one, by the benchmark's own definition.

Ten measures from 0 to 1 a file: success, then precision, recall and F1 of header, records and
cells, as multisets (VLDB 2023, HPI-Information-Systems/Pollock). Written anew from that
definition; what it calls precision is the share of the clean items that were loaded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from dateutil import parser

Table = Sequence[Sequence[str]]
Measures = tuple[float, ...]
MEASURES = (
    "success",
    *(f"{part}_{kind}" for part in ("header", "record", "cell") for kind in ("p", "r", "f1")),
)
FAILED: Measures = (0.0,) * len(MEASURES)
PERFECT: Measures = (1.0,) * len(MEASURES)
TRUTH = {"False": "0", "false": "0", "0": "0", "True": "1", "true": "1", "1": "1"}
TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
PRICE = re.compile(r"([$€£¥])\s?(\d[\d,]*(?:\.\d+)?)")


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


@lru_cache(maxsize=1 << 16)
def normal(cell: str) -> str:
    """Return a cell in the form in which records and headers are compared."""
    if not cell.strip():
        return cell
    if cell in TRUTH:
        return TRUTH[cell]
    for kind in (int, float):
        try:
            return str(kind(cell))
        except ValueError:
            continue
    if TIME.fullmatch(cell):
        return cell.zfill(5)
    try:
        return str(parser.parse(cell))
    except (ValueError, OverflowError, TypeError):
        pass
    price = PRICE.search(cell)
    return f"{price[1]}{float(price[2].replace(',', ''))}" if price else cell.lower()
