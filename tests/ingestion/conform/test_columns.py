"""Columns read from bytes hold what the same texts hold when they are read as texts."""

from __future__ import annotations

import random

import numpy as np
import polars as pl
import pytest

from catalog.entry import Item
from ingestion.conform.cells import conform
from ingestion.conform.columns import reader_of_bytes
from ingestion.conform.plain import Column
from tests.ingestion.entries import entry

ODD = "0123456789.-+/: ,\teé十年１２　\x85\u2003\u200b\ufeff"
SLACK = b"\n" * 32


def column(texts):
    """Lay texts side by side as a file holds them, at every place of a word."""
    joined = b",".join([*(text.encode() for text in texts), b""])
    sizes = np.array([len(text.encode()) for text in texts])
    ends = np.cumsum(sizes + 1) - 1
    data = np.frombuffer(joined + SLACK[len(joined) % 8 :], np.uint8).copy()
    return Column(data, (ends - sizes).astype(np.int32), ends.astype(np.int32))


def number(rng):
    whole = "".join(rng.choice("0123456789") for _ in range(rng.randrange(10)))
    part = "".join(rng.choice("0123456789") for _ in range(rng.randrange(5)))
    return rng.choice(("", "", "", "-", "+")) + whole + rng.choice(("", ".", ".", ".", "..")) + part


def day(rng):
    year, month, date = rng.randrange(990, 2100), rng.randrange(14), rng.randrange(33)
    return f"{year:04d}{rng.choice('--/')}{month:02d}-{date:02d}"


def drawn(kind, rng, count):
    """Draw texts of a kind, one in four of anything, many of them several times in a row."""
    texts = []
    while len(texts) < count:
        odd = "".join(rng.choice(ODD) for _ in range(rng.randrange(24)))
        text = kind(rng) if kind is not None and rng.random() < 0.75 else odd
        texts += [text] * rng.choice((1, 1, 2, 3))
    return texts[:count]


CASES = {
    "decimals": ({"type": "decimal", "precision": [10, 2]}, number),
    "wide decimals": ({"type": "decimal", "precision": [18, 6]}, number),
    "integers": ({"type": "integer"}, number),
    "dates": ({"type": "date"}, day),
    "texts": ({"type": "string"}, None),
    "codes": ({"type": "code", "values": ["0", "1"]}, None),
    "Chinese codes": ({"type": "code", "values": ["十", "年"]}, None),
}


@pytest.mark.parametrize("name", ["texts", "codes", "Chinese codes"])
def test_few_texts_are_read_as_many_are(name):
    """A column is looked at once if every text in it is neat, and more closely if one is not."""
    item = Item(name="x", title="列", **CASES[name][0])
    read = reader_of_bytes(item)
    assert read is not None
    likely = ("0", "贵阳市", "W0123456789", "", "a b" * 9)
    texts = drawn(lambda rng: rng.choice(likely), random.Random(2), 4_000)
    value, cell = read(column(texts))
    few = [read(column(texts[at : at + 2])) for at in range(0, len(texts), 2)]
    assert [value for found, _ in few for value in found] == value.to_list()
    assert [cell for _, found in few for cell in found] == cell.to_list()
    assert sum(found is cells for found, cells in few) > 500


@pytest.mark.parametrize(("words", "kind"), CASES.values(), ids=CASES)
def test_bytes_are_read_as_their_texts_are(words, kind):
    item = Item(name="x", title="列", **words)
    read = reader_of_bytes(item)
    assert read is not None
    texts = drawn(kind, random.Random(1), 20_000)
    value, cell = read(column(texts))
    frame = pl.DataFrame({"_row": range(len(texts)), "x": texts}).lazy()
    expected = conform(frame, entry(item)).collect()
    assert cell.to_list() == expected["_cell_x"].to_list()
    assert value.to_list() == expected["x"].to_list()
    assert value.dtype == expected["x"].dtype
    assert value.is_not_null().sum() > 1_000
