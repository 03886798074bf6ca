"""XML deliveries are read as a stream of records; nothing in them can grow or lead elsewhere."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from ingestion.documents.xml_records import ROWS
from tests.ingestion.entries import bad, entry, read_bytes, refused, rows

OF = entry(format="xml", record="row")
FIRST = (1, "W1", dt.date(2026, 3, 1), Decimal("1.50"))
NAMES = ("meter_id", "read_on", "usage_m3")


def document(*records: str, head: str = "") -> bytes:
    return f"{head}<data>{''.join(records)}</data>".encode()


def row(meter: str = "W1", day: str = "2026-03-01", usage: str = "1.5") -> str:
    return (
        f"<row><水表编号>{meter}</水表编号><read_on>{day}</read_on><用水量>{usage}</用水量></row>"
    )


def test_elements_are_items_by_title_or_name(tmp_path):
    candidate = read_bytes(tmp_path, document(row(), row("W2", "", " ")), OF)
    assert rows(candidate, *NAMES) == [FIRST, (2, "W2", None, None)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gbk", "gb18030"])
def test_the_entry_says_the_encoding_whatever_the_document_says(encoding, tmp_path):
    head = f'<?xml version="1.0" encoding="{encoding}"?>\n'
    content = document(row("水1"), head=head).decode().encode(encoding)
    of = entry(format="xml", record="row", encoding=encoding)
    assert rows(read_bytes(tmp_path, content, of), "meter_id") == [(1, "水1")]


def test_attributes_of_a_record_prefixes_and_character_data_are_read(tmp_path):
    record = '<n:row xmlns:n="urn:n" meter_id="W1"><n:read_on><![CDATA[2026-03-01]]></n:read_on>'
    record += "<n:用水量>1&#46;5</n:用水量></n:row>"
    assert rows(read_bytes(tmp_path, document(record), OF), *NAMES) == [FIRST]


def test_an_attribute_with_a_prefix_is_an_item_by_its_own_name(tmp_path):
    head = 'xmlns:n="urn:n" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    record = f'<row {head} n:meter_id="W1" n:抄表日期="2026-03-01" n:用水量="1.5" xsi:type="r"/>'
    assert rows(read_bytes(tmp_path, document(record), OF), *NAMES) == [FIRST]


def test_text_of_no_item_costs_its_record(tmp_path):
    strange = row("W2").replace("<read_on>", "见备注<read_on>")
    candidate = read_bytes(tmp_path, document(row(), strange, "\n", row("W3")), OF)
    assert [number for number, _ in rows(candidate, "meter_id")] == [1, 3]
    assert bad(candidate) == {2: ["ragged"]}
    assert "见备注" in candidate.malformed["_source"][0]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("wrong", [b"\xff", b"\xff\xff\xff", b"\x80W"])
@pytest.mark.parametrize("place", ["element", "attribute", "far"])
def test_bytes_that_cannot_be_decoded_cost_their_record(encoding, wrong, place, tmp_path):
    of = entry(format="xml", record="row", encoding=encoding)
    damaged = row("W@") if place != "attribute" else '<row meter_id="W@"/>'
    many = [row(f"W{n}") for n in range(2000 if place == "far" else 1)]
    content = document(*many, damaged, row("W3")).decode().encode(encoding).replace(b"@", wrong)
    candidate = read_bytes(tmp_path, content, of)
    assert bad(candidate) == {len(many) + 1: ["undecodable_bytes"]}
    assert "\ufffd" in candidate.malformed["_source"][0]


def test_a_document_that_ends_in_the_midst_of_a_sign_is_refused(tmp_path):
    content = document(row(), row("水"))
    refusal = refused(tmp_path, content[: content.rindex("水".encode()) + 1], OF)
    assert (refusal.kind, "breaks after record 1" in str(refusal)) == ("unreadable", True)


def test_what_lies_around_records_is_no_record(tmp_path):
    content = document("<head><made>today</made></head>", f"<list>{row()}</list>", "<!-- end -->")
    assert rows(read_bytes(tmp_path, content, OF), "meter_id") == [(1, "W1")]


def test_items_may_be_missing_unless_they_are_keys(tmp_path):
    candidate = read_bytes(tmp_path, document("<row><meter_id>W1</meter_id></row>"), OF)
    assert rows(candidate, *NAMES) == [(1, "W1", None, None)]
    refusal = refused(tmp_path, document("<row><read_on/></row>", "<row/>"), OF)
    assert (refusal.kind, "水表编号 (meter_id)" in str(refusal)) == ("missing_column", True)


def test_an_item_that_comes_twice_costs_its_record(tmp_path):
    twice = row().replace("<read_on>", "<read_on/><read_on>")
    candidate = read_bytes(tmp_path, document(row(), twice, row("W3")), OF)
    assert [number for number, _ in rows(candidate, "meter_id")] == [1, 3]
    assert bad(candidate) == {2: ["ragged"]}


def test_records_that_are_all_damaged_are_set_aside(tmp_path):
    candidate = read_bytes(tmp_path, document(row() + "x", "<row>x" + row()[5:]), OF)
    assert bad(candidate) == {2: ["ragged"]}
    assert bad(read_bytes(tmp_path, document("<row>x" + row()[5:]), OF)) == {1: ["ragged"]}


def test_records_are_numbered_over_batches(tmp_path):
    count = 2 * ROWS + 7
    content = document(*(f"<row><meter_id>W{n}</meter_id></row>" for n in range(count)))
    found = rows(read_bytes(tmp_path, content, OF), "meter_id")
    assert found == [(n + 1, f"W{n}") for n in range(count)]


LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
REFUSED = {
    "entities that grow": (document(row("&b;"), head=LAUGHS), "unreadable", "<!DOCTYPE>"),
    "entities that lead out": (document(row("&a;"), head=OUTSIDE), "unreadable", "<!DOCTYPE>"),
    "a document type outside": (
        document(row(), head='<!DOCTYPE d SYSTEM "http://127.0.0.1/d.dtd">'),
        "unreadable",
        "<!DOCTYPE>",
    ),
    "an entity of nobody": (document(row("&x;")), "unreadable", "undefined entity"),
    "a break": (document(row(), row())[:-9], "unreadable", "breaks after record 1"),
    "no xml": (b"a,b\n1,2\n", "unreadable", "breaks after record 0"),
    "nothing": (b"", "empty", "holds nothing"),
    "no records": (document("<line/>"), "wrong_resource", "has no element <row>"),
    "an unknown tag": (
        document(row().replace("</row>", "<备注/></row>")),
        "unknown_column",
        "备注",
    ),
    "another resource": (document("<row><a/><b/></row>"), "wrong_resource", "water_reading"),
    "elements in an item": (document(row("<b>W1</b>")), "unknown_column", "elements of its own"),
    "levels without end": (document("<a>" * 100), "unreadable", "more than 64 levels"),
    "a text without end": (document(row("x" * (3 << 20))), "line_too_long", "record 1"),
    "a tag without end": (b"<data><row " + b"x" * (3 << 20), "line_too_long", "record 1"),
    "columns without end": (
        document("<row>" + "".join(f"<c{n}/>" for n in range(10_000)) + "</row>"),
        "wrong_resource",
        "0 of its 1 columns",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_read_is_refused_in_one_line(what, tmp_path):
    content, kind, said = REFUSED[what]
    refusal = refused(tmp_path, content, OF)
    assert (refusal.kind, said in str(refusal)) == (kind, True), str(refusal)
    assert "\n" not in str(refusal)
