"""From what an entry writes to rules: the union of all kinds.

Keep out: what single kinds say.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from catalog.rules.conditions import When
from catalog.rules.deliveries import Complete, Fresh, Rows, RowsNear, Share, Silence, Steady
from catalog.rules.identifiers import DivisionCode, Identifier, Identity, UsccOrCitizenId
from catalog.rules.rows import Ordered, Product, Sum, Tariff
from catalog.rules.rule import RuleBase
from catalog.rules.series import Difference, Monotonic
from catalog.rules.tables import NoOverlap, Reference, Unique

Rule = Annotated[
    Identifier
    | UsccOrCitizenId
    | DivisionCode
    | Identity
    | Reference
    | Monotonic
    | Difference
    | Sum
    | Product
    | Tariff
    | Ordered
    | When
    | Unique
    | NoOverlap
    | Rows
    | RowsNear
    | Share
    | Steady
    | Silence
    | Fresh
    | Complete,
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
