"""Checks that the rules of an entry ask for, one or more a rule; a file a family of rules.

Keep out: what an item's own words ask for (item_checks.py).
"""

from quality.rule_checks import conditions, deliveries, identifiers, rows, series, tables
from quality.rule_checks.of_rule import of_rule

__all__ = ["conditions", "deliveries", "identifiers", "of_rule", "rows", "series", "tables"]
