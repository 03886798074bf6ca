"""Packed deliveries are read like plain ones; what could do harm is refused in one clear line."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from ingestion.unpacking import FREE
from tests.ingestion.entries import HEADER, bad, entry, read_bytes, refused, rows

LINE = "W1,2026-03-01,1.5"
CSV = f"{HEADER}\n{LINE}\n".encode()


def zipped(
    members: dict[str, bytes] | list[tuple[zipfile.ZipInfo, bytes]],
    packing: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Return a zip archive of these members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as archive:
        for name, content in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, content)
    return target.getvalue()


def made(name: str, *, mode: int = 0, content: bytes = CSV) -> bytes:
    """Return an archive of one member, whose name and mode are written as given."""
    info = zipfile.ZipInfo("x" * len(name.encode()))
    info.external_attr = mode << 16
    return zipped([(info, content)]).replace(info.filename.encode(), name.encode())


def patched(content: bytes, record: bytes, at: int, value: int) -> bytes:
    """Return an archive with one byte of a record changed."""
    place = content.index(record) + at
    return content[:place] + bytes([value]) + content[place + 1 :]


def test_gzip_is_read_as_what_it_holds(tmp_path):
    candidate = read_bytes(tmp_path, gzip.compress(CSV))
    assert rows(candidate, "meter_id") == [(1, "W1")]
    assert candidate.notes == ("unpacked from gzip",)


def test_a_file_packed_in_several_pieces_of_gzip_is_one(tmp_path):
    content = gzip.compress(CSV) + gzip.compress(b"W2,,\n")
    assert rows(read_bytes(tmp_path, content), "meter_id") == [(1, "W1"), (2, "W2")]


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_members_are_read_in_the_order_of_their_names_and_numbered_through(packing, tmp_path):
    lines = {f"b/{n}.csv": f"{HEADER}\nW{n},,\nshort\n".encode() for n in (3, 1, 2)}
    candidate = read_bytes(tmp_path, zipped(lines, packing))
    assert rows(candidate, "meter_id") == [(1, "W1"), (3, "W2"), (5, "W3")]
    assert bad(candidate) == {2: ["ragged"], 4: ["ragged"], 6: ["ragged"]}
    assert candidate.records == 6
    assert candidate.notes == ("members, in this order: b/1.csv, b/2.csv, b/3.csv",)


def test_members_may_name_their_columns_in_orders_of_their_own(tmp_path):
    other = "用水量,抄表日期,表号\n2,2026-03-02,W2\n".encode()
    candidate = read_bytes(tmp_path, zipped({"1.csv": CSV, "2.csv": other}))
    assert [row[:2] for row in rows(candidate, "meter_id", "usage_m3")] == [(1, "W1"), (2, "W2")]


def test_members_that_are_not_the_entrys_are_left_out_and_named(tmp_path):
    members = {
        "readme.md": b"#",
        "__MACOSX/._water.csv": b"\0",
        ".hidden.csv": b"",
        "water_reading_20260301.data": CSV,
        "folder/": b"",
    }
    candidate = read_bytes(tmp_path, zipped(members), entry(pattern="water_reading_*"))
    assert rows(candidate, "meter_id") == [(1, "W1")]
    assert candidate.notes == (
        "members, in this order: water_reading_20260301.data",
        "members left out: .hidden.csv, __MACOSX/._water.csv, readme.md",
    )


def test_names_that_windows_wrote_in_gbk_are_read_as_meant(tmp_path):
    name = "抄表.csv".encode("gbk")
    content = zipped({"x" * (len(name) - 4) + ".csv": CSV})
    content = content.replace(b"x" * (len(name) - 4) + b".csv", name)
    assert read_bytes(tmp_path, content).notes == ("members, in this order: 抄表.csv",)


def test_a_workbook_is_no_archive_and_may_lie_in_one(tmp_path):
    import xlsxwriter

    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as made_book:
        sheet = made_book.add_worksheet()
        sheet.write_row(0, 0, HEADER.split(","))
        sheet.write_row(1, 0, LINE.split(","))
    of = entry(format="xlsx")
    plain = book.getvalue()
    for content in (plain, gzip.compress(plain), zipped({"a.xlsx": plain})):
        assert rows(read_bytes(tmp_path, content, of), "meter_id") == [(1, "W1")]


TRICKS = {
    "../water.csv": "leads out",
    "a/../../water.csv": "leads out",
    "/etc/water.csv": "absolute path",
    "C:/water.csv": "absolute path",
    "a\\..\\water.csv": "absolute path, or one of another system",
    "wa\x01ter.csv": "no proper name",
    "a//water.csv": "no proper name",
}


@pytest.mark.parametrize(("name", "said"), TRICKS.items())
def test_a_member_whose_path_leads_elsewhere_refuses_the_archive(name, said, tmp_path):
    refusal = refused(tmp_path, made(name))
    assert refusal.kind == "unsafe_archive"
    assert said in str(refusal)
    assert str(refusal).isprintable()


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_member_that_is_no_file_refuses_the_archive(kind, tmp_path):
    refusal = refused(tmp_path, made("water.csv", mode=kind | 0o777))
    assert (refusal.kind, "is a link or a device" in str(refusal)) == ("unsafe_archive", True)


def test_two_members_of_one_name_refuse_the_archive(tmp_path):
    twice = [(zipfile.ZipInfo(name), CSV) for name in ("a.csv", "b.csv")]
    assert "occurs twice" in str(refused(tmp_path, zipped(twice).replace(b"b.csv", b"a.csv")))


INNER = {
    "zip": zipped({"a.csv": CSV}),
    "gzip": gzip.compress(CSV),
    "7z": b"7z\xbc\xaf\x27\x1c\0\4" + b"\0" * 30,
    "tar": b"a.csv".ljust(257, b"\0") + b"ustar\x0000" + b"\0" * 300,
}


@pytest.mark.parametrize("kind", INNER)
def test_an_archive_in_an_archive_is_refused(kind, tmp_path):
    for content in (gzip.compress(INNER[kind]), zipped({"a.csv": CSV, "b.csv": INNER[kind]})):
        refusal = refused(tmp_path, content)
        assert refusal.kind == "unsafe_archive"
        assert "holds another archive (water_reading_20260301" in str(refusal)
        assert f": {kind})" in str(refusal)
    beside = refused(tmp_path, zipped({"a.csv": CSV, f"南明区/B.{kind.upper()}": INNER[kind]}))
    assert f"holds another archive (南明区/B.{kind.upper()})" in str(beside)


@pytest.mark.parametrize("kind", ["7z", "tar"])
def test_other_archives_are_refused_by_name(kind, tmp_path):
    refusal = refused(tmp_path, INNER[kind])
    assert refusal.kind == "unreadable"
    assert f"packed as {kind} — deliver it again, plain, or packed as gzip or zip" in str(refusal)


def test_a_text_that_begins_like_an_archive_is_text(tmp_path):
    content = f"BZh,{HEADER}\n,W1,,\n".encode()
    assert refused(tmp_path, content).kind == "unknown_column"


def lying(content: bytes, size: int) -> bytes:
    """Return an archive whose member says that it unpacks to so many bytes."""
    local, central = content.index(b"PK\x03\x04"), content.index(b"PK\x01\x02")
    said = struct.pack("<I", size)
    content = content[: local + 22] + said + content[local + 26 :]
    return content[: central + 24] + said + content[central + 28 :]


ZEROS = b"0" * (FREE + (1 << 20))
BOMBS = {
    "gzip": lambda: gzip.compress(ZEROS + ZEROS),
    "zip": lambda: zipped({"a.csv": ZEROS + ZEROS}),
    "many": lambda: zipped({f"{n}.csv": ZEROS for n in range(3)}),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_an_archive_that_explodes_is_refused_before_it_fills_the_disk(bomb, tmp_path):
    refusal = refused(tmp_path, BOMBS[bomb]())
    assert refusal.kind == "unsafe_archive"
    assert "unpacks to more than" in str(refusal)
    left = sum(path.stat().st_size for path in (tmp_path / "scratch").rglob("*"))
    assert left <= FREE + 200 * (1 << 18)


def test_a_member_that_lies_about_its_size_is_refused(tmp_path):
    refusal = refused(tmp_path, lying(zipped({"a.csv": ZEROS + ZEROS}), 100))
    assert refusal.kind in {"unreadable", "unsafe_archive"}


def test_a_list_of_members_without_end_is_not_read(tmp_path):
    content = zipped({"a.csv": CSV})
    at = content.rindex(b"PK\x05\x06")
    content = content[: at + 12] + struct.pack("<I", 1 << 30) + content[at + 16 :]
    assert "its list of members alone takes 1024 MiB" in str(refused(tmp_path, content))


def test_more_members_than_a_delivery_has_are_refused(tmp_path):
    content = zipped({f"{n}.csv": b"" for n in range(10_001)}, zipfile.ZIP_STORED)
    assert "has 10001 members, more than 10000" in str(refused(tmp_path, content))


def test_an_encrypted_member_is_refused(tmp_path):
    content = patched(zipped({"a.csv": CSV}), b"PK\x03\x04", 6, 1)
    refusal = refused(tmp_path, patched(content, b"PK\x01\x02", 8, 1))
    assert refusal.kind == "unreadable"
    assert "a.csv is encrypted — deliver it again, without a password" in str(refusal)


DAMAGED = {
    "gzip cut short": gzip.compress(CSV * 99)[:-20],
    "gzip with a tail": gzip.compress(CSV) + b"tail",
    "gzip overwritten": gzip.compress(CSV * 99)[:30] + b"\xff" * 40,
    "zip cut short": zipped({"a.csv": CSV * 99})[:-20],
    "zip overwritten": zipped({"a.csv": CSV}, zipfile.ZIP_STORED).replace(b"W1", b"W2"),
    "zip of another packing": patched(zipped({"a.csv": CSV}), b"PK\x01\x02", 10, 9),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_archive_is_refused_in_one_line(what, tmp_path):
    refusal = refused(tmp_path, DAMAGED[what])
    assert refusal.kind == "unreadable"
    assert str(refusal).isprintable()


@pytest.mark.parametrize("members", [{}, {"readme.md": b"#"}])
def test_an_archive_without_a_file_of_the_entry_is_refused(members, tmp_path):
    refusal = refused(tmp_path, zipped(members))
    assert refusal.kind == ("wrong_resource" if members else "unreadable")


def test_a_member_that_cannot_be_read_is_named(tmp_path):
    refusal = refused(tmp_path, zipped({"a.csv": CSV, "b.csv": "甲,乙\n1,2\n".encode()}))
    assert str(refusal).startswith("water_reading_20260301/b.csv: ")


def test_nothing_is_written_beside_the_scratch_folder(tmp_path):
    read_bytes(tmp_path, zipped({"deep/er/a.csv": CSV}))
    assert {path.name for path in Path(tmp_path).iterdir()} == {"delivered.csv", "scratch"}
