from __future__ import annotations

from pathlib import Path

import pytest

from catalog.document import MAX_BYTES, DocumentError, lines, parse, read_text


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("06:00", "06:00"),
        ("0123", "0123"),
        ("2026-03-01", "2026-03-01"),
        ("true", True),
        ("null", None),
        ("", None),
        ("12", 12),
        ("-0.5", -0.5),
        ("'12'", "12"),
        ("１２", "１２"),
    ],
)
def test_plain_words_have_jsons_notion_of_types(written: str, value: object) -> None:
    assert parse(f"a: {written}") == {"a": value}


def test_keys_are_always_text() -> None:
    assert parse("{1: one, true: two}") == {"1": "one", "true": "two"}


def test_an_empty_text_is_no_document() -> None:
    assert parse("# only a comment\n") is None


def test_flow_and_block_style_nest() -> None:
    assert parse("a:\n  - {b: [1, {c: d}]}\n  - e\n") == {"a": [{"b": [1, {"c": "d"}]}, "e"]}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: [1, 2\n", 3, "is not YAML"),
        ("a: 1\n\tb: 2\n", 2, "is not YAML"),
        ("a: 1\nb: 2\na: 3\n", 3, "'a' is written twice"),
        ("a: &x 1\nb: *x\n", 1, "anchors"),
        ("a: 1\nb: !!python/name:os.system x\n", 2, "tags"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: 1\n? [b]\n: 2\n", 2, "where a word must"),
        ("a: 1\nb: " + "[" * 30 + "]" * 30, 2, "nested more than"),
        ("a: 1\nb: " + "[" * 5000, 2, "is n"),
        ("a: \x00", 1, "is not YAML"),
    ],
)
def test_what_is_no_plain_document_is_refused_with_its_line(
    text: str, line: int, said: str
) -> None:
    with pytest.raises(DocumentError, match=said) as refused:
        parse(text)
    assert refused.value.line == line


def test_a_file_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "entry.yaml"
    path.write_bytes("name: a\ntitle: 漏损".encode("gb18030"))
    with pytest.raises(DocumentError, match="UTF-8") as refused:
        read_text(path)
    assert refused.value.line == 2


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "entry.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: a\n")
    assert parse(read_text(path)) == {"name": "a"}


def test_a_file_too_large_for_an_entry_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "entry.yaml"
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(DocumentError, match="larger"):
        read_text(path)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read"):
        read_text(tmp_path / "absent.yaml")


def test_every_value_has_its_line() -> None:
    marks = lines("a: 1\nb:\n  - c: 2\n    d: {e: 3}\n  - f\n")
    assert marks["b", 0, "d", "e"] == 4
    assert marks["b", 1] == 5
