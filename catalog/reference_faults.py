"""What is wrong between a rule and what it looks into: other tables and tariffs.

Keep out: rules by themselves (rule_faults.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from catalog.entry import Entry, Item
from catalog.found import Found
from catalog.item_types import TIMES
from catalog.problem import Fault, Place, nearest
from catalog.rules import AsOf, Complete, Reference, RuleBase, Silence, Tariff

Entries = Mapping[str, Entry | None]


def reference_faults(
    entry: Entry,
    entries: Entries,
    *,
    tariffs: Mapping[str, frozenset[int]],
    lists: Collection[str],
) -> Iterator[Fault]:
    """Yield what is wrong with the tables and tariffs that an entry's rules name."""
    for position, rule in enumerate(entry.quality.rules):
        place: Place = ("quality", "rules", position)
        wrong = [*_tables(rule, entries), *_lists(entry, rule, lists)]
        if isinstance(rule, Tariff):
            wrong += _tariff(rule, tariffs)
        for message in wrong:
            yield Fault(place, message)


def circles(found: Sequence[Found]) -> Iterator[tuple[Path, Fault]]:
    """Yield rules that lead back to their own entry: none of such tables could be the first."""
    targets = {
        each.entry.name: {name for r in each.entry.quality.rules for name in r.tables()}
        for each in found
    }
    for each in found:
        for position, rule in enumerate(each.entry.quality.rules):
            for name in rule.tables():
                if each.entry.name not in _reached(name, targets):
                    continue
                message = (
                    f"{name} refers back to {each.entry.name}: neither could ever have rows "
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


def _tables(rule: RuleBase, entries: Entries) -> Iterator[str]:
    """Yield what is wrong with the tables that a rule looks into, and with their items."""
    for table in rule.tables():
        if table not in entries:
            yield f"reference to no entry: '{table}'{nearest(table, entries)}"
        elif (target := entries[table]) is not None:
            yield from _items(rule, target)


def _items(rule: RuleBase, target: Entry) -> Iterator[str]:
    names = {item.name for item in target.items}
    ends = _ends(rule)
    for name in (*_looked_at(rule), *ends):
        if name not in names:
            yield f"{target.name} has no item '{name}'{nearest(name, names)}"
    if isinstance(rule, Silence) and rule.through and rule.through.item in names:
        personal = _is_personal(target.item(rule.through.item))
        if personal and rule.through.first is None:
            yield f"{rule.through.item} is personal, and verdicts name groups — say `first: 6`"
    for name in ends:
        if name in names and target.item(name).type not in TIMES - {"month"}:
            kind = target.item(name).type
            yield f"{target.name}.{name} is no day, but a {kind} — name a date"


def _looked_at(rule: RuleBase) -> tuple[str, ...]:
    """Return the items of the other table that a rule compares with."""
    if isinstance(rule, Reference):
        return rule.at
    if isinstance(rule, Silence) and rule.through is not None:
        return (rule.through.at, rule.through.item)
    return (rule.at,) if isinstance(rule, Complete) and rule.at is not None else ()


def _ends(rule: RuleBase) -> tuple[str, ...]:
    """Return the items of the other table that say when its rows hold."""
    periods = rule.as_of if isinstance(rule, Reference) else rule
    if not isinstance(periods, AsOf | Complete):
        return ()
    return tuple(name for name in (periods.since, periods.until) if name is not None)


def _lists(entry: Entry, rule: RuleBase, lists: Collection[str]) -> Iterator[str]:
    """Yield code lists that are not there, and groups that would name persons in a verdict."""
    if isinstance(rule, Complete) and rule.codes is not None and rule.codes not in lists:
        yield f"no code list is '{rule.codes}'{nearest(rule.codes, lists)}"
    if isinstance(rule, Silence) and rule.through is None:
        by = next((item for item in entry.items if item.name == rule.by), None)
        if by is not None and _is_personal(by):
            yield f"{rule.by} is personal, and verdicts name groups — group it `through` a table"


def _is_personal(item: Item) -> bool:
    return item.sensitivity in ("personal", "sensitive_personal")


def _tariff(rule: Tariff, tariffs: Mapping[str, frozenset[int]]) -> Iterator[str]:
    if rule.tariff not in tariffs:
        yield f"no tariff is named '{rule.tariff}'{nearest(rule.tariff, tariffs)}"
        return
    for rates in sorted(tariffs[rule.tariff] - {len(rule.of)}):
        yield f"tariff {rule.tariff} has {rates} rates, `of` {len(rule.of)} items — name as many"
