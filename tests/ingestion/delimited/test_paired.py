"""A GB18030 text that is cut as it came is read as its copy in UTF-8 is read, or is not so cut."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from catalog.entry import Entry
from ingestion.candidate import Candidate
from ingestion.delimited import paired, reader
from ingestion.delimited.paired import paired_text
from ingestion.delivery import DeliveryRefused
from ingestion.source import Source
from tests.ingestion.entries import HEADER, bad, entry, read_bytes, read_lines, rows

SIGNS = ["贵", "阳é", "镕", "丂", "a", "1", " ", "\u3000", '"', ",", "\r", "\t", "\x01"]
ROWS = [
    'W{0},2026-03-01,{0}.5',
    '"观山湖,区{0}",2026-03-02,{0}',
    '"长岭\n北路""{0}",2026-03-0{0},１{0}',
    " 花溪{0} ,2026年3月4日,{0}",
    "南明{0},2026-03-05",
    '"云岩{0},2026-03-06,{0}',
    '白云"{0},2026-03-07,{0}',
    "乌当{0},,,",
    "",
    HEADER,
    "水表编号,2026-03-08,{0}",
]  # fmt: skip


def both(
    tmp_path: Path, content: bytes, of: Entry, monkeypatch: pytest.MonkeyPatch
) -> list[Candidate | str]:
    """Read a delivery as it may be, and by way of UTF-8."""
    found: list[Candidate | str] = []
    for way in (paired_text, lambda *_: None):
        monkeypatch.setattr(reader, "paired_text", way)
        try:
            found.append(read_bytes(tmp_path, content, of))
        except DeliveryRefused as refusal:
            found.append(f"{refusal.kind}: {refusal}")
    return found


def check_alike(one: Candidate | str, other: Candidate | str) -> None:
    if isinstance(one, str) or isinstance(other, str):
        assert one == other
        return
    assert (one.records, one.notes) == (other.records, other.notes)
    assert_frame_equal(one.malformed, other.malformed)
    assert_frame_equal(one.frame.collect(), other.frame.collect())


def is_paired(tmp_path: Path, content: bytes, of: Entry) -> bool:
    path = tmp_path / "looked-at.csv"
    path.write_bytes(content)
    return paired_text(of, Source(path, path.name, tmp_path)) is not None


@pytest.mark.parametrize("words", [{}, {"repair": True}, {"tables": "first"}, {"delimiter": "|"}])
def test_any_text_is_read_as_by_way_of_utf8(tmp_path, monkeypatch, words):
    chance, of, cut_as_they_came = random.Random(7), entry(encoding="gb18030", **words), 0
    for turn in range(60):
        lines = [chance.choice(ROWS).format(number % 10) for number in range(40)]
        if turn % 2:
            lines += ["".join(chance.choices(SIGNS, k=12)) for _ in range(5)]
        if turn % 5 == 4:
            lines += ["𠮷,2026-03-01,1", "贵阳市观山湖区".encode().decode("latin-1")]
        text = (HEADER + "\n" + chance.choice(["\n", "\r\n"]).join(lines)).replace(
            ",", of.origin.delimiter
        )
        content = text.encode("gb18030")
        if turn % 7 == 6:
            content = content[: len(content) // 2] + b"\x81\x20\xff" + content[len(content) // 2 :]
        cut_as_they_came += is_paired(tmp_path, content, of)
        check_alike(*both(tmp_path, content, of, monkeypatch))
    assert cut_as_they_came > 20 or of.origin.delimiter == "|"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f"{HEADER}\n𠮷,2026-03-01,1\n".encode("gb18030"), {}),  # a sign of four bytes
        (f"{HEADER}\n贵".encode("gb18030") + b"\x81\n", {}),
        (f"{HEADER}\n".encode("gb18030") + "贵阳市观山湖区\n".encode(), {}),
        (HEADER.replace(",", "|").encode("gb18030"), {"delimiter": "|"}),  # part of 峾
        (HEADER.encode("gb18030"), {"escape": "\\"}),
        (HEADER.encode(), {"encoding": "utf-8"}),
    ],
)
def test_what_is_not_plain_goes_by_way_of_utf8(tmp_path, content, words):
    assert not is_paired(tmp_path, content, entry(**{"encoding": "gb18030", **words}))


def test_records_are_numbered_and_shown_as_they_came(tmp_path):
    of = entry(encoding="gb18030")
    lines = ["贵阳1,2026-03-01,1", "观山湖", '"南明"x,2026-03-03,3', "", "云岩,2026-03-04,4"]
    assert is_paired(tmp_path, "\n".join((HEADER, *lines)).encode("gb18030"), of)
    candidate = read_lines(tmp_path, *lines, of=of)
    assert rows(candidate, "meter_id") == [(1, "贵阳1"), (4, "云岩")]
    assert bad(candidate) == {2: ["ragged"], 3: ["malformed_quote"]}
    assert candidate.malformed["_source"].to_list() == lines[1:3]


def test_many_pieces_are_put_together(tmp_path, monkeypatch):
    monkeypatch.setattr(paired, "PIECE", 512)
    monkeypatch.setattr(reader.Delivered.scan.__globals__["scan"], "__defaults__", (700,))
    of = entry(encoding="gb18030")
    lines = [f"贵阳市{n},2026-03-01,{n}" if n % 9 else f"观山湖{n}" for n in range(1, 2001)]
    candidate = read_lines(tmp_path, *lines, of=of)
    good = [n for n in range(1, 2001) if n % 9]
    assert rows(candidate, "meter_id") == [(n, f"贵阳市{n}") for n in good]
    assert candidate.malformed["_source"].to_list() == [lines[n - 1] for n in range(9, 2001, 9)]


def test_a_record_too_long_in_utf8_is_too_long(tmp_path):
    of = entry(encoding="gb18030")
    long = "贵" * 360_000  # 720,000 bytes of GB, 1,080,000 of UTF-8
    candidate = read_lines(tmp_path, "W1,2026-03-01,1", f"{long},2026-03-01,1", of=of)
    assert bad(candidate) == {2: ["line_too_long"]}
