"""A trial: a rule that an entry could have, to be judged by the gate on what was released.

Keep out: which rules are worth a trial (suggest_shapes.py, suggest_pairs.py,
suggest_conditions.py, suggest_deliveries.py) and judging them (orchestration).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from catalog.entry import Entry, Quality
from catalog.render.entry_yaml import rule_yaml
from catalog.rules import RuleBase, read_rules
from catalog.suggest import Suggestion

NOTHING: dict[str, Any] = {  # words of an item that asks for nothing
    "key": False, "required": False, "min": None, "max": None,
    "length": None, "pattern": None, "values": (), "codes": None,
}  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """A rule to be tried, and what was seen of it."""

    kind: str
    words: Mapping[str, Any]
    said: str  # evidence, Chinese
    looked: int  # rows, values or deliveries that speak for it

    def but(self, said: str | None = None, **words: Any) -> Trial:  # noqa: ANN401 - words of a rule
        """Return it with other words, and perhaps other evidence."""
        return replace(self, words={**self.words, **words}, said=said or self.said)

    @property
    def rule(self) -> RuleBase:
        """Return it as a rule of an entry."""
        rule: RuleBase
        (rule,) = read_rules([{self.kind: dict(self.words)}])
        return rule

    def suggestion(self, *, kept: float = 1.0) -> Suggestion:
        """Return it as it is proposed; a rule that not all rows keep only warns."""
        words = dict(self.words) if kept == 1.0 else {**self.words, "severity": "warn"}
        line = rule_yaml(self.kind, words)
        return Suggestion("quality.rules", line, self.said, self.looked, kept, {self.kind: words})


def on_trial(entry: Entry, trials: list[Trial]) -> Entry:
    """Return an entry that asks for these rules and nothing else; the n-th is called `t<n>`."""
    rules = [{one.kind: {**one.words, "as": f"t{number}"}} for number, one in enumerate(trials)]
    items = tuple(item.model_copy(update=NOTHING) for item in entry.items)
    # Released rows have no cells as delivered, like those of a model.
    origin = entry.origin.model_copy(update={"model": "base"})
    quality = Quality.model_construct(rules=read_rules(rules), max_quarantine=1.0)
    return entry.model_copy(update={"items": items, "origin": origin, "quality": quality})


def has(entry: Entry, kind: str, *names: str) -> bool:
    """Tell whether an entry asks for a rule of a kind about these items already."""
    return any(
        rule.kind == kind and set(names) <= set(rule.columns()) for rule in entry.quality.rules
    )
