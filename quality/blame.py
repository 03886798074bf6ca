"""What a refused row is blamed for, in words: which rule, why, and which cells.

Keep out: judging, and where the words are written (returned.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.entry import Entry
from catalog.vocabulary import Vocabulary
from quality.rules import checks

DEFECTS = "defects"  # code list of what is no rule of an entry


@dataclass(frozen=True)
class Blame:
    """One reason of refusal: in Chinese, and the items whose cells gave rise to it."""

    rule: str  # defect:item+item
    reason: str
    items: tuple[str, ...]


def blames(entry: Entry, vocabulary: Vocabulary, rules: Iterable[str]) -> dict[str, Blame]:
    """Return what each of these rules, as refused rows carry them, blames a row for."""
    expected = {check.label: check.expected for check in checks(entry, vocabulary)}
    known = {item.name for item in entry.items}
    titles = {code.code: code.title for code in vocabulary.code_lists.get(DEFECTS, ())}
    return {rule: _blame(rule, known, expected, titles) for rule in set(rules)}


def items_of(rule: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the items that a rule's label names, as far as the entry still has them."""
    named = rule.partition(":")[2].split("+")
    items = set(known)
    return tuple(name for name in named if name in items)


def _blame(
    rule: str, known: set[str], expected: Mapping[str, str], titles: Mapping[str, str]
) -> Blame:
    defect = rule.partition(":")[0]
    return Blame(rule, expected.get(rule) or titles.get(defect) or rule, items_of(rule, known))
