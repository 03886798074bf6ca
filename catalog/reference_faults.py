"""What is wrong between a rule and what it looks into: other tables and tariffs.

Keep out: rules by themselves (rule_faults.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from catalog.entry import Entry
from catalog.found import Found
from catalog.item_types import TIMES
from catalog.problem import Fault, Place, nearest
from catalog.rules import AsOf, Reference, Tariff

Entries = Mapping[str, Entry | None]


def reference_faults(
    entry: Entry, entries: Entries, tariffs: Mapping[str, frozenset[int]]
) -> Iterator[Fault]:
    """Yield what is wrong with the tables and tariffs that an entry's rules name."""
    for position, rule in enumerate(entry.quality.rules):
        place: Place = ("quality", "rules", position)
        if isinstance(rule, Reference):
            found = _reference(rule, entries)
        elif isinstance(rule, Tariff):
            found = _tariff(rule, tariffs)
        else:
            continue
        for message in found:
            yield Fault(place, message)


def circles(found: Sequence[Found]) -> Iterator[tuple[Path, Fault]]:
    """Yield rules that lead back to their own entry: none of such tables could be the first."""
    targets = {
        each.entry.name: {r.to for r in each.entry.quality.rules if isinstance(r, Reference)}
        for each in found
    }
    for each in found:
        for position, rule in enumerate(each.entry.quality.rules):
            if isinstance(rule, Reference) and each.entry.name in _reached(rule.to, targets):
                message = (
                    f"{rule.to} refers back to {each.entry.name}: neither could ever have rows "
                    "— drop one of the references"
                )
                yield each.path, Fault(("quality", "rules", position), message)


def _reached(name: str, targets: Mapping[str, set[str]]) -> set[str]:
    reached, waiting = {name}, [name]
    while waiting:
        new = targets.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    return reached


def _reference(rule: Reference, entries: Entries) -> Iterator[str]:
    if rule.to not in entries:
        yield f"reference to no entry: '{rule.to}'{nearest(rule.to, entries)}"
    elif (target := entries[rule.to]) is not None:
        names = {item.name for item in target.items}
        for name in (*rule.at, *_ends(rule.as_of)):
            if name not in names:
                yield f"{rule.to} has no item '{name}'{nearest(name, names)}"
        for name in _ends(rule.as_of):
            if name in names and target.item(name).type not in TIMES - {"month"}:
                yield f"{rule.to}.{name} is no day, but a {target.item(name).type} — name a date"


def _ends(as_of: AsOf | None) -> tuple[str, ...]:
    if as_of is None:
        return ()
    return (as_of.since,) if as_of.until is None else (as_of.since, as_of.until)


def _tariff(rule: Tariff, tariffs: Mapping[str, frozenset[int]]) -> Iterator[str]:
    if rule.tariff not in tariffs:
        yield f"no tariff is named '{rule.tariff}'{nearest(rule.tariff, tariffs)}"
        return
    for rates in sorted(tariffs[rule.tariff] - {len(rule.of)}):
        yield f"tariff {rule.tariff} has {rates} rates, `of` {len(rule.of)} items — name as many"
