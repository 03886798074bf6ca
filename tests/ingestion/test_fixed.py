"""Fixed-width files: every item at its places, in bytes for GB encodings, and TSV beside them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from catalog.entry import Item
from ingestion.fixed import CHUNK
from tests.ingestion.entries import bad, entry, read_bytes, refused, rows

ITEMS = (
    Item(name="meter_id", title="水表编号", type="string", key=True, width=(1, 6)),
    Item(name="street", title="街道", type="string", width=(7, 8)),
    Item(name="read_on", title="抄表日期", type="date", width=(15, 8)),
    Item(name="usage_m3", title="用水量", type="decimal", precision=(10, 2), width=(24, 8)),
)
NAMES = [item.name for item in ITEMS]


def layout(encoding: str = "gbk", **more: object):
    return entry(*ITEMS, format="fixed", encoding=encoding, **more)


def line(meter: str, street: str, day: str, usage: str, encoding: str = "gbk") -> bytes:
    """Return a record as the layout says, places counted in bytes."""
    cells = zip((meter, street, day, "", usage), (6, 8, 8, 1, 8), strict=True)
    return b"".join(cell.encode(encoding).ljust(size) for cell, size in cells)


FULL = line("W1", "南明路", "20260301", "    1.50")
FIRST = (1, "W1", "南明路", dt.date(2026, 3, 1), Decimal("1.50"))


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_places_count_bytes_in_gb_encodings(end, last, tmp_path):
    content = end.join((FULL, line("W2", "a路b", "", "2"))) + end * last
    candidate = read_bytes(tmp_path, content, layout())
    assert rows(candidate, *NAMES) == [FIRST, (2, "W2", "a路b", None, Decimal("2.00"))]


def test_a_character_of_four_bytes_takes_four_places(tmp_path):
    content = line("W1", "𠮷路", "20260301", "1.5", "gb18030")
    candidate = read_bytes(tmp_path, content, layout("gb18030"))
    assert rows(candidate, "street", "usage_m3") == [(1, "𠮷路", Decimal("1.50"))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_places_count_characters_in_unicode(encoding, tmp_path):
    text = "W1".ljust(6) + "南明路".ljust(8) + "20260301" + "     1.50" + "\n"
    candidate = read_bytes(tmp_path, text.encode(encoding), layout(encoding))
    assert rows(candidate, *NAMES) == [FIRST]


def test_blanks_at_the_end_of_a_line_may_be_missing(tmp_path):
    candidate = read_bytes(tmp_path, b"W1\n\nW2    road\n", layout())
    assert rows(candidate, "meter_id", "street") == [(1, "W1", None), (2, "W2", "road")]


def test_skipped_rows_are_no_records(tmp_path):
    candidate = read_bytes(tmp_path, b"TITLE\n------\n" + FULL, layout(skip_rows=2))
    assert rows(candidate, "meter_id") == [(1, "W1")]


@pytest.mark.parametrize(
    ("damaged", "defects"),
    [
        (FULL + b"1 more", ["ragged"]),
        (FULL[:22] + b"x" + FULL[23:], ["ragged"]),
        (FULL.replace(b"W1    ", b"W\x001   "), ["embedded_junk"]),
        (FULL.replace("南明路".encode("gbk"), b"\xff\xff\xc4\xcf  "), ["undecodable_bytes"]),
        (FULL.replace("南明路  ".encode("gbk"), "x南明路路".encode("gbk")), ["ragged"]),
    ],
)
def test_a_damaged_line_is_set_aside_by_itself(damaged, defects, tmp_path):
    content = b"\n".join((FULL, damaged, FULL))
    candidate = read_bytes(tmp_path, content, layout())
    assert [number for number, _ in rows(candidate, "meter_id")] == [1, 3]
    assert bad(candidate) == {2: defects}


def test_a_line_that_ends_before_a_required_item_is_ragged(tmp_path):
    last = ITEMS[3].model_copy(update={"required": True})
    of = entry(*ITEMS[:3], last, format="fixed")
    assert bad(read_bytes(tmp_path, b"W1    road\n", of)) == {1: ["ragged"]}


def test_lines_over_the_borders_of_chunks_are_whole(tmp_path):
    count = 2 * CHUNK // len(FULL)
    content = b"".join(
        line(f"W{n % 9999}", "南明路", "20260301", "1") + b"\n" for n in range(count)
    )
    candidate = read_bytes(tmp_path, content, layout())
    found = rows(candidate, "meter_id")
    assert found == [(n + 1, f"W{n % 9999}") for n in range(count)]
    assert bad(candidate) == {}


def test_a_line_without_end_is_refused(tmp_path):
    refusal = refused(tmp_path, b"x" * (CHUNK + 10), layout())
    assert refusal.kind == "line_too_long"


def test_an_empty_file_is_refused(tmp_path):
    assert refused(tmp_path, b"", layout()).kind == "empty"


def test_tabs_part_the_cells_of_a_tsv(tmp_path):
    of = entry(format="tsv")
    content = '水表编号\t抄表日期\t用水量\nW,1\t2026-03-01\t"1.5"\n'.encode()
    candidate = read_bytes(tmp_path, content, of)
    assert of.origin.delimiter == "\t"
    assert rows(candidate, "meter_id", "usage_m3") == [(1, "W,1", Decimal("1.50"))]
