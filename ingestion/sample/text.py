"""A delimited text as a sample: its encoding, its delimiter and quote, the lines before its header.

The dialect is the one in which most records have the same number of fields, and the most of them.
Keep out: reading deliveries, where nothing is guessed (delimited).
"""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.detection import SAMPLE as LOOKED_AT
from ingestion.detection import wide
from ingestion.sample.fixed import sample_fixed
from ingestion.sample.found import Sample, frame_of, sample
from ingestion.sample.headless import is_row, numbered
from ingestion.source import Source

BYTES = 16 << 20  # of a text file that are looked at
JUDGED = 200  # records by which a dialect is judged
DELIMITERS, QUOTES = (",", "\t", ";", "|"), ('"', "'")
Records = list[list[str]]


@dataclass(frozen=True)
class _Dialect:
    delimiter: str
    quote: str


def sample_text(source: Source) -> Sample:
    """Return the sample of a CSV file of any dialect, or of fixed places where none divides it."""
    text, encoding = decoded(source.path)
    dialect = max(_dialects(), key=lambda one: _fitness(_records(text[: 1 << 18], one)))
    records = _records(text, dialect)
    width = _width(records[:JUDGED])
    fixed = sample_fixed(source, text, encoding) if width < 2 else None
    if fixed is not None:
        return fixed
    start = _start(records, width)
    head, body = records[start], [r for r in records[start + 1 :] if len(r) == width]
    words: dict[str, Any] = {"encoding": encoding, "skip_rows": _lines(text, dialect, start)}
    titles = numbered(head)
    if is_row(head, body):
        titles, body = [f"第{n}列" for n in range(1, width + 1)], [head, *body]
        words["header"] = False
    elif titles != [title.strip() for title in head]:
        # By titles that are blank or come twice no column is found: by their places all are.
        words |= {"header": False, "skip_rows": _lines(text, dialect, start + 1)}
    if dialect.quote != '"':
        words["quote"] = dialect.quote
    kind = "tsv" if dialect.delimiter == "\t" else "csv"
    if kind == "csv":
        words["delimiter"] = dialect.delimiter
    return sample(source, frame_of(titles, body), kind, **words)


def decoded(path: Path) -> tuple[str, str]:
    """Decode the beginning of a text file, up to its last whole line; return text and encoding."""
    with path.open("rb") as file:
        content = file.read(BYTES)
    is_marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if units := "utf-16" if is_marked else wide(content[:LOOKED_AT]):
        text = content.decode(units, "ignore" if len(content) == BYTES else "strict")
        return text if len(content) < BYTES else text[: text.rfind("\n") + 1], units
    whole = content if len(content) < BYTES else content[: content.rfind(b"\n") + 1]
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return whole.decode(encoding), "gb18030" if encoding == "gb18030" else "utf-8"
        except UnicodeDecodeError:
            continue
    return _mostly(whole)


def _mostly(whole: bytes) -> tuple[str, str]:
    """Decode text of which a few bytes are damaged by what damages the least of it."""
    tried = {name: whole.decode(name, errors="replace") for name in ("utf-8", "gb18030")}
    best = min(tried, key=lambda name: tried[name].count("\ufffd"))
    if tried[best].count("\ufffd") > len(tried[best]) // 100:
        raise ValueError("neither UTF-8, UTF-16 nor GB18030: say its encoding in the entry")
    return tried[best], best


def _dialects() -> list[_Dialect]:
    return [_Dialect(delimiter, quote) for quote in QUOTES for delimiter in DELIMITERS]


def _records(text: str, dialect: _Dialect) -> Records:
    csv.field_size_limit(BYTES)  # a quote that never closes takes all the rest
    lines = text.replace("\0", "").splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote)
    try:
        return [record for record in reader if record]
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _fitness(records: Sequence[Sequence[str]]) -> tuple[float, int, int]:
    """Return how alike the records are in their number of fields, that number, and quotes left."""
    judged = records[:JUDGED]
    width = _width(judged)
    same = sum(len(record) == width for record in judged)
    quoted = sum(f[:1] in QUOTES and f[:1] == f[-1:] for record in judged for f in record)
    return (0.0 if width < 2 else same / len(judged)), width, -quoted


def _start(records: Sequence[Sequence[str]], width: int) -> int:
    """Return the first record that may be a header: as wide as the others, and half as full."""
    full = [sum(bool(f.strip()) for f in r) if len(r) == width else 0 for r in records[:JUDGED]]
    start = next((n for n, count in enumerate(full) if 2 * count > max(full) > 0), None)
    if start is None:
        raise ValueError("it has no header row")
    return start


def _width(records: Sequence[Sequence[str]]) -> int:
    counts = Counter(len(record) for record in records)
    return counts.most_common(1)[0][0] if counts else 0


def _lines(text: str, dialect: _Dialect, start: int) -> int:
    """Return how many lines stand before the record that is the header."""
    if start == 0:
        return 0
    reader = csv.reader(
        text.splitlines(keepends=True), delimiter=dialect.delimiter, quotechar=dialect.quote
    )
    seen, line = 0, 0
    for record in reader:
        if record and seen == start:
            return line
        seen += bool(record)
        line = reader.line_num
    return line
