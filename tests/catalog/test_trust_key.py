"""A key that its source vouches for: a word for sources alone, written back as it was read."""

from __future__ import annotations

from catalog.document import parse
from catalog.entry import Entry
from catalog.entry_checks import entry_faults
from catalog.load import load_catalog
from catalog.render.entry_yaml import entry_yaml


def trusting(name: str) -> Entry:
    entry = load_catalog().entry(name)
    quality = entry.quality.model_copy(update={"trust_key": True})
    return entry.model_copy(update={"quality": quality})


def test_a_source_may_vouch_for_its_key_and_the_entry_says_so_again() -> None:
    entry = trusting("water_reading")
    assert list(entry_faults(entry)) == []
    assert Entry.model_validate(parse(entry_yaml(entry))) == entry


def test_the_key_of_a_model_is_always_judged() -> None:
    (fault,) = entry_faults(trusting("vacant_housing"))
    assert fault.place == ("quality", "trust_key")
