"""Conditions on a row: if these hold, then those must.

Keep out: arithmetic (rows.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from catalog.rules.rule import RuleBase

OTHERS = ("at_least", "at_most", "equal_to")  # words that name another item


class Condition(BaseModel):
    """What is said of one item: one thing, or both bounds. A null meets only `filled: false`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    item: str
    values: tuple[str, ...] = ()
    other_than: tuple[str, ...] = ()
    filled: bool | None = None
    min: Decimal | str | None = None
    max: Decimal | str | None = None
    at_least: str | None = None
    at_most: str | None = None
    equal_to: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Condition:
        if not self.model_fields_set - {"item"}:
            raise ValueError(f"nothing is said of {self.item} — use values, filled, min …")
        if self.filled is False and len(self.model_fields_set) > 2:
            raise ValueError(
                f"{self.item} cannot be empty and be something — drop one of the words"
            )
        return self

    @property
    def others(self) -> tuple[str, ...]:
        """Return the other items that it compares with."""
        named = (getattr(self, word) for word in OTHERS)
        return tuple(name for name in named if name is not None)


class When(RuleBase):
    """If an item has one of the values, others are filled; or `if` … `then` at length."""

    defect = "condition_broken"
    kind: Literal["when"]
    item: str | None = None
    values: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    given: tuple[Condition, ...] = Field(default=(), alias="if")
    then: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _one_form(self) -> When:
        short = (bool(self.item), bool(self.values), bool(self.required))
        long = (bool(self.given), bool(self.then))
        if not (all(short) and not any(long)) and not (all(long) and not any(short)):
            raise ValueError("write item, values and required, or if: [...] and then: [...]")
        return self

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Return what must hold that anything is asked."""
        if self.item is None:
            return self.given
        return (Condition(item=self.item, values=self.values),)

    @property
    def demands(self) -> tuple[Condition, ...]:
        """Return what is asked then."""
        return self.then or tuple(Condition(item=name, filled=True) for name in self.required)

    def columns(self) -> tuple[str, ...]:
        """Return the deciding items and the ones of which something is asked."""
        return tuple(dict.fromkeys(self._columns()))

    def _columns(self) -> Iterator[str]:
        for condition in (*self.conditions, *self.demands):
            yield condition.item
            yield from condition.others
