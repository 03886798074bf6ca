"""Names say what a thing is (style 7, 10, 27)."""

import pytest

from tests.house.project import ROOMS, ROOT, functions, python_files

DRAWERS = {"util", "helper", "common", "misc", "base", "manager"}
WORDS = 4  # test_ and a sentence of three


def test_no_module_is_a_drawer():
    files = python_files(*ROOMS, "tests")
    found = [
        path for path in files if {p.rstrip("s") for p in (*path.parts[:-1], path.stem)} & DRAWERS
    ]
    assert found == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_tests_of_its_own(room):
    assert list((ROOT / "tests" / room).rglob("test_*.py"))


def test_every_test_is_named_by_a_sentence():
    found = [
        f"{path}:{function.lineno}: {function.name}"
        for path in python_files("tests")
        for function in functions(path)
        if function.name.startswith("test_") and len(function.name.split("_")) < WORDS
    ]
    assert found == []
