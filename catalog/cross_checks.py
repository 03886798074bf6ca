"""What is wrong between entries, vocabularies and the list of retired ones.

Keep out: an entry by itself (entry_checks.py), reading files (load.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.entry import Entry
from catalog.follow_checks import followed_faults
from catalog.found import Found
from catalog.problem import Fault, Place, nearest
from catalog.reference_faults import circles, reference_faults
from catalog.vocabulary import Vocabulary


@dataclass(frozen=True)
class Known:
    """What entries may speak of: names in faulty files count, so one fault makes no second."""

    units: frozenset[str]
    code_lists: frozenset[str]
    groups: frozenset[str]
    entries: Mapping[str, Entry | None]
    retired: frozenset[str]
    tariffs: Mapping[str, frozenset[int]]  # how many rates each has


def known(
    words: Vocabulary, found: Sequence[Found], files: Sequence[Path], retired: frozenset[str]
) -> Known:
    """Return what the entries of a folder may speak of."""
    entries: dict[str, Entry | None] = {path.stem: None for path in files}
    entries.update({each.entry.name: each.entry for each in found})
    return Known(
        units=frozenset(unit.name for unit in words.units),
        code_lists=frozenset({*words.code_lists, "divisions"}),
        groups=frozenset(words.groups),
        entries=entries,
        retired=retired,
        tariffs={
            each.name: frozenset(len(one.rates) for one in words.rates(each.name))
            for each in words.tariffs
        },
    )


def cross_faults(found: Sequence[Found], known: Known) -> Iterator[tuple[Path, Fault]]:
    """Yield what is wrong between entries, with the file to mend."""
    yield from _doubled(found)
    yield from circles(found)
    for each in found:
        for fault in _faults(each, known):
            yield each.path, fault


def _doubled(found: Sequence[Found]) -> Iterator[tuple[Path, Fault]]:
    for word in ("name", "code"):
        holders: defaultdict[str, list[Path]] = defaultdict(list)
        for each in found:
            holders[getattr(each.entry, word)].append(each.path)
        for value, paths in holders.items():
            for path in paths if len(paths) > 1 else ():
                other = next(p for p in paths if p != path)
                message = f"'{value}' is also the {word} of {other} — every {word} is used once"
                yield path, Fault((word,), message)


def _faults(each: Found, known: Known) -> Iterator[Fault]:
    entry = each.entry
    if entry.name != each.path.stem:
        yield Fault(("name",), f"'{entry.name}' is not the file's name — rename one of the two")
    if entry.name in known.retired:
        yield Fault(("name",), f"'{entry.name}' is retired — choose a new name")
    if entry.unit not in known.units:
        yield Fault(("unit",), f"no unit is named '{entry.unit}'{nearest(entry.unit, known.units)}")
    for position, item in enumerate(entry.items):
        if item.codes is not None and item.codes not in known.code_lists:
            advice = nearest(item.codes, known.code_lists)
            yield Fault(("items", position, "codes"), f"no code list is '{item.codes}'{advice}")
    for word, group in (("database", entry.origin.database), ("theme", entry.origin.theme)):
        if group is not None and group not in known.groups:
            advice = nearest(group, known.groups)
            yield Fault(("origin", word), f"no {word} is named '{group}'{advice}")
    yield from _origin_faults(entry, known)
    yield from reference_faults(entry, known.entries, tariffs=known.tariffs, lists=known.code_lists)
    yield from _relation_faults(entry, known)
    yield from followed_faults(entry, known.entries)


def _origin_faults(entry: Entry, known: Known) -> Iterator[Fault]:
    """The sources of an item must be items of other entries; links must be of known tables."""
    for position, item in enumerate(entry.items):
        for number, source in enumerate(item.sources):
            name, _, field = source.partition(".")
            place: Place = ("items", position, "sources", number)
            target = known.entries.get(name)
            if name not in known.entries:
                yield Fault(place, f"no entry is named '{name}'{nearest(name, known.entries)}")
            elif target is not None and field not in (names := {i.name for i in target.items}):
                yield Fault(place, f"{name} has no item '{field}'{nearest(field, names)}")
    for word, name in () if entry.linkage is None else entry.linkage.tables():
        if name not in known.entries:
            near = nearest(name, known.entries)
            yield Fault(("linkage", word), f"no entry is named '{name}'{near}")


def _relation_faults(entry: Entry, known: Known) -> Iterator[Fault]:
    for position, name in enumerate(entry.related):
        if name not in known.entries:
            advice = nearest(name, known.entries)
            yield Fault(("related", position), f"no entry is named '{name}'{advice}")
    for position, name in enumerate(entry.succeeds):
        if name in known.entries:
            message = f"'{name}' is still there — remove its file or do not succeed it"
            yield Fault(("succeeds", position), message)
