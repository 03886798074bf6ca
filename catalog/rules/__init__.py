"""The rules that an entry may name, as frozen values whose columns can be checked.

A rule says what must hold; how it is evaluated is quality/'s affair.
Keep out: evaluation, expressions, Great Expectations.
"""

from catalog.rules.deliveries import Rows
from catalog.rules.identifiers import Identifier, Identity, UsccOrCitizenId
from catalog.rules.read import RULES, Rule, read_rules
from catalog.rules.rows import Ordered, Sum, When
from catalog.rules.rule import RuleBase
from catalog.rules.series import Difference, Monotonic
from catalog.rules.tables import Reference, Unique

__all__ = [
    "RULES",
    "Difference",
    "Identifier",
    "Identity",
    "Monotonic",
    "Ordered",
    "Reference",
    "Rows",
    "Rule",
    "RuleBase",
    "Sum",
    "Unique",
    "UsccOrCitizenId",
    "When",
    "read_rules",
]
