"""The rules that an entry may name, as frozen values whose columns can be checked.

A rule says what must hold; how it is evaluated is quality/'s affair.
Keep out: evaluation, expressions, Great Expectations.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class RuleBase(BaseModel):
    """What all rules share: a defect name for refused rows, and a severity."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    defect: ClassVar[str]
    kind: str
    label: str | None = Field(default=None, alias="as", pattern=r"^[a-z][a-z0-9_]*$")
    severity: Literal["block", "quarantine", "warn"] = "quarantine"

    @property
    def defect_name(self) -> str:
        """Return the name that a refused row carries, without its columns."""
        return self.label or self.defect

    def columns(self) -> tuple[str, ...]:
        """Return the items of the entry that the rule reads; the first ones are blamed."""
        raise NotImplementedError


class Identifier(RuleBase):
    """An identifier with a check character (domain: GB 32100, GB 11643, Luhn)."""

    defect = "bad_check_character"
    kind: Literal[
        "uscc", "citizen_id", "meter_number", "bank_card", "organization_code", "mobile", "plate"
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


class Reference(RuleBase):
    """Every non-null value stands in another table: `to` is an entry, `at` its items."""

    defect = "unknown_reference"
    kind: Literal["reference"]
    items: tuple[str, ...] = Field(min_length=1)
    to: str
    at: tuple[str, ...] = Field(min_length=1)

    def columns(self) -> tuple[str, ...]:
        """Return the referring items."""
        return self.items


class Monotonic(RuleBase):
    """A counter never runs backward within a series, but for its rollover."""

    defect = "reading_goes_back"
    kind: Literal["monotonic"]
    item: str
    by: tuple[str, ...] = Field(min_length=1)
    order: str
    rollover: Decimal | None = None

    def columns(self) -> tuple[str, ...]:
        """Return the counter, its series and its order."""
        return (self.item, *self.by, self.order)


class Difference(RuleBase):
    """A usage equals the difference of successive readings of its series."""

    defect = "usage_not_difference"
    kind: Literal["difference"]
    item: str
    of: str
    by: tuple[str, ...] = Field(min_length=1)
    order: str
    rollover: Decimal | None = None
    tolerance: Decimal = Decimal("0.01")

    def columns(self) -> tuple[str, ...]:
        """Return the usage, the reading, its series and its order."""
        return (self.item, self.of, *self.by, self.order)


class Sum(RuleBase):
    """An amount equals the sum of its parts (nulls count as zero)."""

    defect = "not_sum"
    kind: Literal["sum"]
    item: str
    of: tuple[str, ...] = Field(min_length=2)
    tolerance: Decimal = Decimal("0.01")

    def columns(self) -> tuple[str, ...]:
        """Return the total and its parts."""
        return (self.item, *self.of)


class Ordered(RuleBase):
    """One item does not come after another: `items: [earlier, later]`, nulls pass."""

    defect = "out_of_order"
    kind: Literal["ordered"]
    items: tuple[str, str]

    def columns(self) -> tuple[str, ...]:
        """Return the earlier and the later item."""
        return self.items


class When(RuleBase):
    """If an item has one of the values, then the required items are not null."""

    defect = "condition_broken"
    kind: Literal["when"]
    item: str
    values: tuple[str, ...] = Field(min_length=1)
    required: tuple[str, ...] = Field(min_length=1)

    def columns(self) -> tuple[str, ...]:
        """Return the deciding item and the ones that it requires."""
        return (self.item, *self.required)


class Unique(RuleBase):
    """No two rows share the values of these items (nulls pass)."""

    defect = "duplicate_key"
    kind: Literal["unique"]
    items: tuple[str, ...] = Field(min_length=1)

    def columns(self) -> tuple[str, ...]:
        """Return the items that are unique together."""
        return self.items


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


Rule = Annotated[
    Identifier
    | UsccOrCitizenId
    | Identity
    | Reference
    | Monotonic
    | Difference
    | Sum
    | Ordered
    | When
    | Unique
    | Rows,
    Field(discriminator="kind"),
]
RULES: TypeAdapter[Any] = TypeAdapter(tuple[Rule, ...])


def read_rules(written: Any) -> tuple[Any, ...]:  # noqa: ANN401 - YAML as it came
    """Turn `[{sum: {...}}, ...]` as written in YAML into rules; ValueError says what is wrong.

    Rules that are read already (names from vocabulary/rules.yaml) pass as they are.
    """
    if isinstance(written, tuple):
        return written
    if not isinstance(written, list):
        raise ValueError("rules must be a list of names or {name: {...}}")  # noqa: TRY004 - pydantic takes no TypeError
    shaped: list[RuleBase | dict[str, Any]] = []
    for number, rule in enumerate(written, start=1):
        if isinstance(rule, RuleBase):
            shaped.append(rule)
            continue
        if not (isinstance(rule, dict) and len(rule) == 1):
            raise ValueError(f"rule {number} must be {{name: {{...}}}}, not {rule!r}")
        ((kind, arguments),) = rule.items()
        if not isinstance(arguments, dict):
            raise ValueError(f"rule {kind} needs its arguments as a mapping")  # noqa: TRY004
        shaped.append({"kind": kind, **arguments})
    return tuple(RULES.validate_python(shaped))
