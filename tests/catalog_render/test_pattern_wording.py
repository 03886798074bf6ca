"""Patterns are told in words where they are plain, and not at all where words would lie."""

from __future__ import annotations

import pytest

from catalog.load import load_catalog
from catalog.render.pattern_wording import pattern_words


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"^W\d{10}$", "W 后接 10 位数字"),
        (r"^\d{6}(\d{3})?$", "6 位数字，可再接 3 位数字"),
        (r"^5201\d{8}$", "5201 后接 8 位数字"),
        (r"^\d{4}Q[1-4]$", "4 位数字 后接 Q 后接 1 位 1 至 4 的数字"),
        (r"^[A-Z]{2}\-[a-z]\d{2,4}$", "2 位大写字母 后接 - 后接 1 位小写字母 后接 2 至 4 位数字"),
        ("^P[0-9]+$", "P 后接 数字"),
        (r"^(a|b)\d$", None),
        (r"^\w+$", None),
        (r"^AB?\d$", None),
        (r"^.*$", None),
        ("", None),
    ],
)
def test_a_pattern_is_told_in_words(pattern, words):
    assert pattern_words(pattern) == words


def test_every_pattern_of_the_shipped_catalog_can_be_told():
    patterns = {i.pattern for e in load_catalog().entries.values() for i in e.items if i.pattern}
    assert [pattern for pattern in patterns if pattern_words(pattern) is None] == []
