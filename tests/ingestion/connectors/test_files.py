import os

import pytest

from ingestion.connectors.files import Found, pending, settled, stamp


def listed(inbox):
    return [(found.resource, found.path.name, found.kind) for found in pending(inbox)]


def put(inbox, *names: str) -> None:
    for name in names:
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def test_an_inbox_that_is_not_there_holds_nothing(tmp_path):
    assert pending(tmp_path / "inbox") == ()


def test_files_are_found_under_their_resource_and_strays_under_none(tmp_path):
    put(tmp_path, "b/2.csv", "b/1.csv", "a/1.csv", "stray.csv")
    assert listed(tmp_path) == [
        ("", "stray.csv", "file"),
        ("a", "1.csv", "file"),
        ("b", "1.csv", "file"),
        ("b", "2.csv", "file"),
    ]
    assert pending(tmp_path)[0] == Found("", tmp_path / "stray.csv", "file")


@pytest.mark.parametrize(
    "name", ["a.csv.part", "a.tmp", "a.filepart", "a.CRDOWNLOAD", ".a.csv", "~$a.xlsx"]
)
def test_a_file_on_its_way_is_left_alone(name, tmp_path):
    put(tmp_path, f"a/{name}", name)
    assert listed(tmp_path) == []


def test_a_delivery_comes_before_what_corrects_or_withdraws_it(tmp_path):
    names = ["a_1.csv", "a_1.correction1.csv", "a_1.correction2.csv", "a_1.withdrawal", "a_2.csv"]
    put(tmp_path, *(f"a/{name}" for name in reversed(names)))
    assert [found.path.name for found in pending(tmp_path)] == names


def test_what_is_no_file_is_told(tmp_path):
    put(tmp_path, "a/inside/1.csv", "a/1.csv")
    (tmp_path / "a" / "link.csv").symlink_to(tmp_path / "a" / "1.csv")
    (tmp_path / "a" / "nowhere.csv").symlink_to(tmp_path / "gone")
    (tmp_path / "linked").symlink_to(tmp_path / "a")
    os.mkfifo(tmp_path / "a" / "pipe.csv")
    assert {name: kind for _, name, kind in listed(tmp_path)} == {
        "linked": "link", "1.csv": "file", "inside": "directory", "link.csv": "link",
        "nowhere.csv": "link", "pipe.csv": "other",
    }  # fmt: skip


def test_a_file_that_grows_is_not_settled(tmp_path):
    put(tmp_path, "a.csv")
    before = stamp(tmp_path / "a.csv")
    assert settled(tmp_path / "a.csv", before)
    (tmp_path / "a.csv").write_bytes(b"xx")
    assert not settled(tmp_path / "a.csv", before)


def test_a_file_rewritten_in_the_same_size_is_not_settled(tmp_path):
    put(tmp_path, "a.csv")
    before = stamp(tmp_path / "a.csv")
    os.utime(tmp_path / "a.csv", ns=(0, 1))
    assert not settled(tmp_path / "a.csv", before)


def test_a_file_that_went_away_is_not_settled(tmp_path):
    put(tmp_path, "a.csv")
    before = stamp(tmp_path / "a.csv")
    (tmp_path / "a.csv").unlink()
    assert not settled(tmp_path / "a.csv", before)
