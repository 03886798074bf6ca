import random

import numpy as np
import pytest

from ingestion.delimited.machine import END, MARKS, START, Text, classes
from ingestion.delimited.marks import defects
from ingestion.delimited.scan import Shape, scan
from tests.ingestion.delimited.oracle import Dialect, records
from tests.ingestion.entries import ITEMS, bad, entry, read_bytes, rows

PIECES = [
    "a", "bb", ",", ",", ",", '"', '""', "\n", "\n", "\r\n", "\r", "\0", "中", "𠮷", " ", '"x"',
    '"y\nz"', "\t", "1,2,3\n", "1,2,3\n", "1,2,3\n", '"p","q","r"\n', "a,b,c\r\n", '"",,""\n',
]  # fmt: skip
DIALECTS = [
    Dialect(),
    Dialect(b"|", b'"', 3),
    Dialect(b";", b"'", 2),
    Dialect(b",", b"", 3),
    Dialect(b",", b'"', 1),
]


def polluted(seed: int, dialect: Dialect) -> bytes:
    """Return a text of odd pieces, some of its bytes cut."""
    chance = random.Random(seed)
    text = "".join(chance.choices(PIECES, k=chance.randint(0, 40)))
    text = text.replace(",", dialect.delimiter.decode())
    data = text.replace('"', dialect.quote.decode() or '"').encode()
    at = chance.randrange(len(data) + 1)
    return (
        data
        if chance.random() < 0.7
        else data[:at] + b"\xe4\xff"[: chance.randint(1, 2)] + data[at:]
    )


@pytest.mark.parametrize("span", [1, 7, 1 << 20])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_scanner_agrees_with_an_oracle_wherever_the_text_is_cut(dialect, span):
    for seed in range(60):
        data = polluted(seed, dialect)
        text = Text(
            np.frombuffer(data, np.uint8),
            classes(dialect.delimiter.decode(), dialect.quote.decode()),
        )
        scanned = scan(text, 0, Shape(dialect.width, dialect.limit), span)
        expected = records(data, dialect)
        assert scanned.records == len(expected), data
        found = [(int(o[0]), data[o[START] : o[END]], int(o[MARKS])) for o in scanned.malformed]
        wanted = [(n, r.raw, r.marks) for n, r in enumerate(expected, 1) if r.marks]
        assert found == wanted, data


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_frame_holds_what_the_oracle_reads(dialect, tmp_path):
    delimiter, quote = dialect.delimiter.decode(), dialect.quote.decode()
    texts = [i.model_copy(update={"type": "string"}) for i in ITEMS[: dialect.width]]
    of = entry(*texts, delimiter=delimiter, quote=quote)
    header = delimiter.join(item.title for item in texts).encode() + b"\n"
    for seed in range(40):
        data = polluted(seed, dialect)
        expected = list(enumerate(records(data, dialect), 1))
        if sum("undecodable_bytes" in defects(r.marks) for _, r in expected) * 2 > len(expected):
            continue  # refused as a whole: another test's affair
        candidate = read_bytes(tmp_path, header + data, of)
        good = [(n, *map(blank_is_null, r.fields)) for n, r in expected if not r.marks]
        assert rows(candidate, *(f"_cell_{i.name}" for i in texts)) == good, data
        assert bad(candidate) == {n: defects(r.marks) for n, r in expected if r.marks}, data


def blank_is_null(text: str | None) -> str | None:
    return text if text and text.strip() else None


def test_a_long_line_costs_itself_alone_in_bounded_memory(tmp_path):
    long = b"W2," + b"x" * (10 << 20) + b",1\n"
    content = "水表编号,抄表日期,用水量\nW1,2026-03-01,1\n".encode() + long + b"W3,2026-03-03,3\n"
    candidate = read_bytes(tmp_path, content)
    assert bad(candidate) == {2: ["line_too_long"]}
    assert [row for row, _ in rows(candidate, "meter_id")] == [1, 3]
    assert len(candidate.malformed["_source"][0]) == 1 << 16


def test_the_same_account_comes_from_any_span():
    line = b'"a\nb",2,3\n1,2\n\n1,2,3\n'
    text = Text(np.frombuffer(line * 50, np.uint8), classes(",", '"'))
    accounts = [scan(text, 0, Shape(3, 1 << 20), span) for span in range(1, 60)]
    assert {account.records for account in accounts} == {150}
    assert all((account.odd == accounts[0].odd).all() for account in accounts)
