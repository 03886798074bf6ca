"""The records of an XML document as the parser meets them, gathered into columns of text.

Prefixes of namespaces mean nothing here. Keep out: the parser and its errors (xml_reader).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from catalog.entry import Entry
from catalog.schema import ROW
from ingestion.candidate import MALFORMED
from ingestion.delivery import DeliveryRefused
from ingestion.documents.json_keys import KeysMet
from ingestion.drift import item_of
from ingestion.header import known_titles, normal, recognised, unknown_columns, wrong_resource

ROWS = 1 << 14  # records in a batch
DEPTH = 64  # levels of elements: a record lies at most a few deep
LOST = "\U0010ffff"  # stands for bytes that cannot be decoded: a sign that no text has


@dataclass(frozen=True)
class Page:
    """A batch of records: good ones as columns of text, malformed ones."""

    good: pl.DataFrame
    malformed: pl.DataFrame


class Records:
    """Where the parser stands, and the records met since the last page."""

    def __init__(self, entry: Entry, file_name: str, keys: KeysMet) -> None:
        self.count = 0
        self.size = 0  # characters of the record under way
        self._entry = entry
        self._name = file_name
        self._keys = keys
        self._record = _local(entry.origin.record or "")
        names = [*(item.name for item in entry.items), *keys.strangers]
        self._items = {name: place for place, name in enumerate(names)}
        self._titles = {t: item.name for t, item in known_titles(entry).items()}
        self._known: dict[str, str] = {}  # tags met, as item names
        self._depth = 0
        self._record_depth = 0  # 0 outside a record
        self._item: str | None = None
        self._cells: dict[str, list[str]] = {}
        self._twice = False
        self._stray = ""  # text of the record under way that is no item's
        self._reset()

    @property
    def is_full(self) -> bool:
        """Tell whether it is time for a page."""
        return len(self._numbers) + len(self._odd) >= ROWS

    def page(self) -> Page:
        """Return the records since the last page."""
        good = pl.DataFrame(
            {ROW: self._numbers, **self._columns},
            schema={ROW: pl.Int64(), **dict.fromkeys(self._columns, pl.String())},
        )
        malformed = pl.DataFrame(self._odd, schema=MALFORMED, orient="row")
        self._reset()
        return Page(good, malformed)

    def doctype(self, *_said: object) -> None:
        """Refuse a document type: entities in it could grow without end or lead elsewhere."""
        raise DeliveryRefused(
            "unreadable",
            f"{self._name}: has a document type (<!DOCTYPE>), which is not read — deliver it "
            "without one",
        )

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Meet the beginning of an element."""
        self._depth += 1
        if self._depth > DEPTH:
            raise DeliveryRefused(
                "unreadable", f"{self._name}: has more than {DEPTH} levels — deliver plain records"
            )
        if not self._record_depth:
            if _local(tag) == self._record:
                self._begin(attributes)
        elif self._depth == self._record_depth + 1:
            self._open(tag)
        elif self._item is not None:
            item = item_of(self._entry, self._item)
            raise DeliveryRefused(
                "unknown_column",
                f"{self._name}: {item.title} ({item.name}) of record {self.count + 1} holds "
                "elements of its own — deliver plain values",
            )

    def end(self, _tag: str) -> None:
        """Meet the end of an element."""
        if self._record_depth == self._depth:
            self._close()
        elif self._depth == self._record_depth + 1:
            self._item = None
        self._depth -= 1

    def text(self, said: str) -> None:
        """Meet text."""
        if self._record_depth:
            self.size += len(said)
            if self._item is not None:
                self._cells[self._item].append(said)
            else:
                self._stray += said.strip()

    def _begin(self, attributes: Mapping[str, str]) -> None:
        self._record_depth, self._cells, self._twice, self.size = self._depth, {}, False, 0
        self._stray = ""
        for name, value in attributes.items():
            if self._is_item(name):
                self._open(name)
                self.text(value)
        self._item = None

    def _is_item(self, attribute: str) -> bool:
        """Tell whether an attribute is an item's; `xsi:type` and `xmlns:n` are XML's own."""
        prefix, _, local = attribute.rpartition(":")
        return normal(local) in self._titles if prefix else local != "xmlns"

    def _open(self, tag: str) -> None:
        """Begin an item; a tag that no item has refuses the delivery."""
        name = self._known.get(tag) or self._learn(tag)
        self._twice |= name in self._cells
        self._cells.setdefault(name, [])
        self._item = name

    def _learn(self, tag: str) -> str:
        name = self._titles.get(normal(_local(tag)))
        if name is None:
            tags = [*map(_local, self._known), _local(tag)]
            name = self._new(tag, tags if self.count == 0 else list(self._titles))
        self._known[tag] = name
        return name

    def _new(self, tag: str, together: list[str]) -> str:
        """Return the column of a tag that no item has; DeliveryRefused where none is given."""
        if not self._keys.strangers:
            if 2 * recognised(self._entry, together) < len(together):
                raise wrong_resource(self._entry, together, self._name)
            raise unknown_columns(self._entry, [_local(tag)], self._name)
        place = self._keys.stranger(_local(tag), together) - len(self._entry.items)
        return self._keys.strangers[place]

    def _close(self) -> None:
        """End a record: a row, or malformed where it holds more or less than items."""
        self.count += 1
        self._record_depth, self._item = 0, None
        texts = {name: "".join(parts).strip() for name, parts in self._cells.items()}
        shown = "\t".join(filter(None, (*texts.values(), self._stray)))
        if defects := self._defects(shown):
            self._odd.append((self.count, shown.replace(LOST, "\ufffd"), defects))
            return
        self._numbers.append(self.count)
        for name, column in self._columns.items():
            column.append(texts.get(name) or None)
        for name in texts:
            self._keys.seen[self._items[name]] = True

    def _defects(self, shown: str) -> list[str]:
        """Return what is wrong with the record: bytes lost, an item twice, text of no item."""
        lost = ["undecodable_bytes"] if LOST in shown else []
        return [*lost, "ragged"] if self._twice or self._stray else lost

    def _reset(self) -> None:
        self._numbers: list[int] = []
        self._odd: list[tuple[int, str, list[str]]] = []
        self._columns: dict[str, list[str | None]] = {name: [] for name in self._items}


def _local(tag: str) -> str:
    """Return a tag without the prefix of its namespace."""
    return tag.rpartition(":")[2]
