"""What a sample gives: its first rows as text under its own headers, and its origin.

Keep out: how a format is looked at (its own file).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from catalog.entry import Origin
from ingestion.source import Source

STAMP = re.compile(r"[-_.]?\d{4}[\d\-_QTq]*$")


@dataclass(frozen=True)
class Sample:
    """The first rows of a file as text under its own headers, and its origin for an entry."""

    frame: pl.DataFrame
    origin: Origin
    widths: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # of fixed places


def sample(
    source: Source,
    rows: pl.DataFrame,
    kind: str,
    *,
    widths: Mapping[str, tuple[int, int]] | None = None,
    **words: Any,  # noqa: ANN401 - words of an origin
) -> Sample:
    """Return a sample with the origin that such a file would come from."""
    name = source.name.partition(".")[0]
    stem, ending = STAMP.sub("", name) or name, source.name[len(name) :]
    said = {"connector": "files", "format": kind, "pattern": f"{stem}*{ending}", **words}
    text = pl.all().str.strip_chars()
    return Sample(
        rows.select(pl.when(text != "").then(text)), Origin.model_validate(said), widths or {}
    )


def frame_of(titles: Sequence[str], rows: Sequence[Sequence[str | None]]) -> pl.DataFrame:
    """Return rows of text under titles, each title once; short rows end in nothing."""
    names: list[str] = []
    for number, title in enumerate(titles, start=1):
        own = title.strip()
        names.append(own if own and own not in names else f"{own}#{number}")
    columns = {
        name: [row[place] if place < len(row) else None for row in rows]
        for place, name in enumerate(names)
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
