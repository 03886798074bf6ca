"""The keys of JSON objects: learnt as they are met, refused when the entry does not declare them.

Keep out: values.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import polars as pl

from catalog.entry import Entry, Item
from ingestion.candidate import NEW
from ingestion.delimited.marks import LINE_LIMIT
from ingestion.delivery import DeliveryRefused
from ingestion.documents.json_machine import Keys
from ingestion.documents.json_spans import Batch
from ingestion.documents.json_text import Bytes, string_end
from ingestion.header import known_titles, normal, recognised, unknown_columns, wrong_resource

SPELLINGS = 1000  # of all keys: each more lets the reader begin a batch anew
STRANGERS = tuple(f"{NEW}{place}" for place in range(16))  # more new keys are no drift


class KeysMet:
    """The keys met so far, as written in the text, and the items that ever had a value."""

    def __init__(self, entry: Entry, file_name: str) -> None:
        self.entry = entry
        self.file_name = file_name
        self.written: dict[bytes, int] = {}
        self.strangers = STRANGERS if entry.origin.drift.new != "refuse" else ()
        self.new: list[str] = []  # titles of new keys, in their places after the items
        places = {item.name: place for place, item in enumerate(entry.items)}
        self.seen = np.zeros(len(entry.items) + len(self.strangers), bool)
        self._titles = {title: places[item.name] for title, item in known_titles(entry).items()}

    def table(self) -> Keys:
        """Return the keys as the machine wants them."""
        lengths = [len(key) for key in self.written]
        return Keys(
            np.frombuffer(b"".join(self.written) or b" ", np.uint8),
            np.cumsum([0, *lengths]).astype(np.int64),
            np.array(list(self.written.values()), np.int64),
        )

    def learn(self, text: Bytes, batch: Batch) -> None:
        """Add the unknown key that stopped a batch; DeliveryRefused when no item is meant."""
        if len(self.written) == SPELLINGS:
            raise DeliveryRefused(
                "unreadable",
                f"{self.file_name}: its keys are written in more than {SPELLINGS} ways (record "
                f"{batch.records + 1}) — write each key one way",
            )
        end, _, _ = string_end(text, batch.unknown + 1)
        written = text[batch.unknown + 1 : end].tobytes()
        key = _key(written)
        place = self._titles.get(normal(key))
        if place is None:
            place = self.stranger(key, _keys_of(text, batch.at) or [key])
        self.written[written] = place

    def stranger(self, key: str, together: Sequence[str]) -> int:
        """Return the place of a key that no item has; DeliveryRefused where none is given."""
        if key in self.new:
            return len(self.entry.items) + self.new.index(key)
        mostly_new = 2 * recognised(self.entry, together) < len(together)
        if mostly_new or len(self.new) == len(self.strangers):
            raise self._refusal(together)
        self.new.append(key)
        return len(self.entry.items) + len(self.new) - 1

    def titled(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Return the frame with new columns under their titles, and without the unused ones."""
        unused = self.strangers[len(self.new) :]
        named = dict(zip(self.strangers, (NEW + title for title in self.new), strict=False))
        return frame.drop(unused).rename(named)

    def nested(self, item: Item, record: int) -> DeliveryRefused:
        """Return the refusal of an object or array where the entry declares a plain value."""
        return DeliveryRefused(
            "unknown_column",
            f"{self.file_name}: {item.title} ({item.name}) of record {record} holds a nested "
            f"value — deliver plain values, or let the catalog entry {self.entry.name} declare "
            "it as type: json",
        )

    def _refusal(self, keys: Sequence[str]) -> DeliveryRefused:
        if 2 * recognised(self.entry, keys) < len(keys):
            return wrong_resource(self.entry, keys, self.file_name)
        unknown = [key for key in keys if normal(key) not in self._titles]
        return unknown_columns(self.entry, unknown, self.file_name)


def check_present(keys: KeysMet, records: int) -> tuple[str, ...]:
    """Return a note on optional items that no record has; refuse when a required one is missing.

    A JSON record may leave out what has no value, so that only its total absence says something.
    """
    if not records:
        return ()
    absent = [item for item, seen in zip(keys.entry.items, keys.seen, strict=False) if not seen]
    needed = [f"{item.title} ({item.name})" for item in absent if item.key or item.required]
    if needed and keys.entry.origin.drift.missing == "refuse":
        raise DeliveryRefused(
            "missing_column",
            f"{keys.file_name}: no record has {', '.join(needed)} — deliver every key and "
            "required item",
        )
    return tuple(f"no record has {item.title} ({item.name})" for item in absent)


def _key(written: bytes) -> str:
    """Return a key as it is meant."""
    return str(json.loads(f'"{written.decode()}"', strict=False))


def _keys_of(text: Bytes, at: int) -> list[str]:
    """Return the keys of the record that starts here; none when it is very long."""
    part = text[at : at + LINE_LIMIT].tobytes().decode("utf-8", "replace").lstrip()
    try:
        found, _ = json.JSONDecoder(strict=False).raw_decode(part)
    except ValueError:
        return []
    return list(found)
