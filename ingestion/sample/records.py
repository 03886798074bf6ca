"""Documents as samples: JSON, JSON lines, XML records and Parquet.

Keep out: reading deliveries (documents).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

import polars as pl

from ingestion.sample.found import Sample, sample
from ingestion.sample.text import decoded
from ingestion.source import Source

ROWS = 100_000


def sample_json(source: Source) -> Sample:
    """Return the sample of a JSON array of objects, or of an object a line."""
    text, encoding = decoded(source.path)
    array = text.lstrip().startswith("[")
    records = json.loads(text) if array else [json.loads(x) for x in text.splitlines() if x.strip()]
    if not (records and all(isinstance(record, dict) for record in records)):
        raise ValueError("it holds no JSON objects")
    if len(records) == 1 and any(isinstance(value, list | dict) for value in records[0].values()):
        raise ValueError("its rows are within one object: deliver their array alone")
    said = [{name: _said(value) for name, value in record.items()} for record in records]
    return sample(source, _frame(said), "json" if array else "jsonl", encoding=encoding)


def sample_xml(source: Source) -> Sample:
    """Return the sample of an XML file: the element that repeats the most is the record."""
    text, encoding = decoded(source.path)
    met = _walk(text, _Met())
    # Records have fields in them; of what repeats as often, the outermost is the record.
    repeated = {tag: n for tag, n in met.counts.items() if tag in met.parents and n > 1}
    if not repeated:
        raise ValueError("no element of it repeats: it holds no records")
    record = max(repeated, key=lambda tag: (repeated[tag], -met.depths[tag]))
    rows = _walk(text, _Met(record=record)).rows
    return sample(source, _frame(rows), "xml", encoding=encoding, record=record)


def sample_parquet(source: Source) -> Sample:
    """Return the sample of a Parquet file."""
    rows = pl.scan_parquet(source.path).head(ROWS).collect()
    return sample(source, rows.cast(pl.String), "parquet")


@dataclass
class _Met:
    """What was met of an XML document: how often each tag, and the cells of its records."""

    record: str | None = None
    counts: Counter[str] = field(default_factory=Counter)
    depths: dict[str, int] = field(default_factory=dict)
    parents: set[str] = field(default_factory=set)
    rows: list[dict[str, str | None]] = field(default_factory=list)
    path: list[str] = field(default_factory=list)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Meet the beginning of an element."""
        name = tag.rpartition(":")[2]
        if self.path:
            self.parents.add(self.path[-1])
        if attributes:
            self.parents.add(name)
        self.counts[name] += 1
        self.depths.setdefault(name, len(self.path))
        self.path.append(name)
        if name == self.record:
            self.rows.append(dict(attributes))

    def text(self, said: str) -> None:
        """Take the text of an element directly below a record."""
        if self.rows and len(self.path) > 1 and self.path[-2] == self.record:
            row = self.rows[-1]
            row[self.path[-1]] = (row.get(self.path[-1]) or "") + said

    def end(self, _tag: str) -> None:
        """Leave an element."""
        self.path.pop()


def _walk(text: str, met: _Met) -> _Met:
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = met.start, met.end
    parser.CharacterDataHandler = met.text
    parser.StartDoctypeDeclHandler = _doctype
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    return met


def _doctype(*_said: object) -> None:
    raise ValueError("it has a document type (<!DOCTYPE>): deliveries with one are refused")


def _frame(records: Sequence[Mapping[str, str | None]]) -> pl.DataFrame:
    names = list(dict.fromkeys(name for record in records for name in record))
    columns = {name: [record.get(name) for record in records] for name in names}
    return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))


def _said(value: object) -> str | None:
    return (
        value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    )
