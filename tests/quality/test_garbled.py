"""Texts that lost their meaning on the way are refused, whatever they came in."""

from __future__ import annotations

import io
import json
import unicodedata

import polars as pl
import pytest

from orchestration.flows.inbox import try_gate
from quality.garbled import is_sound
from tests.orchestration.town import NOW, town
from tests.quality.test_checks import one_item
from tests.quality.water import gate, reasons

STREET = """\
name: street
code: "307099001/000009"
title: 街道
unit: guiyang_water
abstract: 一条街道一行。
classification: {{level: 1, category: utility}}
items:
  - {{name: id, title: 编号, type: string, key: true, pattern: "S[0-9]{{3}}"}}
  - {{name: name, title: 名称, type: string}}
  - {{name: note, title: 备注, type: string}}
origin: {{connector: files, format: {format}, encoding: {encoding}}}
update: {{cycle: daily, mode: append}}
quality: {{max_quarantine: 100%}}
sharing: {{type: unconditional}}
opening: {{type: unconditional}}
"""
ROWS = [
    {"编号": "S001", "名称": "中华北路", "备注": "第一段（附3号）"},
    {"编号": "S002", "名称": "中华\ufffd路", "备注": None},
    {"编号": "S003", "名称": "中华南路", "备注": "锟斤拷锟斤拷"},
    {"编号": "S004", "名称": "è´µé\x98³路", "备注": "\ufffd"},
]
FOUND = {"garbled:name": 2, "garbled:note": 2}
# 锟斤拷 is written in GB18030 as U+FFFD is in UTF-8: no text of either, so the record is refused.
IN_GB = {"garbled:name": 2, "garbled:note": 1}


def delivered(form: str, encoding: str) -> bytes:
    """Write the rows as a file of a format."""
    table = pl.DataFrame(ROWS)
    if form == "csv":
        return table.write_csv().encode(encoding)
    if form == "json":
        return json.dumps(ROWS).encode()
    buffer = io.BytesIO()
    table.write_excel(buffer) if form == "xlsx" else table.write_parquet(buffer)
    return buffer.getvalue()


def sound(*texts: str | None) -> list[bool | None]:
    return pl.select(is_sound(pl.Series(texts, dtype=pl.String))).to_series().to_list()


def test_every_control_character_but_those_of_lines_is_garbled():
    every = [chr(point) for point in range(0x3000)]
    garbled = [sign for sign, good in zip(every, sound(*every), strict=True) if not good]
    control = [sign for sign in every if unicodedata.category(sign) == "Cc"]
    assert garbled == [sign for sign in control if sign not in "\t\n\r\x85"]


@pytest.mark.parametrize("text", ["贵阳\ufffd", "路锟斤拷1号", "è´µé\x98³", "a\x00b"])
def test_what_a_failed_decoding_left_is_refused_with_that_reason_only(text, tmp_path):
    assert sound(text) == [False]
    _, split = gate(one_item(type="string"), [("1", text)], tmp_path)
    assert reasons(split) == {1: ["garbled:x"]}


@pytest.mark.parametrize(
    "text", ["锟", "斤拷", "（附3号）", "𠮷", "￥1·5 °", "第一行\n第二行\t3", None]
)
def test_any_other_text_is_sound(text, tmp_path):
    assert sound(text) == [None if text is None else True]
    _, split = gate(one_item(type="string"), [("1", text)], tmp_path)
    assert split.accepted_rows == 1


@pytest.mark.parametrize(
    ("form", "encoding", "found"),
    [
        ("csv", "utf-8", FOUND),
        ("csv", "gb18030", IN_GB),
        ("json", "utf-8", FOUND),
        ("parquet", "utf-8", FOUND),
        ("xlsx", "utf-8", FOUND),
    ],
)
def test_a_garbled_text_is_found_in_every_format(form, encoding, found, tmp_path):
    city = town(tmp_path, STREET.format(format=form, encoding=encoding))
    file = tmp_path / f"street_20260301.{form}"
    file.write_bytes(delivered(form, encoding))
    verdict = try_gate(city, file, "street", now=NOW)
    assert {one.rule: one.failed for one in verdict.rules if one.failed} == found
    assert (verdict.rows, verdict.quarantined) == (4, 3)


def test_a_format_that_names_every_sign_asks_no_more(tmp_path):
    city = town(tmp_path, STREET.format(format="csv", encoding="utf-8"))
    file = tmp_path / "street_20260301.csv"
    file.write_text("编号,名称,备注\nS\ufffd01,中华路,\n")
    verdict = try_gate(city, file, "street", now=NOW)
    assert [one.rule for one in verdict.rules if one.failed] == ["pattern:id"]
    assert "garbled:id" not in {one.rule for one in verdict.rules}
