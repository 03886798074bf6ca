import pytest

from catalog.entry import Item
from ingestion.delimited.columns import learn
from ingestion.delimited.dialect import Dialect
from ingestion.delimited.readings import COUNTED, FAR, TRIED, Effort, only_reading, ways_of
from tests.ingestion.entries import HEADER, bad, entry, read_bytes, read_lines, refused, rows

PLAIN = Dialect(",", '"')
GOOD = [f"W{n:03d},2026-03-{n % 28 + 1:02d},{n}.5" for n in range(40)]
CELLS = ("_cell_meter_id", "_cell_read_on", "_cell_usage_m3")
DAMAGED = {
    "W900,2026-03-09": ("W900", "2026-03-09", None),
    'W9"00,2026-03-09,9.5': ('W9"00', "2026-03-09", "9.5"),
    '"W900,2026-03-09,9.5': ('"W900', "2026-03-09", "9.5"),
    '"W900""2026-03-09",9.5': ("W900", "2026-03-09", "9.5"),
    "W900,,2026-03-09,9.5": ("W900", "2026-03-09", "9.5"),
    ",W900,2026-03-09,9.5": ("W900", "2026-03-09", "9.5"),
    "W900,2026-03-09,9.5,": ("W900", "2026-03-09", "9.5"),
    "W9002026-03-09,9.5": ("W900", "2026-03-09", "9.5"),
    "W900,2026-03-099.5": ("W900", "2026-03-09", "9.5"),
    "W900;2026-03-09;9.5": ("W900", "2026-03-09", "9.5"),
    "W900 2026-03-09 9.5": ("W900", "2026-03-09", "9.5"),
}
HOPELESS = ["W900", "W900,9.5", "9.5,W900", "a,b,c,d", "W900,2026-03-09,9.5,W901,2026-03-10,9.5"]


@pytest.mark.parametrize(("line", "cells"), DAMAGED.items())
def test_a_record_with_one_sensible_reading_is_repaired_in_its_place(line, cells, tmp_path):
    of = entry(repair=True)
    candidate = read_lines(tmp_path, *GOOD[:20], line, *GOOD[20:], of=of)
    assert bad(candidate) == {}
    assert rows(candidate, *CELLS)[20] == (21, *cells)
    assert [row for row, *_ in rows(candidate)] == list(range(1, 42))
    assert candidate.notes == ("repaired 1 records",)


@pytest.mark.parametrize(("line", "cells"), DAMAGED.items())
def test_without_repair_the_record_is_refused_with_its_proposal(line, cells, tmp_path):
    candidate = read_lines(tmp_path, *GOOD, line)
    assert list(bad(candidate)) == [41]
    assert candidate.malformed["_source"].to_list() == [line]
    proposal = candidate.malformed["_proposal"].item()
    again = read_lines(tmp_path, *GOOD, proposal)
    assert rows(again, *CELLS)[40] == (41, *cells)


@pytest.mark.parametrize("line", HOPELESS)
def test_what_has_no_sensible_reading_is_refused_although_repair_is_on(line, tmp_path):
    candidate = read_lines(tmp_path, *GOOD, line, *GOOD, of=entry(repair=True))
    assert list(bad(candidate)) == [41]
    assert candidate.malformed["_source"].to_list() == [line]
    assert candidate.notes == ()


@pytest.mark.parametrize("line", ["W\0900,2026-03-09,9.5", "W\r900,2026-03-09,9.5"])
def test_control_bytes_are_never_repaired(line, tmp_path):
    candidate = read_lines(tmp_path, *GOOD, line, of=entry(repair=True))
    assert bad(candidate) == {41: ["embedded_junk"]}


def test_two_readings_about_as_good_are_no_repair(tmp_path):
    names = [Item(name=f"c{n}", title=f"列{n}", type="string") for n in range(3)]
    of = entry(*names, repair=True)
    head = "列0,列1,列2\n" + "".join(f"{w} x,{w} y,{w}\n" for w in ("a", "bb", "c d", "e") * 10)
    candidate = read_bytes(tmp_path, f"{head}one, two,three,four\n".encode(), of)
    assert bad(candidate) == {41: ["ragged"]}


def test_repaired_records_in_other_dialects_keep_their_numbers(tmp_path):
    of = entry(delimiter="||", quote="'", escape="\\", repair=True)
    lines = [
        line.replace(",", "||") for line in (HEADER, *GOOD[:30], "W900,2026-03-09", *GOOD[30:])
    ]
    candidate = read_bytes(tmp_path, "\r\n".join(lines).replace(",", "||").encode(), of)
    assert rows(candidate, *CELLS)[30] == (31, "W900", "2026-03-09", None)
    assert candidate.records == 41


HEADERS = {
    '"水表编号,抄表日期,用水量': "W000",
    "水表编号抄表日期,用水量": "W000",
    "水表编号,,抄表日期,用水量": "W000",
    "水表编号;抄表日期;用水量": "W000",
}


@pytest.mark.parametrize("header", HEADERS)
def test_a_damaged_header_is_repaired_where_the_entry_says_so(header, tmp_path):
    content = "\n".join([header, *GOOD]).encode()
    candidate = read_bytes(tmp_path, content, entry(repair=True))
    assert candidate.notes == ("repaired the header",)
    assert len(rows(candidate)) == 40
    assert "origin.repair: true would read 水表编号" in str(refused(tmp_path, content))


@pytest.mark.parametrize("header", ["水表编号,用水量", "水表编号,水表编号抄表日期", "a,b,c", '"'])
def test_a_header_without_every_item_stays_refused(header, tmp_path):
    refused(tmp_path, "\n".join([header, *GOOD]).encode(), entry(repair=True))


@pytest.mark.parametrize("line", ['"a,"",' * 1200, "," * 8000, '"' * 8000, "a " * 4000])
def test_a_record_full_of_signs_is_given_up_on_in_time(line):
    items = [Item(name=f"c{n}", title=f"c{n}", type="string") for n in range(50)]
    columns = learn(items, [["a"] * 50] * 30, '"')
    effort = Effort(100_000)
    ways = ways_of(line, PLAIN, short=True)
    assert only_reading(line, ways, columns, width=50, effort=effort) is None
    assert effort.left >= 100_000 - len(ways) * TRIED


class Counting:
    """Columns that count the characters of the fields that were tried."""

    signs = 0

    def weight(self, _: int, value: str) -> int:
        self.signs += len(value)
        return FAR

    def breaks(self, _: int, __: str) -> tuple[int, ...]:
        return ()


@pytest.mark.parametrize("line", ['",' * 4000, ',"' * 4000 + "x", '"a' * 4000, 'a"' * 4000])
def test_long_fields_count_by_their_length(line):
    columns = Counting()
    only_reading(line, ways_of(line, PLAIN, short=True), columns, width=50, effort=Effort(10**9))
    assert columns.signs <= TRIED * COUNTED
