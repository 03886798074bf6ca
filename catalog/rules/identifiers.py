"""Rules about identifiers: what an item must be by its characters alone.

Keep out: how characters are checked (quality).
"""

from __future__ import annotations

from typing import Literal

from catalog.rules.rule import RuleBase


class Identifier(RuleBase):
    """An identifier with a check character (domain: GB 32100, GB 11643, Luhn)."""

    defect = "bad_check_character"
    kind: Literal[
        "uscc",
        "citizen_id",
        "meter_number",
        "bank_card",
        "organization_code",
        "mobile",
        "land_line",
        "phone",
        "plate",
        "industry",
    ]
    item: str

    def columns(self) -> tuple[str, ...]:
        """Return the item that holds the identifier."""
        return (self.item,)


class UsccOrCitizenId(RuleBase):
    """An item that holds a credit code for bodies and a citizen ID for persons."""

    defect = "bad_check_character"
    kind: Literal["uscc_or_citizen_id"]
    item: str

    def columns(self) -> tuple[str, ...]:
        """Return the item that holds the identifier."""
        return (self.item,)


class Identity(RuleBase):
    """Sex and birth date agree with what the citizen ID says (GB 11643-1999)."""

    defect = "sex_or_birth_disagrees"
    kind: Literal["identity"]
    citizen_id: str
    sex: str | None = None
    birth_date: str | None = None

    def columns(self) -> tuple[str, ...]:
        """Return the identifier and what must agree with it."""
        return tuple(c for c in (self.citizen_id, self.sex, self.birth_date) if c)


class DivisionCode(RuleBase):
    """A division code that the city knows, in force on the day or month that `day` names."""

    defect = "division_not_in_force"
    kind: Literal["division"]
    item: str
    day: str | None = None

    def columns(self) -> tuple[str, ...]:
        """Return the code and the day that it is judged by."""
        return (self.item,) if self.day is None else (self.item, self.day)
