"""Pairs of GB18030 are read as Python's codec reads them, or not at all."""

from __future__ import annotations

import random

import numpy as np
import pytest

from ingestion.gb18030 import as_utf8
from ingestion.transcoding import transcode

SIGNS = "贵阳市观山湖区用水量é€Ωa1,\n"


def quick(text: bytes) -> bytes | None:
    return as_utf8(np.frombuffer(text, np.uint8))


def by_codec(text: bytes) -> bytes | None:
    try:
        return text.decode("gb18030").encode("utf-8")
    except UnicodeDecodeError:
        return None


def test_every_pair_is_what_the_codec_says():
    pairs = [bytes((a, b)) + b"\n" for a in range(0x80, 0x100) for b in range(0x40, 0x100)]
    assert [quick(pair) for pair in pairs] == [by_codec(pair) for pair in pairs]


def test_damaged_texts_are_read_as_by_the_codec_or_left_to_it():
    chance = random.Random(3)
    for _ in range(500):
        text = bytearray("".join(chance.choices(SIGNS, k=20)).encode("gb18030"))
        text[chance.randrange(len(text))] = chance.randrange(256)
        assert quick(bytes(text)) in (None, by_codec(bytes(text)))


@pytest.mark.parametrize("text", ["𠮷", "Ḿ"])
def test_signs_of_four_bytes_are_left_to_the_codec(text):
    assert quick(text.encode("gb18030")) is None


def test_a_text_of_many_pieces_comes_out_in_order(tmp_path):
    lines = [f"贵阳市长岭北路{n}号{'𠮷' if n % 40_000 == 0 else ''}\n" for n in range(200_000)]
    source, target = tmp_path / "gb", tmp_path / "utf8"
    source.write_bytes("".join(lines).encode("gb18030"))
    found = transcode(source, target, "gb18030")
    assert target.read_text("utf-8") == "".join(lines)
    assert found.foreign == 0
