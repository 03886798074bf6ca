"""Rules about a delivery or a version as a whole: none of its rows is to blame.

Keep out: rules that refuse rows.
"""

from __future__ import annotations

from typing import Literal

from catalog.rules.rule import RuleBase


class Rows(RuleBase):
    """The table holds at least `min` and at most `max` rows."""

    defect = "row_count"
    kind: Literal["rows"]
    min: int | None = None
    max: int | None = None
    severity: Literal["block", "quarantine", "warn"] = "block"

    def columns(self) -> tuple[str, ...]:
        """Return no item: the rule speaks of the table."""
        return ()
