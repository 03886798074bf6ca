import pytest

from tests.ingestion.entries import HEADER, bad, entry, read_bytes, read_lines, rows

DAYS = [f"W{n},2026-03-0{n},{n}" for n in range(1, 6)]
QUOTED = '"水表编号","抄表日期","用水量"'


@pytest.mark.parametrize("again", [HEADER, QUOTED, '水表编号, 抄表日期 ,"用水量"'])
def test_a_repeated_header_is_no_record_and_is_counted(again, tmp_path):
    candidate = read_lines(tmp_path, DAYS[0], again, DAYS[1], "short", again, "", DAYS[2])
    assert rows(candidate, "meter_id") == [(1, "W1"), (2, "W2"), (4, "W3")]
    assert bad(candidate) == {3: ["ragged"]}
    assert candidate.records == 4
    assert candidate.notes == ("2 repeated header rows left out",)


@pytest.mark.parametrize("delimiter", [",", "||"])
def test_files_put_one_behind_the_other_keep_no_byte_order_mark(delimiter, tmp_path):
    marked = "\ufeff" + "\n".join([HEADER, *DAYS[:2], ""]).replace(",", delimiter)
    more = "\ufeff" + DAYS[2].replace(",", delimiter)
    candidate = read_bytes(tmp_path, (2 * marked + more).encode(), entry(delimiter=delimiter))
    assert [meter for _, meter in rows(candidate, "meter_id")] == ["W1", "W2", "W1", "W2", "W3"]
    assert "1 repeated header rows left out" in candidate.notes


def test_a_record_that_only_begins_like_the_header_is_data(tmp_path):
    lines = [DAYS[0], HEADER, "水表编号,2026-03-02,2", "x", DAYS[2]]
    candidate = read_lines(tmp_path, *lines)
    assert rows(candidate, "meter_id") == [(1, "W1"), (2, "水表编号"), (4, "W3")]
    assert bad(candidate) == {3: ["ragged"]}
    assert candidate.notes == ("1 repeated header rows left out",)


def test_every_row_of_a_header_may_be_repeated(tmp_path):
    head = "水表,数据,\n水表编号,抄表日期,用水量\n"
    text = f"{head}{DAYS[0]}\n{head}{DAYS[1]}\n"
    candidate = read_bytes(tmp_path, text.encode(), entry(header_rows=2))
    assert rows(candidate, "meter_id") == [(1, "W1"), (2, "W2")]
    assert candidate.notes == ("2 repeated header rows left out",)


@pytest.mark.parametrize("delimiter", [",", "||"])
def test_repeated_headers_are_seen_in_any_dialect(delimiter, tmp_path):
    text = "\n".join([HEADER, *DAYS[:2], HEADER, DAYS[2]]).replace(",", delimiter)
    candidate = read_bytes(tmp_path, text.encode(), entry(delimiter=delimiter))
    assert [row for row, *_ in rows(candidate)] == [1, 2, 3]
    assert candidate.notes == ("1 repeated header rows left out",)


def test_a_column_alone_may_have_a_repeated_header(tmp_path):
    only = entry().items[0]
    candidate = read_bytes(tmp_path, "水表编号\nW1\n水表编号\r\nW2\n".encode(), entry(only))
    assert rows(candidate, "meter_id") == [(1, "W1"), (2, "W2")]


@pytest.mark.parametrize(
    ("header", "records"),
    [
        (HEADER, 2),
        (QUOTED, 2),
        ("水表编号,抄表日期", 3),
        ("水表编号,抄表日期,用水量,备注", 3),
    ],
)
@pytest.mark.parametrize("delimiter", [",", "||"])
def test_only_the_first_table_is_read_where_the_entry_says_so(header, records, delimiter, tmp_path):
    text = "\n".join([HEADER, *DAYS[:2], "", header, "x,y", "", "W9,2026-03-09,9"])
    of = entry(delimiter=delimiter, tables="first")
    candidate = read_bytes(tmp_path, text.replace(",", delimiter).encode(), of)
    assert rows(candidate, "meter_id") == [(1, "W1"), (2, "W2")]
    assert list(bad(candidate)) == list(range(3, 3 + records))
    assert {rule for rules in bad(candidate).values() for rule in rules} == {"another_table"}
    assert candidate.malformed["_source"][-1] == "W9,2026-03-09,9".replace(",", delimiter)
    assert candidate.notes[0].startswith("another table after record")


def test_the_rows_of_all_tables_are_read_otherwise(tmp_path):
    candidate = read_lines(tmp_path, *DAYS[:2], "水表编号,抄表日期", "x,y", HEADER, DAYS[2])
    assert rows(candidate, "meter_id") == [(1, "W1"), (2, "W2"), (5, "W3")]
    assert bad(candidate) == {3: ["ragged"], 4: ["ragged"]}
