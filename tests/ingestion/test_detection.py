"""A file says by its bytes in which encoding it is, and lines of another one cost themselves."""

import codecs
import random

import pytest

from ingestion import transcoding
from tests.ingestion.entries import HEADER, bad, entry, read_bytes, refused, rows

LINES = [f"贵阳市观山湖区{n}号,2026-03-0{n},{n}" for n in range(1, 6)]
TEXT = "\n".join((HEADER, *LINES)) + "\n"
NAMED = "meter_id,read_on,usage_m3\n"
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
    "余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯"
    "龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤骞"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲红建华国庆志海燕春梅玉萍雪"
    "琳鑫宇浩然子轩梓涵欣怡诗婷思源嘉俊熙一诺晨曦喆堃镕淼焱垚玥昱骞磋姘"
)
PLACES = (
    "贵阳市南明区云岩花溪乌当白修文息烽开县清镇遵义红花岗汇川安顺毕节铜仁黔东西布依族"
    "苗自治州路街道巷号栋单元楼村组镇乡小一二三四五六七八九十中华北解放新都宝山瑞金观"
    "水长岭甲秀筑鲁茅露茶"
)


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (TEXT.encode(), ()),
        (codecs.BOM_UTF8 + TEXT.encode(), ("byte order mark before the header",)),
        (TEXT.encode("utf-16"), ("read as UTF-16: the entry says no encoding",)),
        (TEXT.encode("utf-16-le"), ("read as UTF-16-LE: the entry says no encoding",)),
        (TEXT.encode("utf-16-be"), ("read as UTF-16-BE: the entry says no encoding",)),
        (TEXT.encode("gbk"), ("read as GB18030: the entry says no encoding",)),
        (
            TEXT.replace(HEADER, NAMED[:-1]).encode("gb18030"),
            ("read as GB18030: the entry says no encoding",),
        ),
        (TEXT.replace(HEADER, NAMED[:-1]).encode(), ()),
    ],
)
def test_an_entry_without_encoding_takes_what_the_bytes_say_and_notes_it(content, note, tmp_path):
    candidate = read_bytes(tmp_path, content)
    assert [name for _, name in rows(candidate, "meter_id")] == [li.split(",")[0] for li in LINES]
    assert [n for n in candidate.notes if "header '" not in n] == list(note)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16-le"])
def test_what_says_its_encoding_late_is_read_on_until_it_does(form, codec, tmp_path):
    early = "W,2026-03-01,1\n" if form == "csv" else '{"meter_id": "W"}\n'
    late = "贵阳水表,," if form == "csv" else '{"meter_id": "贵阳水表"}'
    text = (NAMED if form == "csv" else "") + early * 30_000 + late + "\n"
    of = entry(format=form, drift={"missing": "accept"})
    assert rows(read_bytes(tmp_path, text.encode(codec), of), "meter_id")[-1] == (
        30_001,
        "贵阳水表",
    )


def test_utf_16_of_few_ascii_signs_is_seen_without_a_mark(tmp_path):
    text = f"{HEADER}\n" + f"{'贵阳市观山湖区长岭北路' * 9},,\n" * 5
    candidate = read_bytes(tmp_path, text.encode("utf-16-be"))
    assert candidate.notes == ("read as UTF-16-BE: the entry says no encoding",)


@pytest.mark.parametrize("declared", [{}, {"encoding": "utf-8"}])
def test_a_damaged_row_makes_no_other_encoding_of_a_file(declared, tmp_path):
    content = TEXT.encode().replace("3号".encode(), b"\xe8,")
    candidate = read_bytes(
        tmp_path, content.replace(b",,2026-03-03", b",2026-03-03"), entry(**declared)
    )
    assert bad(candidate) == {3: ["undecodable_bytes"]}


@pytest.mark.parametrize("names", ["贵阳市南明区", "水表", "用水量", "抄表,贵阳"])
@pytest.mark.parametrize("declared", [{}, {"encoding": "gb18030"}])
def test_rows_of_utf_8_in_a_gb_file_cost_themselves_and_stay_legible(names, declared, tmp_path):
    lines = [line.encode("gb18030") for line in LINES]
    lines[1] = f"{names},2026-03-02,2".encode()
    lines[3] = f'"{names}贵阳",2026-03-02,2'.encode()
    content = b"\r\n".join((HEADER.encode("gb18030"), *lines))
    candidate = read_bytes(tmp_path, content, entry(**declared))
    assert sorted(bad(candidate)) == [2, 4]
    assert all("undecodable_bytes" in rules for rules in bad(candidate).values())
    shown = [source.replace("�", "") for source in candidate.malformed["_source"]]
    assert shown == [lines[1].decode(), lines[3].decode()]


def test_a_cell_of_utf_8_beside_cells_of_gb_costs_its_row(tmp_path):
    mixed = "花溪".encode("gb18030") + b" " + "观山湖区".encode() + b",2026-03-01,1\n"
    content = TEXT.encode("gb18030") + mixed
    assert bad(read_bytes(tmp_path, content)) == {6: ["undecodable_bytes"]}


def test_what_may_be_either_is_not_believed_beside_rows_of_utf_8(tmp_path):
    either = next(
        w.encode()
        for w in ("涛涛", "治治")
        if "\ufffd" not in w.encode().decode("gb2312", "replace")
    )
    gb = TEXT.encode("gb18030")
    assert bad(read_bytes(tmp_path, gb + either + b",2026-03-01,1\n")) == {}
    sure = "贵阳市南明区,2026-03-01,1\n".encode()
    candidate = read_bytes(tmp_path, gb + either + b",2026-03-01,1\n" + sure)
    assert bad(candidate) == {6: ["undecodable_bytes"], 7: ["undecodable_bytes"]}


@pytest.mark.parametrize("name", ["水表", "贵阳市", "南明"])
def test_a_file_that_is_utf_8_throughout_is_no_gb_file_however_little_it_says(name, tmp_path):
    content = NAMED.encode() + b"W,,\n" * 1000 + f"{name},,\n".encode()
    refusal = refused(tmp_path, content, entry(encoding="gbk"))
    assert (refusal.kind, "looks like UTF-8" in str(refusal)) == ("wrong_encoding", True)


@pytest.mark.parametrize("size", [64, 97, 256, 1 << 20])
def test_rows_of_utf_8_are_found_wherever_chunks_end(size, tmp_path, monkeypatch):
    monkeypatch.setattr(transcoding, "CHUNK", size)
    lines = [line.encode("utf-8" if n % 3 == 1 else "gb18030") for n, line in enumerate(LINES * 20)]
    content = b"\n".join((HEADER.encode("gb18030"), *lines))
    candidate = read_bytes(tmp_path, content)
    assert sorted(bad(candidate)) == [n + 1 for n in range(100) if n % 3 == 1]


def test_no_row_of_names_and_addresses_in_gb_is_taken_for_utf_8(tmp_path):
    draw = random.Random(4)
    words = [
        draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=draw.randint(1, 2)))
        for _ in range(40_000)
    ]
    words += ["".join(draw.choices(PLACES, k=draw.randint(3, 20))) for _ in range(20_000)]
    text = NAMED + "".join(f"{word},2026-03-01,1\n" for word in words)
    candidate = read_bytes(tmp_path, text.encode("gb18030"))
    assert bad(candidate) == {}
    assert [name for _, name in rows(candidate, "meter_id")] == words


def one_line(records: list[bytes]) -> bytes:
    return b"[" + b", ".join(records) + b"]"


@pytest.mark.parametrize("size", [64, 97, 256, 1 << 20])
def test_values_of_utf_8_are_found_in_a_document_of_one_line(size, tmp_path, monkeypatch):
    monkeypatch.setattr(transcoding, "CHUNK", size)
    told = '{{"水表编号": "{0}号花溪区", "抄表日期": "2026-03-01", "用水量": {0}}}'
    records = [told.format(n).encode("gb18030") for n in range(60)]
    for n in (7, 41):
        name, rest = records[n].split(b": ", 1)
        records[n] = name + b": " + rest.decode("gb18030").replace("花溪", "观山湖").encode()
    candidate = read_bytes(tmp_path, one_line(records), entry(format="json", encoding="gb18030"))
    assert bad(candidate) == {8: ["undecodable_bytes"], 42: ["undecodable_bytes"]}
    assert candidate.records == 60


@pytest.mark.parametrize("size", [64, 1 << 20])
def test_a_long_line_of_gb_alone_is_read_as_it_is(size, tmp_path, monkeypatch):
    monkeypatch.setattr(transcoding, "CHUNK", size)
    told = '{{"水表编号": "{}", "抄表日期": "2026-03-01", "用水量": 1}}'
    names = [f"{a}{b}{n}" for n, (a, b) in enumerate(zip(PLACES, GIVEN, strict=False))]
    content = one_line([told.format(name).encode("gb18030") for name in names])
    candidate = read_bytes(tmp_path, content, entry(format="json", encoding="gb18030"))
    assert [row[1] for row in rows(candidate, "meter_id")] == names


@pytest.mark.parametrize("text", [b"a" * 300, "贵阳".encode("gb18030") * 200 + b",x\n" + b"b" * 99])
def test_a_line_without_parts_is_decoded_in_pieces(text, tmp_path, monkeypatch):
    monkeypatch.setattr(transcoding, "CHUNK", 64)
    path, target = tmp_path / "long", tmp_path / "out"
    path.write_bytes(text)
    transcoding.transcode(path, target, "gb18030")
    assert target.read_bytes() == text.decode("gb18030").encode()
