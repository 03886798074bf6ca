"""Propose an entry from a sample: names, types, keys, codes, sensitivity and rules, to be edited.

A proposal validates as it stands; what only people know (unit's duty, conditions) says 待确认.
Keep out: reading the sample (ingestion) and telling one column's meaning (meaning.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import polars as pl

from catalog.entry import Classification, Entry, Item, Origin, Quality, Terms, Update
from catalog.meaning import SURE, Meaning, Words, known_words, meaning
from catalog.profile import QUARTER, Column, normalized, profile

if TYPE_CHECKING:
    from catalog.load import Catalog

UNDECIDED = "待提供方确认"
PRIVACY_LAW = "《中华人民共和国个人信息保护法》"
PERSONAL = {"personal", "sensitive_personal"}
KEY_TITLES = ("编号", "代码", "编码", "号码", "文号", "号", "码")
NEW_CLASS = "399000000"  # department's resource, not yet placed
PAIRS_TRIED = 60
NEARLY, FEW_ODD = 0.99, 3  # of the rows, or all but so many: a sample has defects too
ENOUGH = 30  # rows from which a few odd ones are no sign
NAMING = ("string", "code")
CYCLES = (  # the stamp that a file's name carries
    ("daily", r"(?<!\d)20\d{2}-?[01]\d-?[0-3]\d(?!\d)"),
    ("monthly", r"(?<!\d)20\d{2}-?[01]\d(?!\d)"),
    ("quarterly", r"(?<!\d)20\d{2}-?[Qq][1-4](?!\d)"),
    ("yearly", r"(?<!\d)20\d{2}(?!\d)"),
)


@dataclass(frozen=True)
class Proposal:
    """An entry to be edited, and what its author should look at."""

    entry: Entry
    notes: tuple[str, ...]


def propose(
    frame: pl.DataFrame,
    *,
    name: str,
    unit: str,
    origin: Origin,
    catalog: Catalog,
    file_name: str = "",
    widths: Mapping[str, tuple[int, int]] | None = None,
) -> Proposal:
    """Propose the entry of a sample given as a frame of text under the file's own headers."""
    if not frame.columns:
        raise ValueError("样本没有列：the sample has no columns; give a file with a header row")
    columns = profile(frame)
    words = known_words(catalog.entries.values())
    meanings = _meanings(columns, words, catalog)
    key = _key(frame, columns, meanings)
    items = tuple(
        _item(column, found, key, (widths or {}).get(column.title))
        for column, found in zip(columns, meanings, strict=True)
    )
    blanks = sorted({token for column in columns for token in column.blanks})
    personal = any(item.sensitivity in PERSONAL for item in items)
    rules = [{found.rule: {"item": found.name}} for found in meanings if found.rule]
    siblings = [entry for entry in catalog.entries.values() if entry.unit == unit]
    entry = Entry(
        name=name,
        code=_code(siblings, catalog),
        title=name,
        unit=unit,
        abstract=f"{UNDECIDED}：由样本（{len(frame)} 行）生成的草案。",
        classification=Classification(level=3 if personal else 2, category=_category(siblings)),
        items=items,
        origin=origin.model_copy(update={"null_values": tuple(blanks)}),
        update=_update(items, file_name),
        quality=Quality.model_validate({"rules": rules}),
        sharing=Terms(type="conditional", condition=UNDECIDED),
        opening=Terms(type="none", legal_basis=PRIVACY_LAW if personal else UNDECIDED),
    )
    return Proposal(entry, tuple(_notes(frame, entry, columns)))


def _meanings(columns: Sequence[Column], words: Words, catalog: Catalog) -> list[Meaning]:
    """Tell the meaning of every column, each name once."""
    found: list[Meaning] = []
    for number, column in enumerate(columns, start=1):
        # A header leads to one item: no name is the title of another column.
        others = {other.title.strip().casefold() for other in columns if other is not column}
        taken = {other.name for other in found} | others
        found.append(
            meaning(column, number, words=words, vocabulary=catalog.vocabulary, taken=taken)
        )
    return found


def _key(
    frame: pl.DataFrame, columns: Sequence[Column], meanings: Sequence[Meaning]
) -> frozenset[str]:
    """Choose the key: a unique name or number of a thing, else two or three columns together.

    A day or month that is the same in every row belongs to it: the next file says another.
    """
    rows = pl.DataFrame({title: normalized(frame[title]) for title in frame.columns}).unique()
    full = [
        (column, found)
        for column, found in zip(columns, meanings, strict=True)
        if column.nulls <= _odd(column.rows) and found.type not in ("decimal", "json")
    ]
    whole = [c.title for c, found in full if _is_period(c, found) and _constant(rows[c.title])]
    ranked = [pair for pair in sorted(full, key=lambda p: _rank(*p)) if pair[0].title not in whole]
    names = [c.title for c, found in ranked if _unique(rows, [c.title]) and found.type in NAMING]
    if names:
        return frozenset([*names[:1], *whole])
    titles = [column.title for column, _ in ranked]
    for size in (2, 3):
        for some in list(combinations(titles, size))[:PAIRS_TRIED]:
            if _unique(rows, some):
                return frozenset([*some, *whole])
    unique = [column.title for column, _ in ranked if column.unique]
    return frozenset([*unique, columns[0].title][:1])


def _unique(rows: pl.DataFrame, titles: Sequence[str]) -> bool:
    """Tell whether nearly all rows, exact repeats left out, have values of their own."""
    return rows.select(titles).n_unique() >= len(rows) - _odd(len(rows)) > 0


def _odd(rows: int) -> float:
    """Return how many rows may be out of order by mistake."""
    return max((1 - NEARLY) * rows, FEW_ODD if rows >= ENOUGH else 0)


def _constant(text: pl.Series) -> bool:
    """Tell whether nearly all rows have the same value."""
    most = text.drop_nulls().value_counts()["count"].max()
    return len(text) > 1 and isinstance(most, int) and most >= SURE * len(text)


def _is_period(column: Column, found: Meaning) -> bool:
    return found.type in ("date", "month") or column.shapes["quarter"] >= SURE


def _rank(column: Column, found: Meaning) -> int:
    """Rank a column as part of a key: numbers of things, then times, text, and counts last."""
    if found.rule or (column.title.endswith(KEY_TITLES) and "codes" not in found.limits):
        return 0
    return {"string": 2, "code": 2, "integer": 3}.get(found.type, 1)


def _item(
    column: Column, found: Meaning, key: frozenset[str], width: tuple[int, int] | None
) -> Item:
    """Declare one column."""
    return Item.model_validate(
        {
            "name": found.name,
            "title": column.title.strip() or found.name,
            "type": found.type,
            "key": column.title in key,
            "required": column.nulls == 0 and column.rows > 0 and column.title not in key,
            "sensitivity": found.sensitivity,
            "width": width,
            **found.limits,
        }
    )


def _update(items: Sequence[Item], file_name: str) -> Update:
    """Tell cycle from the file's name, and mode from whether times are part of the key."""
    cycle = next((c for c, stamp in CYCLES if re.search(stamp, file_name)), "irregular")
    periods = [i for i in items if i.key and (i.type in ("date", "month") or i.pattern == QUARTER)]
    times = [item.name for item in periods]
    mode = "append" if times else "snapshot"
    return Update.model_validate({"cycle": cycle, "mode": mode, "period": next(iter(times), None)})


def _code(siblings: Sequence[Entry], catalog: Catalog) -> str:
    """Return the next free resource code in the class that the unit uses most."""
    classes = Counter(entry.code.split("/")[0] for entry in siblings)
    chosen = classes.most_common(1)[0][0] if classes else NEW_CLASS
    used = {entry.code for entry in catalog.entries.values()}
    codes = (f"{chosen}/{number:06d}" for number in range(1, len(used) + 2))
    return next(code for code in codes if code not in used)


def _category(siblings: Sequence[Entry]) -> str:
    """Return the category that the unit's other data sets have."""
    categories = Counter(entry.classification.category for entry in siblings)
    return categories.most_common(1)[0][0] if categories else "general"


def _notes(frame: pl.DataFrame, entry: Entry, columns: Sequence[Column]) -> list[str]:
    """Say what the author should look at."""
    notes = ["请填写 title、abstract、update、sharing、opening：the sample does not tell them"]
    unnamed = [item.title for item in entry.items if item.name.startswith("column_")]
    if unnamed:
        notes.append(f"请命名：items without an English name yet: {'、'.join(unnamed)}")
    chosen = [c for c in columns if c.title in {i.title for i in entry.items if i.key}]
    if len(chosen) == 1 and not chosen[0].unique:
        notes.append(f"请确定主键：no one or two columns are unique in {len(frame)} rows")
    return notes
