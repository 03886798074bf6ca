import codecs

import pytest

from ingestion import encodings, transcoding
from ingestion.delivery import DeliveryRefused
from ingestion.transcoding import skip_undecodable, transcode
from tests.ingestion.entries import HEADER, bad, entry, read_bytes, refused, rows

TEXT = f"{HEADER}\nW𠮷㐂é,2026-03-01,1.5\n"
NAMED = "meter_id,read_on,usage_m3\n"
MANY = NAMED + "贵阳市观山湖区长岭北路,2026-03-01,1.5\n" * 50


@pytest.mark.parametrize("declared", ["utf-8", "UTF_8", "gb18030", "gbk", "gb2312", "utf-16"])
def test_rare_characters_survive_every_declared_encoding(declared, tmp_path):
    sent = {"gbk": "gb18030", "gb2312": "gb18030"}.get(declared, declared)
    candidate = read_bytes(tmp_path, TEXT.encode(sent), entry(encoding=declared))
    assert rows(candidate, "meter_id") == [(1, "W𠮷㐂é")]


@pytest.mark.parametrize(
    ("declared", "content"),
    [
        ("utf-8", codecs.BOM_UTF8 + TEXT.encode()),
        ("utf-16-le", codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le")),
        ("utf-16", codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be")),
        ("gb18030", TEXT.encode("gb18030")),
    ],
)
def test_a_mark_of_the_declared_encoding_is_no_fault(declared, content, tmp_path):
    assert rows(read_bytes(tmp_path, content, entry(encoding=declared)), "usage_m3") != []


@pytest.mark.parametrize("declared", ["utf-8", "gb18030", "utf-16-le"])
def test_undecodable_bytes_cost_only_their_row(declared, tmp_path):
    lines = [f"贵阳{n},2026-03-0{n},{n}".encode(declared) for n in range(1, 6)]
    damage = {"utf-8": b"\xe8", "gb18030": b"\x81", "utf-16-le": b"\x00\xd8"}[declared]
    end = "\n".encode(declared)
    lines[2] = damage + ",2026-03-03,3".encode(declared)
    content = HEADER.encode(declared) + end + end.join(lines) + end
    candidate = read_bytes(tmp_path, content, entry(encoding=declared))
    assert bad(candidate) == {3: ["undecodable_bytes"]}
    assert [row for row, _ in rows(candidate, "meter_id")] == [1, 2, 4, 5]
    assert candidate.malformed["_source"].to_list() == ["�,2026-03-03,3"]


@pytest.mark.parametrize(
    ("declared", "content", "said"),
    [
        ("utf-8", TEXT.encode("gb18030"), "looks like GB18030"),
        ("utf-8", TEXT.encode("utf-16"), "looks like UTF-16"),
        ("utf-8", TEXT.encode("utf-16-be"), "looks like UTF-16-BE"),
        ("gb18030", TEXT.encode(), "looks like UTF-8"),
        ("gb18030", codecs.BOM_UTF8 + TEXT.encode(), "looks like UTF-8"),
        ("gb18030", TEXT.encode("utf-16"), "looks like UTF-16"),
        ("gb18030", TEXT.encode("utf-16-le"), "looks like UTF-16-LE"),
        ("utf-16", TEXT.encode(), "looks like UTF-8"),
        ("utf-16", TEXT.encode("gb18030"), "looks like GB18030"),
        ("gb18030", MANY.encode(), "looks like UTF-8"),
        ("utf-8", MANY.encode("gbk"), "looks like GB18030"),
    ],
)  # fmt: skip
def test_a_file_in_another_encoding_is_refused_with_what_it_looks_like(
    declared, content, said, tmp_path
):
    refusal = refused(tmp_path, content, entry(encoding=declared))
    assert refusal.kind == "wrong_encoding"
    assert said in str(refusal)
    assert f"read as {declared}" in str(refusal)


def test_a_file_most_of_whose_records_cannot_be_decoded_is_refused(tmp_path):
    content = f"{HEADER}\n".encode() + b"\xff\xfe\xfd,2026-03-01,1\n" * 30
    assert "30 of 30 records cannot be decoded" in str(refused(tmp_path, content))


def test_an_encoding_that_nobody_knows_is_the_entrys_fault(tmp_path):
    refusal = refused(tmp_path, TEXT.encode(), entry(encoding="klingon"))
    assert refusal.kind == "unreadable"
    assert "origin.encoding klingon" in str(refusal)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_transcoding_does_not_depend_on_where_chunks_end(size, tmp_path, monkeypatch):
    monkeypatch.setattr(transcoding, "CHUNK", size)
    text = "贵𠮷a,㐂\n" * 5
    content = text.encode("gb18030")
    (tmp_path / "in").write_bytes(content[:9] + b"\x81,\xff" + content[9:] + b"\x90")
    transcode(tmp_path / "in", tmp_path / "out", "gb18030")
    whole = (content[:9] + b"\x81,\xff" + content[9:] + b"\x90").decode(
        "gb18030", "surrogateescape"
    )
    expected = "".join("\ufffd" if 0xDC80 <= ord(c) < 0xDD00 else c for c in whole)
    assert (tmp_path / "out").read_bytes().decode("utf-8", "replace") == expected


def test_the_error_of_an_encoder_is_not_swallowed():
    with pytest.raises(UnicodeEncodeError):
        skip_undecodable(UnicodeEncodeError("utf-8", "a", 0, 1, "no"))


def test_a_refusal_is_a_delivery_refused():
    assert isinstance(encodings.refusal(entry(), "a.csv", "looks odd"), DeliveryRefused)
