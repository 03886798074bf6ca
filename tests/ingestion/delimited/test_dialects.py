import random
import re

import numpy as np
import pytest

from catalog.entry import Item
from ingestion.delimited.delivered import Delivered
from ingestion.delimited.dialect import Dialect, cells, spell
from ingestion.delimited.machine import END, MARKS, NO_HEAD, START
from ingestion.delimited.marks import defects
from ingestion.delimited.scan import Shape
from tests.ingestion.delimited.respelled_oracle import records
from tests.ingestion.entries import bad, entry, read_bytes, rows

DIALECTS = [
    Dialect(",", '"', escape="\\"),
    Dialect(", ", '"'),
    Dialect("||", "'", escape="\\"),
    Dialect("，", "“"),
    Dialect(";", "", escape="/"),
    Dialect(",", '"', any_end=True),
    Dialect("\t", "'", escape='"', any_end=True),
]
PIECES = [
    "a", "b,", "D", "D", "D", "Q", "Q", "QQ", "EQ", "ED", "EE", "E", "\n", "\r\n", "\r", " ", "\0",
    "中", '"', "'", "QxQ", "Qy\nzQ", "QuDvQ", "1D2D3\n", "1D2D3\n", "QpQDQqQDQrQ\r\n",
]  # fmt: skip


def polluted(seed: int, dialect: Dialect) -> str:
    chance = random.Random(seed)
    text = "".join(chance.choices(PIECES, k=chance.randint(0, 30)))
    signs = {"D": dialect.delimiter, "Q": dialect.quote or '"', "E": dialect.escape or "\\"}
    return re.sub("[DQE]", lambda sign: signs[sign[0]], text)


def alike(text: str, dialect: Dialect) -> str:
    return re.sub("\r(?!\n)", "\n", text) if dialect.any_end else text


@pytest.mark.parametrize("dialect", DIALECTS)
def test_any_dialect_is_cut_as_an_oracle_cuts_it(dialect):
    for seed in range(150):
        data = polluted(seed, dialect)
        text = Delivered(np.frombuffer(data.encode(), np.uint8), dialect, NO_HEAD)
        scanned = text.scan(0, Shape(3, 1 << 20))
        expected = records(data, dialect, 3)
        assert scanned.records == len(expected), repr(data)
        found = [
            (int(o[0]), alike(data.encode()[o[START] : o[END]].decode(), dialect), int(o[MARKS]))
            for o in scanned.malformed
        ]
        wanted = [(n, r.raw.decode(), r.marks) for n, r in enumerate(expected, 1) if r.marks]
        assert found == wanted, repr(data)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_frame_of_any_dialect_holds_what_the_oracle_reads(dialect, tmp_path):
    items = [Item(name=f"c{n}", title=f"t{n}", type="string") for n in range(3)]
    of = entry(
        *items,
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        escape=dialect.escape or None,
        record_end="any" if dialect.any_end else "line",
    )
    header = dialect.delimiter.join(item.title for item in items) + "\n"
    for seed in range(25):
        data = polluted(seed, dialect)
        expected = list(enumerate(records(data, dialect, 3), 1))
        candidate = read_bytes(tmp_path, (header + data).encode(), of)
        assert bad(candidate) == {n: defects(r.marks) for n, r in expected if r.marks}, repr(data)
        found = [
            (row[0], *(None if cell is None else alike(cell, dialect) for cell in row[1:]))
            for row in rows(candidate, "_cell_c0", "_cell_c1", "_cell_c2")
        ]
        wanted = [(n, *map(blank_is_null, r.fields)) for n, r in expected if not r.marks]
        assert found == wanted, repr(data)


def blank_is_null(text: str | None) -> str | None:
    return text if text and text.strip() else None


@pytest.mark.parametrize("dialect", [Dialect(",", '"'), *DIALECTS])
def test_what_is_spelled_is_read_again(dialect):
    for seed in range(100):
        chance = random.Random(seed)
        pieces = ["a", " ", "中", dialect.delimiter, dialect.quote, dialect.escape, '"', ","]
        values = ["".join(chance.choices(pieces, k=chance.randint(0, 5))) for _ in range(3)]
        line = spell(values, dialect)
        if line is None:
            assert not dialect.quote
            continue
        assert cells(line, dialect) == values
