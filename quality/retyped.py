"""Items whose cells are mostly not of their declared type: the column was retyped at its source.

Keep out: what becomes of the delivery (gate.py) and of single cells (item_checks.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from quality.item_checks import WRONG_TYPE
from quality.split import Rows
from quality.verdict import RuleResult

FEW = 10  # cells of another type that say nothing about a column


def retyped(results: Sequence[RuleResult], rows: Rows) -> tuple[str, ...]:
    """Return the items of which at least half of the cells are of another type."""
    wrong = {
        result.rule.removeprefix(WRONG_TYPE): result.failed
        for result in results
        if result.rule.startswith(WRONG_TYPE) and result.failed >= FEW
    }
    if not wrong:
        return ()
    right = dict.fromkeys(wrong, 0)
    for path in (rows.gate.accepted, rows.gate.rejected):
        counted = rows.gate.rows(path).select(pl.col(name).count() for name in wrong).collect()
        right = {name: right[name] + counted[name].item() for name in wrong}
    return tuple(name for name, failed in wrong.items() if failed >= right[name])
