import pytest

from tests.ingestion.entries import HEADER, bad, entry, read_bytes, refused, rows

DAYS = [f"W{n},2026-03-0{n},{n}" for n in range(1, 4)]
ALL = [(1, "W1"), (2, "W2"), (3, "W3")]


def read(tmp_path, text, **words):
    return read_bytes(tmp_path, text.encode(), entry(**words))


@pytest.mark.parametrize("words", [{}, {"record_end": "any"}])
def test_a_file_of_lone_crs_is_read(words, tmp_path):
    candidate = read(tmp_path, "\r".join(["t", HEADER, *DAYS, ""]), skip_rows=1, **words)
    assert rows(candidate, "meter_id") == ALL
    assert candidate.notes == (() if words else ("records end in CR alone",))


def test_mixed_record_ends_are_read_where_the_entry_says_any(tmp_path):
    text = f"{HEADER}\r{DAYS[0]}\n{DAYS[1]}\r\n{DAYS[2]}\r"
    assert rows(read(tmp_path, text, record_end="any"), "meter_id") == ALL
    assert "record_end: any" in str(refused(tmp_path, text.encode()))


def test_without_a_header_columns_are_the_items_in_order(tmp_path):
    candidate = read(tmp_path, "\n".join(DAYS), header=False)
    assert rows(candidate, "meter_id") == ALL
    assert bad(read(tmp_path, "W1,2026-03-01", header=False)) == {1: ["ragged"]}
    assert refused(tmp_path, b"", entry(header=False)).kind == "empty"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("tail", ["", "\n\n"])
def test_preamble_and_footer_are_left_out(end, tail, tmp_path):
    lines = ["贵阳市用水抄表", ",,", HEADER, *DAYS, "合计,6", '制表人,"张']
    candidate = read(
        tmp_path, end.join(lines) + tail.replace("\n", end), skip_rows=2, skip_footer=2
    )
    assert rows(candidate, "meter_id") == ALL
    assert "2 footer lines left out" in candidate.notes
    assert bad(candidate) == {}


def test_a_footer_longer_than_the_file_leaves_it_empty(tmp_path):
    assert refused(tmp_path, f"{HEADER}\nW1,,\n".encode(), entry(skip_footer=9)).kind == "empty"


def test_comment_lines_are_counted_and_left_out(tmp_path):
    text = "\n".join(["# 用水", HEADER, DAYS[0], '#,"', *DAYS[1:], "#"])
    candidate = read(tmp_path, text, comment="#")
    assert rows(candidate, "meter_id") == ALL
    assert candidate.notes == ("2 comment lines left out",)


@pytest.mark.parametrize("delimiter", ["\t", ";", "|", ", ", "||", "，", "\x1f"])
@pytest.mark.parametrize("quote", ['"', "'", "`", "“", ""])
def test_any_delimiter_and_quote_are_read(delimiter, quote, tmp_path):
    quoted = f"{quote}W,1{quote}" if quote else "W1"
    text = "\n".join([HEADER, f"{quoted},2026-03-01,1", *DAYS[1:]]).replace(",", delimiter)
    candidate = read(tmp_path, text, delimiter=delimiter, quote=quote)
    first = f"W{delimiter}1" if quote else "W1"
    assert rows(candidate, "_cell_meter_id") == [(1, first), *ALL[1:]]


@pytest.mark.parametrize("escape", ["\\", "^", "/"])
def test_an_escape_makes_signs_text_and_is_itself_elsewhere(escape, tmp_path):
    cell = f'"a{escape}"b{escape}{escape}c{escape}d"'
    text = f"{HEADER}\n{cell},2026-03-01,1\ne{escape},f,2026-03-02,2\n"
    candidate = read(tmp_path, text, escape=escape)
    assert rows(candidate, "meter_id") == [(1, f'a"b{escape}c{escape}d'), (2, "e,f")]


def test_encodings_and_dialects_go_together(tmp_path):
    text = "\n".join([HEADER, *DAYS]).replace(",", "，").replace("W1", "“贵，阳“")
    of = entry(delimiter="，", quote="“", encoding="gb18030")
    assert rows(read_bytes(tmp_path, text.encode("gb18030"), of), "meter_id")[0] == (1, "贵，阳")


def test_a_large_file_of_another_dialect_keeps_every_number(tmp_path):
    lines = [f"'W{n}'||2026-03-01||{n}" if n % 7 else f"W{n}||x" for n in range(1, 200_001)]
    text = "\n".join([HEADER.replace(",", "||"), *lines])
    candidate = read(tmp_path, text, delimiter="||", quote="'")
    found = candidate.frame.select("_row", "meter_id").collect()
    assert (found["meter_id"] == "W" + found["_row"].cast(str)).all()
    assert len(candidate.malformed) == 200_000 // 7
