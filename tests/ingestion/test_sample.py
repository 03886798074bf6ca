"""How a sample is written is found out: encoding, dialect, header, packing, records."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from ingestion.delivery import DeliveryRefused
from ingestion.sample.read import read_sample

ROWS = {"编号": ["A1", "A2", "A3"], "名称": ["甲,乙", "丙", None], "数": ["1", "2", "3"]}
PLAIN = '编号,名称,数\nA1,"甲,乙",1\nA2,丙,2\nA3,,3\n'
XML = (
    "<root><head><made>2026</made></head><rows>"
    '<row 编号="A1"><名称>甲,乙</名称><数>1</数></row>'
    '<row 编号="A2"><名称>丙</名称><数>2</数></row>'
    '<row 编号="A3"><数>3</数></row></rows></root>'
)


def sampled(path: Path, content: bytes):
    path.write_bytes(content)
    return read_sample(path, path.parent / "scratch")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a_202601.csv", PLAIN.encode(), {"format": "csv", "encoding": "utf-8"}),
        ("a_202601.csv", PLAIN.encode("gb18030"), {"encoding": "gb18030", "pattern": "a*.csv"}),
        ("a.csv", PLAIN.encode("utf-16"), {"encoding": "utf-16"}),
        ("a.csv", PLAIN.encode("utf-8-sig"), {"encoding": "utf-8"}),
        ("a.csv", ("某局数据\n填报人：某\n" + PLAIN).encode(), {"skip_rows": 2}),
        ("a.csv", ("某局数据\n\n" + PLAIN).encode(), {"skip_rows": 2}),
        (
            "a.txt",
            "编号;名称;数\nA1;'甲,乙';1\nA2;丙;2\nA3;;3\n".encode(),
            {"delimiter": ";", "quote": "'"},
        ),
        ("a.csv", "编号|名称|数\nA1|甲,乙|1\nA2|丙|2\nA3||3\n".encode(), {"delimiter": "|"}),
        ("a.tsv", "编号\t名称\t数\nA1\t甲,乙\t1\nA2\t丙\t2\nA3\t\t3\n".encode(), {"format": "tsv"}),
        ("a.csv.gz", gzip.compress(PLAIN.encode()), {"format": "csv", "pattern": "a*.csv.gz"}),
        ("a.xml", XML.encode(), {"format": "xml", "record": "row"}),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_a_text_is_read_as_it_is_written(tmp_path, name, content, words):
    found = sampled(tmp_path / name, content)
    assert found.frame.to_dict(as_series=False) == ROWS
    assert {word: getattr(found.origin, word) for word in words} == words


def test_the_first_member_that_can_be_read_is_the_sample(tmp_path):
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
        archive.writestr("about.pdf", b"%PDF")
        archive.writestr("rows.csv", PLAIN)
    found = read_sample(tmp_path / "packed.zip", tmp_path / "scratch")
    assert found.frame.to_dict(as_series=False) == ROWS


def test_a_workbook_is_read_below_its_title_and_under_merged_headers(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    sheet.write("A1", "某局年报")
    sheet.merge_range("A2:A3", "编号")
    sheet.merge_range("B2:C2", "数值")
    sheet.write_row("B3", ["指标值", "计量单位"])
    for row, values in enumerate((["A1", 1.5, "元"], ["A2", 2, "元"], ["A3", 3, "万元"])):
        sheet.write_row(3 + row, 0, values)
    book.close()
    found = read_sample(tmp_path / "a.xlsx", tmp_path / "scratch")
    assert found.frame.columns == ["编号", "指标值", "计量单位"]
    assert (found.origin.skip_rows, found.origin.header_rows) == (1, 2)
    assert found.frame.height == 3


def test_a_damaged_byte_does_not_hide_the_encoding(tmp_path):
    content = (PLAIN + "A4,丁,4\n" * 200).encode() + b"A5,\xff,5\n"
    assert sampled(tmp_path / "a.csv", content).origin.encoding == "utf-8"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF"),
        ("a.csv", b""),
        ("a.xlsx", b"PK\x03\x04broken"),
        ("a.xml", b"<!DOCTYPE x><x><y/></x>"),
        ("a.xml", b"<x>"),
        ("a.json", b"[1]"),
        ("a.zip", b"PK\x03\x04broken"),
        ("a.csv.gz", gzip.compress(b"0" * (64 << 20))),
    ],
)
def test_what_cannot_be_sampled_is_told_in_one_line(tmp_path, name, content):
    with pytest.raises(DeliveryRefused, match=name) as told:
        sampled(tmp_path / name, content)
    assert "\n" not in str(told.value)


def test_titles_that_stand_twice_stay_apart(tmp_path):
    found = sampled(tmp_path / "a.csv", "名,名,\n1,2,3\n".encode())
    assert found.frame.to_dict(as_series=False) == {"名": ["1"], "名#2": ["2"], "#3": ["3"]}
    assert isinstance(found.frame, pl.DataFrame)


TITLES = ("编号", "名称", "日期", "面积")


def laid_out(encoding: str, *, titled: bool) -> bytes:
    """Return forty parks, each item at its places."""
    parks = [
        (f"P{n:05}", f"{n}号公园", f"202603{n % 28 + 1:02}", f"{n * 7:>8}.50") for n in range(1, 41)
    ]
    sizes, wide = (8, 14, 9, 11), encoding == "gb18030"
    lines = [
        "".join(_padded(cell, places, wide=wide) for cell, places in zip(park, sizes, strict=True))
        for park in [TITLES] * titled + parks
    ]
    return ("\n".join(lines) + "\n").encode(encoding)


def _padded(text: str, places: int, *, wide: bool) -> str:
    taken = len(text.encode("gb18030")) if wide else len(text)
    return text + " " * (places - taken)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
@pytest.mark.parametrize("titled", [False, True])
def test_the_places_of_a_text_without_delimiters_are_found_out(tmp_path, encoding, titled):
    found = sampled(tmp_path / "park_202603.txt", laid_out(encoding, titled=titled))
    assert (found.origin.format, found.origin.encoding) == ("fixed", encoding)
    assert found.origin.skip_rows == (1 if titled else 0)
    assert len(found.frame) == 40
    assert found.frame.row(0) == ("P00001", "1号公园", "20260302", "7.50")
    assert list(found.widths.values()) == [(1, 8), (9, 14), (23, 8), (31, 12)]
    named = [f"第{n}列" for n in range(1, 5)]
    assert found.frame.columns == (list(TITLES) if titled else named)


def test_places_that_touch_are_told_by_letters_and_digits(tmp_path):
    lines = "".join(f"{'甲乙丙丁'[n % 4]:　<4}202603{n % 28 + 1:02}{n % 2}街\n" for n in range(40))
    found = sampled(tmp_path / "a.dat", lines.encode())
    assert next(iter(found.widths.values())) == (1, 4)
    assert found.frame.row(1)[0] == "乙"


def test_a_text_of_one_column_is_no_layout(tmp_path):
    found = sampled(tmp_path / "a.txt", b"name\nA1\nB22\nC333\n")
    assert found.origin.format == "csv"
