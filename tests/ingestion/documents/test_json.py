import json
import random
from decimal import Decimal

import pytest

from catalog.entry import Item
from tests.ingestion.entries import bad, entry, read_bytes, refused, rows

LINES = entry(format="jsonl")
ARRAY = entry(format="json")
A, B = '{"meter_id": "W1", "用水量": 1.5}', '{"水表编号": "W2", "read_on": "2026/3/1"}'


def texts(*names: str, **origin):
    """Return an entry of text items."""
    items = (Item(name=name, title=f"题{name}", type="string") for name in names)
    return entry(*items, **{"format": "jsonl", **origin})


@pytest.mark.parametrize("of", [LINES, ARRAY])
@pytest.mark.parametrize(
    "content",
    [
        f"{A}\n{B}\n",
        f"{A}\r\n\r\n{B}",
        f"\ufeff{A}\n  {B}  \n",
        f"[{A}, {B}]",
        f"[\n{A},\n{B}\n]\n",
    ],
)
def test_lines_and_arrays_are_read_whichever_is_declared(content, of, tmp_path):
    candidate = read_bytes(tmp_path, content.encode(), of)
    assert rows(candidate, "meter_id", "usage_m3") == [(1, "W1", Decimal("1.50")), (2, "W2", None)]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8"])
def test_documents_come_in_every_encoding(encoding, tmp_path):
    content = A.replace("W1", "𠮷").encode(encoding)
    candidate = read_bytes(tmp_path, content, entry(format="jsonl", encoding=encoding))
    assert rows(candidate, "meter_id") == [(1, "𠮷")]


@pytest.mark.parametrize(
    ("line", "defect"),
    [
        (b'{"meter_id": "W', "malformed_json"),
        (b'{"meter_id": "W"', "malformed_json"),
        (b'{"meter_id": "W"} x', "malformed_json"),
        (b'{"meter_id": "W",}', "malformed_json"),
        (b"{'meter_id': 1}", "malformed_json"),
        (b'{"meter_id": 01}', "malformed_json"),
        (b'{"meter_id": 1.}', "malformed_json"),
        (b'{"meter_id": nul}', "malformed_json"),
        (b'{"meter_id": "\\x"}', "malformed_json"),
        (b'{"meter_id": "\\u12g4"}', "malformed_json"),
        (b'{"meter_id": "W", "meter_id": "V"}', "malformed_json"),
        (b'["meter_id"]', "malformed_json"),
        (b"W1,2026-03-01", "malformed_json"),
        (b'{"meter_id": "W\x00"}', "embedded_junk"),
        (b'{"meter_id": "W\\u0000"}', "embedded_junk"),
        (b'{"meter_id": "W\\b"}', "embedded_junk"),
        (b'{"meter_id": "W\xff"}', "undecodable_bytes"),
        (b'{"meter_id": "\\ud842"}', "undecodable_bytes"),
    ],
)
def test_a_malformed_line_costs_itself_alone(line, defect, tmp_path):
    candidate = read_bytes(tmp_path, b"\n".join((A.encode(), line, B.encode())), LINES)
    assert bad(candidate) == {2: [defect]}
    assert candidate.malformed["_source"].to_list() == [line.decode("utf-8", "replace")]
    assert rows(candidate, "meter_id") == [(1, "W1"), (3, "W2")]


@pytest.mark.parametrize("first", ["garbage", "null", '"W0"', "[1, 2]", "]", '{"meter_id"'])
def test_a_malformed_first_line_costs_itself_alone(first, tmp_path):
    candidate = read_bytes(tmp_path, f"{first}\n{A}\n{B}\n".encode(), LINES)
    assert bad(candidate) == {1: ["malformed_json"]}
    assert rows(candidate, "meter_id") == [(2, "W1"), (3, "W2")]


@pytest.mark.parametrize(
    "second", ['"usage_m3": NaN', '"usage_m3": -Infinity', '"meter_id": "X"', '"表号": "X"']
)
def test_a_key_twice_or_no_number_costs_its_record_in_an_array_too(second, tmp_path):
    odd = f'{{"meter_id": "W9", {second}, "read_on": "2026-03-01"}}'
    for content in (f"[{A},{odd},{B}]", f"{A}\n{odd}\n{B}\n"):
        candidate = read_bytes(tmp_path, content.encode(), ARRAY)
        assert bad(candidate) == {2: ["malformed_json"]}
        assert candidate.malformed["_source"].to_list() == [odd]
        assert rows(candidate, "meter_id") == [(1, "W1"), (3, "W2")]


def test_records_that_are_all_damaged_are_set_aside_and_no_foreign_document(tmp_path):
    lines = ['{"meter_id": "\\u0000"}', '{"meter_id": "\\ud842"}']
    candidate = read_bytes(tmp_path, "\n".join(lines).encode(), LINES)
    assert bad(candidate) == {1: ["embedded_junk"], 2: ["undecodable_bytes"]}


def test_a_damaged_text_in_an_array_costs_its_record(tmp_path):
    content = f'[{A}, {{"meter_id": "'.encode() + b'\xff"}, ' + f"{B}]".encode()
    candidate = read_bytes(tmp_path, content, ARRAY)
    assert bad(candidate) == {2: ["undecodable_bytes"]}


def test_a_long_record_costs_itself_alone(tmp_path):
    long = '{"meter_id": "' + "x" * (2 << 20) + '"}'
    for content in (f"{A}\n{long}\n{B}", f"[{A},{long},{B}]"):
        assert bad(read_bytes(tmp_path, content.encode(), LINES)) == {2: ["line_too_long"]}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("12.50", "12.50"), ("12345678901234567890.10", "12345678901234567890.10"), ("-0", "-0"),
        ("1E-5", "1E-5"), ("true", "true"), ("null", None), ('""', None),
        (r'"\u8d35\u9633"', "贵阳"), (r'"\uD842\uDFB7"', "𠮷"), (r'"a\"b\\c\/d"', 'a"b\\c/d'),
        (r'"a\nb\tc"', "a\nb\tc"), (r'"\u00e9\u20ac"', "é€"),
    ],
)  # fmt: skip
def test_values_come_as_they_were_written(written, text, tmp_path):
    candidate = read_bytes(tmp_path, f'{{"a": {written}, "b": "x"}}'.encode(), texts("a", "b"))
    assert rows(candidate, "_cell_a") == [(1, text)]


def test_a_nested_value_is_text_where_the_entry_says_json(tmp_path):
    of = entry(Item(name="a", title="甲", type="json"), format="jsonl")
    candidate = read_bytes(tmp_path, b'{"a": {"b": [1, "]}"]}}', of)
    assert rows(candidate, "a") == [(1, '{"b": [1, "]}"]}')]


def test_keys_may_be_written_with_escapes_and_change_between_records(tmp_path):
    lines = [json.dumps({key: "W"}) for key in ("水表编号", "meter_id", "表号", "METER_ID")] * 3
    candidate = read_bytes(tmp_path, "\n".join(lines).encode(), LINES)
    assert rows(candidate, "meter_id") == [(n, "W") for n in range(1, 13)]


def test_keys_that_are_never_written_alike_are_refused(tmp_path):
    lines = [f'{{"{" " * (n % 40)}meter_id{" " * (n // 40)}": "W"}}' for n in range(1100)]
    assert read_bytes(tmp_path, "\n".join(lines[:1000]).encode(), LINES).records == 1000
    refusal = refused(tmp_path, "\n".join(lines).encode(), LINES)
    assert (refusal.kind, "(record 1001)" in str(refusal)) == ("unreadable", True)


def test_more_records_than_a_batch_holds_keep_their_numbers(tmp_path):
    lines = [f'{{"a": {n}, "b": 0}}' if n % 5 else "{" for n in range(1, 40_001)]
    candidate = read_bytes(tmp_path, "\n".join(lines).encode(), texts("a", "b"))
    assert rows(candidate, "a") == [(n, str(n)) for n in range(1, 40_001) if n % 5]
    assert len(candidate.malformed) == 8000


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        ("", "empty", "holds nothing"),
        (" \n ", "empty", "holds nothing"),
        ("W1,2\nW2,3\n", "unreadable", "not one record of it is a JSON object"),
        ("W1", "unreadable", "not one record of it is a JSON object"),
        ("[1, 2]", "unreadable", "not one record of it is a JSON object"),
        ('{\n"meter_id": 1\n}\n', "unreadable", "as one object a line"),
        (f"[{A}, {{", "unreadable", "the JSON array breaks in record 2"),
        (f"[{A}, 1]", "unreadable", "breaks in record 2"),
        (f"[{A}] x", "unreadable", "breaks in record 2"),
        ('{"meter_id": 1, "用水类": 2}', "unknown_column", "'用水类' (nearest declared: 用水量)"),
        ('{"meter_id": {"a": 1}}', "unknown_column", "of record 1 holds a nested value"),
        ('{"x": 1, "y": 2, "meter_id": 3}', "wrong_resource", "1 of its 3 columns"),
        ('{"read_on": "2026-03-01"}', "missing_column", "no record has 水表编号 (meter_id)"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused(content, kind, said, tmp_path):
    refusal = refused(tmp_path, content.encode(), LINES)
    assert refusal.kind == kind
    assert said in str(refusal)


def test_an_empty_array_is_a_delivery_without_records(tmp_path):
    candidate = read_bytes(tmp_path, b" [ ] ", ARRAY)
    assert (candidate.records, rows(candidate, "meter_id")) == (0, [])


def test_an_item_that_no_record_has_is_noted(tmp_path):
    candidate = read_bytes(tmp_path, A.encode(), LINES)
    assert candidate.notes == ("no record has 抄表日期 (read_on)",)


def strict(line: str) -> dict | None:
    """Return what Python's reader makes of a line, or None where we refuse more or it does."""

    def once(pairs):
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError
        return dict(pairs)

    try:
        found = json.loads(line, object_pairs_hook=once, parse_float=str, parse_int=str)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


VALUES = ["1", "-1.5e3", '"x"', "true", "null", '"\\u4e2d"', '"\\n"', "0.10", '"{"']
SIGNS = ["", "", "", "{", "}", '"', ":", ",", "1", "-", ".", "e", " ", "\\", "u", "0"]


def mutated(chance: random.Random) -> str:
    """Return a line of JSON in which one place was changed, or none."""
    members = [
        f'"{key}" :{chance.choice(VALUES)}' for key in chance.choice(["ab", "ba", "a", "aa"])
    ]
    line = "{" + ", ".join(members) + "}"
    at = chance.randrange(len(line))
    return line[:at] + chance.choice(SIGNS) + line[at + chance.randint(0, 1) :]


def cell_of(value: str | bool | None) -> str | None:
    """Return a value as a cell: blank is null."""
    text = "true" if value is True else value or ""
    return text if text.strip() else None


def test_lines_are_judged_as_python_judges_them(tmp_path):
    chance = random.Random(43697)
    lines = [mutated(chance) for _ in range(4000)]
    keys = [frozenset(strict(line) or "ab") for line in lines]
    lines = [line for line, keys in zip(lines, keys, strict=True) if keys <= {"a", "b"}]
    candidate = read_bytes(tmp_path, "\n".join(lines).encode(), texts("a", "b"))
    expected = [
        (n, *(cell_of(found.get(key)) for key in "ab"))
        for n, line in enumerate(lines, 1)
        if (found := strict(line)) is not None
    ]
    assert rows(candidate, "_cell_a", "_cell_b") == expected
    assert len(expected) > 500 < len(candidate.malformed)
