import datetime as dt
from decimal import Decimal

import pytest

from catalog.entry import Item
from ingestion.read import read
from tests.ingestion.entries import HEADER, ITEMS, bad, entry, read_bytes, read_lines, refused, rows

GOOD = (1, "W1", dt.date(2026, 3, 1), Decimal("1.50"))


def whole(candidate):
    return rows(candidate, "meter_id", "read_on", "usage_m3")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_do_not_matter(end, mark, tmp_path):
    text = mark + end.join((HEADER, "W1,2026-03-01,1.5", "W2,2026-03-02,2", ""))
    candidate = read_bytes(tmp_path, text.encode())
    assert whole(candidate)[0] == GOOD
    assert candidate.records == 2
    assert candidate.notes == (("byte order mark before the header",) if mark else ())


def test_mixed_line_ends_and_no_last_one_are_read(tmp_path):
    text = f"{HEADER}\r\nW1,2026-03-01,1.5\nW2,2026-03-02,2\r\nW3,2026-03-03,3"
    assert [row for row, *_ in whole(read_bytes(tmp_path, text.encode()))] == [1, 2, 3]


def test_a_quoted_newline_is_part_of_one_record(tmp_path):
    candidate = read_lines(tmp_path, '"W\n1",2026-03-01,1', 'W2,,"1,000"')
    assert rows(candidate, "meter_id") == [(1, "W\n1"), (2, "W2")]


def test_aliases_and_another_order_are_read_and_noted(tmp_path):
    candidate = read_bytes(tmp_path, "抄表日期,用水量,表号\n2026-03-01,1.5,W1\n".encode())
    assert whole(candidate) == [GOOD]
    assert len(candidate.notes) == 2


def test_blank_lines_are_no_records_and_move_no_number(tmp_path):
    candidate = read_lines(tmp_path, "", "W1,,", "", "", "short", "", "W3,,", "", "")
    assert [row for row, _ in rows(candidate, "meter_id")] == [1, 3]
    assert bad(candidate) == {2: ["ragged"]}
    assert candidate.records == 3


def test_blank_lines_at_the_end_alone_are_cut_by_number(tmp_path):
    candidate = read_lines(tmp_path, "W1,,", "W2,,", "", "", "")
    assert [row for row, _ in rows(candidate, "meter_id")] == [1, 2]


DAMAGED = {
    "W2,2026-03-02": ["ragged"],
    "W2,2026-03-02,2,2": ["ragged"],
    "W\0002,2026-03-02,2": ["embedded_junk"],
    "W\x1b2,2026-03-02,2": ["embedded_junk"],
    "W\r2,2026-03-02,2": ["embedded_junk"],
    'W"2,2026-03-02,2': ["malformed_quote"],
    '"W"2,2026-03-02,2': ["malformed_quote"],
    '"W2,2026-03-02,2': ["malformed_quote"],
    'W\a2",2026-03-02': ["ragged", "embedded_junk", "malformed_quote"],
}


@pytest.mark.parametrize(("line", "defects"), DAMAGED.items())
def test_a_damaged_record_is_set_aside_with_its_text_and_defects(line, defects, tmp_path):
    candidate = read_lines(tmp_path, "W1,2026-03-01,1", line, "W3,2026-03-03,3")
    assert bad(candidate) == {2: defects}
    assert candidate.malformed["_source"].to_list() == [line]
    assert rows(candidate, "meter_id") == [(1, "W1"), (3, "W3")]


def test_numbers_hold_between_many_damaged_records(tmp_path):
    lines = [f"W{n},," if n % 3 else f"W{n}" for n in range(1, 5001)]
    candidate = read_lines(tmp_path, *lines)
    assert rows(candidate, "meter_id") == [(n, f"W{n}") for n in range(1, 5001) if n % 3]
    assert list(bad(candidate)) == list(range(3, 5001, 3))


def test_a_delivery_of_damaged_records_only_has_an_empty_frame(tmp_path):
    candidate = read_lines(tmp_path, "a", "b", "c")
    assert whole(candidate) == []
    assert candidate.records == 3


def test_a_header_alone_is_a_delivery_without_records(tmp_path):
    candidate = read_lines(tmp_path)
    assert (candidate.records, whole(candidate)) == (0, [])
    assert candidate.notes == ("header only: no records",)


def test_preamble_and_header_rows_are_skipped_as_declared(tmp_path):
    text = f"贵阳市用水抄表\n,,数据\n{HEADER}\nW1,2026-03-01,1.5\n"
    of = entry(skip_rows=1, header_rows=2)
    assert whole(read_bytes(tmp_path, text.encode(), of)) == [GOOD]


def test_another_dialect_is_read_as_declared(tmp_path):
    text = "水表编号|抄表日期|用水量\n'W|1'|2026-03-01|1.5\n".encode("gb18030")
    of = entry(delimiter="|", quote="'", encoding="gbk")
    assert rows(read_bytes(tmp_path, text, of), "meter_id") == [(1, "W|1")]


def test_a_model_has_no_deliveries(tmp_path):
    model = entry().model_copy(
        update={"origin": entry().origin.model_copy(update={"format": None})}
    )
    with pytest.raises(ValueError, match="built by a model"):
        read(model, tmp_path / "x", file_name="x", scratch=tmp_path)


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"", "empty", "holds nothing"),
        (b"\n\r\n\n", "empty", "holds nothing"),
        (b"\xef\xbb\xbf", "empty", "holds nothing"),
        ("水表编号,用水量\n".encode(), "missing_column", "抄表日期 (read_on) is missing"),
        (f"{HEADER},备注\n".encode(), "unknown_column", "'备注'"),
        ("户号,姓名\n1,2\n".encode(), "wrong_resource", "those of water_reading (用水抄表)"),
        (HEADER.replace(",", ";").encode(), "wrong_resource", "0 of its 1 columns"),
        (f"{HEADER}\rW1,,\rW2,,\n".encode(), "unreadable", "its header ends in CR alone"),
    ],
)  # fmt: skip
def test_a_delivery_that_cannot_be_read_is_refused_with_one_clear_line(
    content, kind, said, tmp_path
):
    refusal = refused(tmp_path, content)
    assert refusal.kind == kind
    assert said in str(refusal)
    assert str(refusal).startswith("water_reading_20260301: ")
    assert "\n" not in str(refusal)


def test_personal_data_stands_in_no_refusal(tmp_path):
    content = "张三,13800000000,贵阳\n李四,13800000001,贵阳\n".encode()
    assert "张三" not in str(refused(tmp_path, content))


def test_wide_entries_are_read(tmp_path):
    items = [Item(name=f"c{n}", title=f"列{n}", type="integer") for n in range(2000)]
    content = (",".join(i.title for i in items) + "\n" + ",".join("1" * 2000) + "\n").encode()
    assert rows(read_bytes(tmp_path, content, entry(*items)), "c1999") == [(1, 1)]


def test_only_the_declared_items_are_in_the_frame(tmp_path):
    names = read_lines(tmp_path, "W1,,").frame.collect_schema().names()
    assert names == ["_row", *(i.name for i in ITEMS), *(f"_cell_{i.name}" for i in ITEMS)]


def test_a_file_without_a_byte_is_a_delivery_of_no_records_where_the_entry_says_so(tmp_path):
    assert refused(tmp_path, b"").kind == "empty"
    candidate = read_bytes(tmp_path, b"", entry(empty="accept"))
    assert candidate.records == 0
    assert candidate.notes == ("an empty file", "header only: no records")
