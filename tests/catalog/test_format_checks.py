"""Words that belong to one format of files are asked for there, and refused elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalog.load import load_catalog
from catalog.validate import problems
from tests.catalog.entries import GOOD, changed, write_entry

ORIGIN = "format: csv"
PLACES = iter(range(1, 1000, 10))
FIXED = re.sub(
    r"\{name: \w+,",
    lambda found: f"{found[0]} width: [{next(PLACES)}, 10],",
    changed(ORIGIN, "format: fixed"),
)


@pytest.mark.parametrize(
    ("text", "line", "field", "said"),
    [
        (changed(ORIGIN, 'format: tsv, delimiter: ";"'), 14, "origin.delimiter", "means tabs"),
        (changed(ORIGIN, "format: xml"), 14, "origin", "needs record"),
        (changed(ORIGIN, "format: csv, record: row"), 14, "origin.record", "only format: xml has"),
        (
            changed("length: 10", "length: 10, width: [1, 10]"),
            8,
            "items[leak_number].width",
            "only format: fixed has",
        ),
        (changed(ORIGIN, "format: fixed"), 8, "items[leak_number]", "needs width"),
        (changed("[1, 10]", "[0, 10]", FIXED), 8, "items[leak_number].width", "from 1"),
        (changed("[1, 10]", "[1, 0]", FIXED), 8, "items[leak_number].width", "from 1"),
        (
            changed("[11, 10]", "[10, 3]", FIXED),
            9,
            "items[division].width",
            "shares places with leak_number",
        ),
        (changed("[1, 10]", "[1]", FIXED), 8, "items[leak_number].width", ""),
    ],
)
def test_a_word_out_of_its_format_is_named(
    tmp_path: Path, *, text: str, line: int, field: str, said: str
) -> None:
    write_entry(tmp_path, text)
    found = problems(tmp_path / "entries")
    assert [
        each
        for each in found
        if said in each.message and each.line == line and each.field.startswith(field)
    ], found


@pytest.mark.parametrize(
    "text",
    [
        FIXED,
        changed(ORIGIN, "format: tsv"),
        changed(ORIGIN, "format: xls"),
        changed(ORIGIN, "format: xml, record: 行"),
    ],
)
def test_an_entry_of_every_format_is_good(tmp_path: Path, text: str) -> None:
    write_entry(tmp_path, text)
    assert problems(tmp_path / "entries") == ()


def test_tabs_go_without_saying(tmp_path: Path) -> None:
    write_entry(tmp_path, changed(ORIGIN, "format: tsv"))
    write_entry(
        tmp_path,
        changed("name: water_leak", "name: other", GOOD).replace("000001", "000002"),
        "other",
    )
    entries = load_catalog(tmp_path / "entries").entries
    assert [entries[name].origin.delimiter for name in ("water_leak", "other")] == ["\t", ","]
