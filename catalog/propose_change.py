"""Propose what an entry should say of a column that came otherwise than it declares.

Keep out: whole entries (propose.py) and what becomes of the delivery (drift.py).
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from catalog.entry import Entry, Item
from catalog.meaning import known_words, meaning
from catalog.profile import profile
from catalog.vocabulary import Vocabulary

KEPT = {"name", "title", "key", "required", "aliases", "sensitivity", "width"}  # of an item


def new_item(
    values: pl.Series, entry: Entry, *, entries: Iterable[Entry], vocabulary: Vocabulary
) -> Item:
    """Propose the item of a new column, a series of text under its title."""
    (column,) = profile(values.to_frame())
    number, taken = len(entry.items) + 1, {item.name for item in entry.items}
    found = meaning(column, number, words=known_words(entries), vocabulary=vocabulary, taken=taken)
    private = found.sensitivity != "none"
    kind = "string" if private and "values" in found.limits else found.type
    limits = {word: said for word, said in found.limits.items() if not private or word != "values"}
    return Item.model_validate(
        {
            "name": found.name,
            "title": values.name,
            "type": kind,
            "sensitivity": found.sensitivity,
            **limits,
        }
    )


def retyped_item(values: pl.Series, item: Item, *, vocabulary: Vocabulary) -> Item:
    """Propose the same item of the type that its cells have now."""
    kept = {word: said for word, said in item.model_dump().items() if word in KEPT}
    (column,) = profile(values.rename(item.title).to_frame())
    found = meaning(column, 1, words={}, vocabulary=vocabulary, taken=set())
    limits = {word: said for word, said in found.limits.items() if word != "values"}
    kind = "string" if "values" in found.limits else found.type
    return Item.model_validate({**kept, "type": kind, **limits})


def renamed_item(item: Item, title: str) -> Item:
    """Propose the item with a title more that its column may have."""
    return item.model_copy(update={"aliases": (*item.aliases, title)})
