"""Matching delivered columns to declared items: by title, name or alias, in any order.

A column that is missing or unknown refuses the delivery and is named. Keep out: finding the
header in a file.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog.entry import Entry, Item
from ingestion.candidate import NEW
from ingestion.delivery import DeliveryRefused, in_one_line


@dataclass(frozen=True)
class Matched:
    """Delivered columns in their order, as item names, and what was odd about them."""

    names: tuple[str, ...]
    notes: tuple[str, ...]
    missing: tuple[str, ...] = ()  # items without a column, where the entry lets them be missing


def normal(title: str) -> str:
    """Return a title without spaces, those of no width too, in half-width lower case."""
    seen = title.replace("\ufeff", "").replace("\u200b", "")
    folded = unicodedata.normalize("NFKC", seen).casefold()
    return "".join(folded.split())


def known_titles(entry: Entry) -> dict[str, Item]:
    """Return the items by every title that a delivery may use for them."""
    titles: dict[str, Item] = {}
    for item in entry.items:
        for title in (item.title, item.name, *item.aliases):
            titles[normal(title)] = item
            if item.unit:
                titles[normal(f"{title}({item.unit})")] = item
    return titles


def recognised(entry: Entry, columns: Iterable[str]) -> int:
    """Return how many of the columns are declared ones."""
    titles = known_titles(entry)
    return sum(normal(column) in titles for column in columns)


def match(entry: Entry, columns: Sequence[str], file_name: str) -> Matched:
    """Return which item each column is; DeliveryRefused when the columns are not the declared."""
    titles = known_titles(entry)
    items = [titles.get(normal(column)) for column in columns]
    found = [item.name for item in items if item is not None]
    unknown = [column.strip() for column, item in zip(columns, items, strict=True) if item is None]
    missing = [item for item in entry.items if item.name not in found]
    if 2 * len(set(found)) < len(entry.items) and (unknown or not found):
        raise wrong_resource(entry, columns, file_name)
    if missing and entry.origin.drift.missing == "refuse":
        raise _missing(missing, unknown, file_name)
    if unknown and entry.origin.drift.new == "refuse":
        raise unknown_columns(entry, unknown, file_name)
    if len(found) > len(set(found)):
        twice = sorted({name for name in found if found.count(name) > 1})
        raise DeliveryRefused(
            "unknown_column",
            f"{file_name}: column {', '.join(twice)} comes twice — deliver each column once",
        )
    names = tuple(
        _name(item, column, place)
        for place, (item, column) in enumerate(zip(items, columns, strict=True), 1)
    )
    if len(names) > len(set(names)):
        raise unknown_columns(entry, unknown, file_name)  # two new ones of the same title
    return Matched(names, _notes(entry, names, columns), tuple(item.name for item in missing))


def _name(item: Item | None, column: str, place: int) -> str:
    """Return what a column is called in a frame: its item, or as a new one."""
    return NEW + (column.strip() or f"column {place}") if item is None else item.name


def unknown_columns(entry: Entry, unknown: Sequence[str], file_name: str) -> DeliveryRefused:
    """Return the refusal of columns that the entry does not declare, with the nearest ones."""
    declared = [item.title for item in entry.items]
    named = []
    for column in unknown[:10]:
        near = difflib.get_close_matches(column, declared, n=1, cutoff=0.4)
        label = f"'{column[:80]}'" if column else "a column without a title"
        named.append(label + (f" (nearest declared: {near[0]})" if near else ""))
    return DeliveryRefused(
        "unknown_column",
        f"{file_name}: unknown column {', '.join(named)} — take it out, or let the catalog entry "
        f"{entry.name} declare it or name it as an alias",
    )


def wrong_resource(entry: Entry, columns: Sequence[str], file_name: str) -> DeliveryRefused:
    """Return the refusal of a file whose columns are mostly not those of the resource.

    They are not quoted: where a header was forgotten, they are a person's data.
    """
    declared = ", ".join(item.title for item in entry.items)
    return DeliveryRefused(
        "wrong_resource",
        f"{file_name}: {recognised(entry, columns)} of its {len(columns)} columns are those of "
        f"{entry.name} ({entry.title}) — check that the file belongs to this resource and begins "
        f"with its header: {declared[:400]}",
    )


def _missing(missing: Sequence[Item], unknown: Sequence[str], file_name: str) -> DeliveryRefused:
    names = ", ".join(f"{item.title} ({item.name})" for item in missing[:10])
    instead = f"; it has instead {', '.join(u[:80] for u in unknown[:10])}" if unknown else ""
    return DeliveryRefused(
        "missing_column",
        f"{file_name}: column {names} is missing{instead} — deliver every declared column, empty "
        "where there is no value",
    )


def _notes(entry: Entry, names: Sequence[str], columns: Sequence[str]) -> tuple[str, ...]:
    notes = []
    found = [name for name in names if not name.startswith(NEW)]
    if found != [item.name for item in entry.items if item.name in found]:
        notes.append("columns in another order than declared")
    for name, column in zip(names, columns, strict=True):
        if name.startswith(NEW):
            continue
        item = entry.item(name)
        if normal(column) not in (normal(item.title), normal(item.name)):
            title = in_one_line(column.strip()[:80])
            notes.append(f"header '{title}' read as {item.title} ({name})")
    return tuple(notes)
