"""What is wrong with an entry by itself: items, rules and access against each other.

Keep out: other entries and vocabularies (cross_checks.py), shapes (entry.py).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from catalog.entry import DETECT, Entry, Item
from catalog.follow_checks import follow_faults
from catalog.format_checks import format_faults
from catalog.item_types import TEXTS, bound
from catalog.patterns import pattern_fault
from catalog.problem import Fault, Place, nearest
from catalog.rule_faults import rule_faults
from catalog.source_checks import source_faults

MAX_DIGITS = 38  # of a decimal in Arrow and Delta
_PERSONAL = frozenset({"personal", "sensitive_personal"})


def entry_faults(entry: Entry) -> Iterator[Fault]:
    """Yield what is wrong with one entry, whatever stands beside it."""
    yield from _item_faults(entry)
    yield from _header_faults(entry)
    yield from _mention_faults(entry)
    yield from _access_faults(entry)
    yield from source_faults(entry)
    yield from follow_faults(entry)
    yield from format_faults(entry)
    types = {item.name: item.type for item in entry.items}
    for position, rule in enumerate(entry.quality.rules):
        yield from rule_faults(rule, types, ("quality", "rules", position))
    try:
        codecs.lookup("utf-8" if entry.origin.encoding == DETECT else entry.origin.encoding)
    except LookupError:
        yield Fault(
            ("origin", "encoding"),
            f"no encoding is named '{entry.origin.encoding}' "
            "— use utf-8, utf-8-sig, gb18030 or gbk, or leave it out",
        )


def _item_faults(entry: Entry) -> Iterator[Fault]:
    for position, item in enumerate(entry.items):
        for word, message in (*_bound_faults(item), *_form_faults(item)):
            yield Fault(("items", position, word), message)
    if not entry.key:
        yield Fault(("items",), "no item is a key — mark what identifies a row with key: true")
    if entry.quality.trust_key and entry.zone != "raw":
        why = "is for what a source delivers — drop it: a model's key is always judged"
        yield Fault(("quality", "trust_key"), why)


def _bound_faults(item: Item) -> Iterator[tuple[str, str]]:
    given = {word: value for word in ("min", "max") if (value := getattr(item, word)) is not None}
    bounds = {word: bound(item.type, value) for word, value in given.items()}
    for word, found in bounds.items():
        if found is None:
            yield word, f"is no bound of a {item.type} — correct or drop it"
    least, most = bounds.get("min"), bounds.get("max")
    if least is not None and most is not None and least > most:
        yield "min", "is above max — exchange the two"


def _form_faults(item: Item) -> Iterator[tuple[str, str]]:
    if item.precision and not 0 <= item.precision[1] <= item.precision[0] <= MAX_DIGITS:
        yield "precision", f"must be [digits ≤ {MAX_DIGITS}, decimals ≤ digits] — correct it"
    for word in ("length", "pattern"):
        if getattr(item, word) is not None and item.type not in TEXTS:
            yield word, f"does not apply to a {item.type} — drop it"
    if item.pattern is not None and (fault := pattern_fault(item.pattern)):
        yield "pattern", f"does not compile: {fault}"


def _header_faults(entry: Entry) -> Iterator[Fault]:
    """A header must lead to one item, or columns would be mixed up without a sign."""
    owner: dict[str, int] = {}
    for position, item in enumerate(entry.items):
        for word in dict.fromkeys((item.name, item.title, *item.aliases)):
            other = owner.setdefault(word.strip().casefold(), position)
            if other != position:
                message = f"header '{word}' is also that of {entry.items[other].name} — rename one"
                yield Fault(("items", position), message)


def _mention_faults(entry: Entry) -> Iterator[Fault]:
    names = {item.name for item in entry.items}
    mentions: tuple[tuple[Place, str | None], ...] = (
        (("update", "period"), entry.update.period),
        (("backflow", "by"), entry.backflow.by if entry.backflow else None),
        (("opening", "aggregate"), entry.opening.aggregate),
        (("sharing", "aggregate"), entry.sharing.aggregate),
    )
    for place, name in mentions:
        if name is not None and name not in names:
            yield Fault(place, f"no item is named '{name}'{nearest(name, names)}")
    by = entry.backflow.by if entry.backflow else None
    if by in names and entry.item(by).codes != "divisions":
        yield Fault(("backflow", "by"), "is no division — name an item with codes: divisions")


def _access_faults(entry: Entry) -> Iterator[Fault]:
    level, place = entry.classification.level, ("classification", "level")
    personal = [item.name for item in entry.items if item.sensitivity in _PERSONAL]
    if personal and level in (1, 2):
        message = f"{level} is too low: {personal[0]} is personal — use 3 or more (domain: M30)"
        yield Fault(place, message)
    if personal and entry.opening.type == "unconditional":
        message = f"{personal[0]} is personal — use conditional or none"
        yield Fault(("opening", "type"), message)
    if level in ("important", "core"):
        for word in ("sharing", "opening"):
            if getattr(entry, word).type != "none":
                yield Fault((word, "type"), f"level {level} is never shared or opened — use none")
