"""Drift told: where a delivery was not as its entry says, and the line that the entry would need.

Keep out: reading (ingestion) and what the proposed items are (catalog.propose_change).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from catalog.drift import Drift
from catalog.entry import Entry
from catalog.propose_change import new_item, renamed_item, retyped_item
from catalog.render.entry_yaml import item_yaml
from catalog.schema import cell
from ingestion.candidate import Candidate, Drifted
from ingestion.delivery import Delivery, DeliveryRefused, in_one_line
from ingestion.drift import SAMPLED
from ingestion.read import read
from orchestration.city import City
from quality.item_checks import TYPE_TITLES, WRONG_TYPE
from quality.verdict import Verdict

DRIFT = "drift: "
LENIENT = Drift(new="accept", missing="accept")
READ_AS = {"accept": "read as empty", "quarantine": "its rows quarantined", "refuse": "refused"}


def drift_notes(
    city: City, entry: Entry, candidate: Candidate, verdict: Verdict
) -> tuple[str, ...]:
    """Return what was not as the entry says, each with the change that would declare it."""
    fates = entry.origin.drift
    notes = [] if candidate.drifted is None else [*_columns(city, entry, candidate.drifted, fates)]
    emptied = fates.retyped == "accept"
    for result in verdict.rules:
        kind, _, name = result.rule.partition(":")
        if f"{kind}:" == WRONG_TYPE and (name in verdict.retyped or (emptied and result.failed)):
            notes.append(_retyped(city, entry, candidate, (name, result.failed)))
    return tuple(DRIFT + in_one_line(note) for note in notes)


def with_proposal(
    city: City, delivery: Delivery, refusal: DeliveryRefused, staging: Path
) -> DeliveryRefused:
    """Return a refusal that also says which change of the entry would read the delivery."""
    entry = city.entry(delivery.resource)
    if refusal.kind not in ("unknown_column", "missing_column"):
        return refusal
    path = city.lake.archive.fetch(delivery.digest, staging)
    notes = proposed(city, entry, path, file_name=delivery.file_name, staging=staging)
    return DeliveryRefused(refusal.kind, "; ".join((str(refusal), *notes)))


def proposed(
    city: City, entry: Entry, path: Path, *, file_name: str, staging: Path
) -> tuple[str, ...]:
    """Return the changes of the entry with which a refused file would be read; none if none."""
    origin = entry.origin.model_copy(update={"drift": LENIENT})
    lenient = entry.model_copy(update={"origin": origin})
    try:
        found = read(lenient, path, file_name=file_name, scratch=staging).drifted
    except DeliveryRefused:
        return ()
    notes = () if found is None else _columns(city, entry, found, Drift())
    return tuple(DRIFT + in_one_line(note) for note in notes)


def _columns(city: City, entry: Entry, found: Drifted, fates: Drift) -> Iterator[str]:
    """Say which columns were new or missing; a new one for a missing one may be its new title."""
    new, missing = found.new.columns, [entry.item(name) for name in found.missing]
    if len(new) == len(missing) == 1:
        line = item_yaml(renamed_item(missing[0], new[0]))
        yield f"if '{new[0]}' is {missing[0].title} renamed, let its item be {line}"
    for title in new:
        item = new_item(
            found.new[title],
            entry,
            entries=city.catalog.entries.values(),
            vocabulary=city.catalog.vocabulary,
        )
        fate = {"accept": "left out"}.get(fates.new, READ_AS[fates.new])
        yield f"new column '{title}' ({fate}): to take it in, add to items {item_yaml(item)}"
    for item in missing:
        fate = READ_AS[fates.missing]
        yield f"column {item.title} ({item.name}) is missing ({fate}): if it is gone for good, " \
              f"take out of items {item_yaml(item)}"  # fmt: skip


def _retyped(city: City, entry: Entry, candidate: Candidate, which: tuple[str, int]) -> str:
    name, failed = which
    item, cells = entry.item(name), pl.col(cell(name))
    sample = candidate.frame.select(cells).filter(cells.is_not_null()).head(SAMPLED)
    now = retyped_item(
        sample.collect(engine="streaming").to_series(), item, vocabulary=city.catalog.vocabulary
    )
    fate = READ_AS[entry.origin.drift.retyped]
    return (
        f"{item.title} ({name}) has {failed} cells that are no {TYPE_TITLES[item.type]} ({fate}): "
        f"if they are meant, let its item be {item_yaml(now)}"
    )
