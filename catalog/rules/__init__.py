"""The rules that an entry may name, as frozen values whose columns can be checked.

A rule says what must hold; how it is evaluated is quality/'s affair.
Keep out: evaluation, expressions, Great Expectations.
"""

from catalog.rules.conditions import Condition, When
from catalog.rules.deliveries import (
    Complete,
    Fresh,
    Rows,
    RowsNear,
    Share,
    Silence,
    Steady,
    Through,
)
from catalog.rules.identifiers import DivisionCode, Identifier, Identity, UsccOrCitizenId
from catalog.rules.read import RULES, Rule, read_rules
from catalog.rules.rows import Ordered, Product, Sum, Tariff
from catalog.rules.rule import RuleBase
from catalog.rules.series import Difference, Monotonic
from catalog.rules.tables import AsOf, NoOverlap, Reference, Unique

__all__ = [
    "RULES",
    "AsOf",
    "Complete",
    "Condition",
    "Difference",
    "DivisionCode",
    "Fresh",
    "Identifier",
    "Identity",
    "Monotonic",
    "NoOverlap",
    "Ordered",
    "Product",
    "Reference",
    "Rows",
    "RowsNear",
    "Rule",
    "RuleBase",
    "Share",
    "Silence",
    "Steady",
    "Sum",
    "Tariff",
    "Through",
    "Unique",
    "UsccOrCitizenId",
    "When",
    "read_rules",
]
