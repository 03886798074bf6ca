"""What every rule of an entry shares.

Keep out: the rules themselves.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

Scope = Literal["row", "rows", "tables", "whole"]


class RuleBase(BaseModel):
    """What all rules share: a defect name for refused rows, and a severity."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    defect: ClassVar[str]
    # Judged by the row alone, by others of its table, by another table, or never of one row.
    scope: ClassVar[Scope] = "row"
    kind: str
    label: str | None = Field(default=None, alias="as", pattern=r"^[a-z][a-z0-9_]*$")
    severity: Literal["block", "quarantine", "warn"] = "quarantine"

    @property
    def defect_name(self) -> str:
        """Return the name that a refused row carries, without its columns."""
        return self.label or self.defect

    def columns(self) -> tuple[str, ...]:
        """Return the items of the entry that the rule reads; the first ones are blamed."""
        return ()

    def tables(self) -> tuple[str, ...]:
        """Return the other entries that the rule looks into."""
        return ()
