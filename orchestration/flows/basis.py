"""What a delivery is judged by: its entry and the vocabulary, as they stand or as they were.

Both are kept with every judgement, so that a delivery can be read and judged again when the
catalog has changed since. Keep out: judging (settle.py, remake.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import polars as pl

from catalog.document import parse
from catalog.entry import Entry
from catalog.render.entry_yaml import entry_yaml
from catalog.schema import quarantine_schema, raw_schema
from catalog.vocabulary import Vocabulary
from ingestion.delivery import Delivery
from orchestration.city import City
from quality.history import History
from registry import basis
from registry.error import RegistryError

VOCABULARY = ""  # no entry is called so


@dataclass(frozen=True)
class Basis:
    """An entry with the vocabulary that it speaks of, and what passed before."""

    entry: Entry
    vocabulary: Vocabulary
    history: History = field(default_factory=History)


def present(city: City, resource: str) -> Basis:
    """Return what a delivery of this resource is judged by now."""
    return Basis(city.entry(resource), city.catalog.vocabulary)


def keep(city: City, delivery: Delivery, *, now: dt.datetime) -> None:
    """Keep by what a delivery has just been judged."""
    entry, vocabulary = _written(city, delivery.resource)
    basis.keep(city.registry, delivery.id, entry=entry, vocabulary=vocabulary, at=now)


def stands(city: City, delivery: Delivery) -> bool:
    """Tell whether a delivery would be judged now by the entry and vocabulary that it was."""
    kept = basis.of_resource(city.registry, delivery.resource).get(delivery.id)
    return kept is None or kept == basis.digests(*_written(city, delivery.resource))


def _written(city: City, resource: str) -> tuple[str, str]:
    """Return entry and vocabulary as they are kept."""
    written = city.written
    if VOCABULARY not in written:
        # Its rules stand in the entries already.
        written[VOCABULARY] = city.catalog.vocabulary.model_dump_json(exclude={"rules"})
    if resource not in written:
        written[resource] = entry_yaml(city.entry(resource))
    return written[resource], written[VOCABULARY]


@dataclass(frozen=True)
class Bases:
    """What deliveries were judged by, each text read once."""

    city: City
    _kept: dict[str, dict[str, basis.Digests]] = field(default_factory=dict)
    _entries: dict[str, Entry] = field(default_factory=dict)
    _vocabularies: dict[str, Vocabulary] = field(default_factory=dict)

    def of(self, delivery: Delivery) -> Basis | None:
        """Return what a delivery was judged by; what stands now where none was kept."""
        digests = self._of_resource(delivery.resource).get(delivery.id)
        if digests is not None:
            return Basis(self._entry(digests.entry), self._vocabulary(digests.vocabulary))
        known = delivery.resource in self.city.catalog.entries
        return present(self.city, delivery.resource) if known else None

    def newest(self, resource: str) -> Entry | None:
        """Return the entry of a resource, or the last one that it had."""
        if resource in self.city.catalog.entries:
            return self.city.entry(resource)
        every = list(self._of_resource(resource).values())
        return self._entry(every[-1].entry) if every else None

    def entries(self, resource: str) -> list[Entry]:
        """Return every entry that deliveries of a resource were judged by, the newest first."""
        newest = self.newest(resource)
        kept = dict.fromkeys(d.entry for d in self._of_resource(resource).values())
        older = [self._entry(digest) for digest in reversed(kept)]
        return ([] if newest is None else [newest]) + older

    def columns(self, resource: str, zone: str) -> dict[str, pl.DataType]:
        """Return the columns of a table: of its entry, then those that only older ones had."""
        found: dict[str, pl.DataType] = {}
        for entry in self.entries(resource):
            own = raw_schema(entry) if zone == "raw" else quarantine_schema(entry)
            found.update({name: kind for name, kind in own.items() if name not in found})
        return found

    def _of_resource(self, resource: str) -> dict[str, basis.Digests]:
        if resource not in self._kept:
            self._kept[resource] = basis.of_resource(self.city.registry, resource)
        return self._kept[resource]

    def _entry(self, digest: str) -> Entry:
        if digest not in self._entries:
            said = basis.text(self.city.registry, digest)
            try:
                self._entries[digest] = Entry.model_validate(parse(said))
            except ValueError as error:
                message = (
                    f"entry {digest[:12]}, kept by an older citylake, is no entry now: {error}"
                )
                raise RegistryError(message) from error
        return self._entries[digest]

    def _vocabulary(self, digest: str) -> Vocabulary:
        if digest not in self._vocabularies:
            said = basis.text(self.city.registry, digest)
            self._vocabularies[digest] = Vocabulary.model_validate_json(said)
        return self._vocabularies[digest]
