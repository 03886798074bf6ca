"""`pollock --data DIR`: polluted CSV files through citylake, DuckDB and Python's csv.

DIR holds csv/, clean/, parameters/ and weights.json. Each file is loaded with the dialect that
its parameters say; citylake repairs, and takes the first table of a file. Keep out: the score.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from catalog.entry import Classification, Entry, Item, Origin, Terms, Update
from catalog.schema import ROW, cell
from ingestion.delivery import DeliveryRefused
from ingestion.read import read
from tests.bench.pollock_score import FAILED, MEASURES, Measures, Table, measures

CODECS = {"ascii": "utf-8"}
GOAL = {"simple": 9.961, "weighted": 9.599}  # DuckDB 1.2 on all 2,290 files, as published


@dataclass(frozen=True)
class Result:
    """The scores of each loader, and the measures of the files that ours did not get right."""

    files: int
    scores: Mapping[str, Mapping[str, float]]
    imperfect: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Polluted:
    """One file of the benchmark: its bytes, its dialect and what a loader should make of it."""

    path: Path
    parameters: Mapping[str, object]
    clean: Table

    def said(self, word: str, otherwise: str = "") -> str:
        """Return a parameter as text."""
        return str(self.parameters.get(word) or otherwise)

    def count(self, word: str) -> int:
        """Return a parameter as a number."""
        return int(self.said(word, "0"))

    @property
    def columns(self) -> list[str]:
        """Return the columns' names, numbered where the parameters give none."""
        names = self.parameters.get("column_names")
        if isinstance(names, list) and names:
            return [str(name).strip() for name in names]
        return [f"col_{number}" for number in range(max(self.count("n_columns"), 1))]


Loader = Callable[[Polluted], Table]


def run(data: Path) -> Result:
    """Return the scores of all loaders on the files of a folder, and which files cost ours."""
    files = [_polluted(data, path) for path in sorted((data / "csv").glob("*.csv"))]
    weights = json.loads((data / "weights.json").read_text(encoding="utf-8"))
    loaders: dict[str, Loader] = {"citylake": citylake, "duckdb": duckdb_csv, "python": python_csv}
    found = {name: [_measured(load, file) for file in files] for name, load in loaders.items()}
    weighed = [float(weights.get(file.path.name, -1)) for file in files]
    imperfect = {
        file.path.name: dict(zip(MEASURES, (round(m, 4) for m in row), strict=True))
        for file, row in zip(files, found["citylake"], strict=True)
        if min(row) < 1
    }
    scores = {name: _score(rows, weighed) for name, rows in found.items()}
    return Result(len(files), scores, imperfect)


def shown(result: Result, *, as_json: bool) -> str:
    """Return a result as one JSON object, or as a table with the files that are not perfect."""
    ours = result.scores["citylake"]
    met = ours["simple"] > GOAL["simple"] and ours["weighted"] > GOAL["weighted"]
    if as_json:
        return json.dumps({"name": "pollock", **asdict(result), "goal": GOAL, "met": met})
    lines = [f"{name}: {s['simple']} simple, {s['weighted']} weighted" for name, s in
             result.scores.items()]  # fmt: skip
    lost = [f"  {name}: {round(sum(m.values()), 4)}" for name, m in result.imperfect.items()]
    return "\n".join([f"{result.files} files, goal {GOAL}, met: {met}", *lines, *lost])


def _polluted(data: Path, path: Path) -> Polluted:
    said = (data / "parameters" / f"{path.name}_parameters.json").read_text(encoding="utf-8")
    with (data / "clean" / path.name).open(encoding="utf-8-sig") as file:
        return Polluted(path, json.loads(said), list(csv.reader(file)))


def _measured(load: Loader, file: Polluted) -> Measures:
    """Return the measures of a load; what a loader refuses is its failure."""
    try:
        table = load(file)
    except (DeliveryRefused, duckdb.Error, csv.Error, ValueError):
        return FAILED
    return measures(file.clean, _written(table))


def _written(table: Table) -> Table:
    """Return a loaded table as the benchmark reads it: from the CSV that a loader writes of it."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(table)
    return list(csv.reader(io.StringIO(file.getvalue(), newline=None)))


def _score(rows: Sequence[Measures], weights: Sequence[float]) -> dict[str, float]:
    """Return the mean of the ten measures' sum: each file alike, and weighted."""
    totals = [sum(row) for row in rows]
    weighted = sum(t * w for t, w in zip(totals, weights, strict=True)) / sum(weights)
    return {"simple": round(sum(totals) / len(totals), 4), "weighted": round(weighted, 4)}


def citylake(file: Polluted) -> Table:
    """Load a file as a delivery of an entry made from the parameters; what is refused fails."""
    entry = entry_of(file)
    with tempfile.TemporaryDirectory(prefix="citylake-bench-") as scratch:
        candidate = read(entry, file.path, file_name=file.path.name, scratch=Path(scratch))
        cells = [cell(item.name) for item in entry.items]
        rows = candidate.frame.sort(ROW).select(cells).collect().fill_null("").rows()
    header = [[item.title for item in entry.items]] if entry.origin.header else []
    return [*header, *rows]


def entry_of(file: Polluted) -> Entry:
    """Return an entry whose items are texts titled as the parameters say, in their dialect."""
    header = file.count("header_lines")
    origin = {
        "connector": "files",
        "format": "csv",
        "encoding": CODECS.get(file.said("encoding"), file.said("encoding", "utf-8")),
        "delimiter": file.said("delimiter", ","),
        "quote": file.said("quotechar", '"'),
        "escape": file.said("escapechar") or None,
        "skip_rows": file.count("preamble_lines"),
        "skip_footer": file.count("footnote_lines"),
        "header": header > 0,
        "header_rows": max(header, 1),
        "tables": "first",
        "repair": True,
        "empty": "accept",
    }
    return Entry(
        name="pollock",
        code="399000000/000001",
        title=file.path.name,
        unit="pollock",
        abstract="A polluted file.",
        classification=Classification(level=1, category="benchmark"),
        items=tuple(
            Item(name=f"c{place}", title=title or f"col_{place}", type="string")
            for place, title in enumerate(file.columns)
        ),
        origin=Origin.model_validate(origin),
        update=Update(cycle="irregular"),
        sharing=Terms(type="unconditional"),
        opening=Terms(type="unconditional"),
    )


def duckdb_csv(file: Polluted) -> Table:
    """Load a file by DuckDB, with the options that Pollock gives it."""
    with duckdb.connect() as session:
        found = session.read_csv(
            str(file.path),
            delimiter=file.said("delimiter", ","),
            quotechar=file.said("quotechar", '"'),
            escapechar=file.said("escapechar", '"'),
            skiprows=file.count("preamble_lines") + file.count("header_lines"),
            header=False,
            columns=dict.fromkeys(file.columns, "VARCHAR"),
            auto_detect=False,
            strict_mode=False,
            ignore_errors=True,
            null_padding=True,
        )
        rows = found.fetchall()
    return [found.columns, *(["" if c is None else str(c) for c in row] for row in rows)]


def python_csv(file: Polluted) -> Table:
    """Load a file by Python's csv with the dialect that it sniffs, as Pollock does."""
    encoding = file.said("encoding", "utf-8")
    with file.path.open(encoding=encoding, newline="") as source:
        dialect = csv.Sniffer().sniff(source.read())
        source.seek(0)
        return list(csv.reader(source, dialect))
