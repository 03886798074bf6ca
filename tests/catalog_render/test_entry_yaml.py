from pathlib import Path

import pytest
import yaml

from catalog.entry import Entry
from catalog.load import ENTRIES, load_catalog
from catalog.render.entry_yaml import entry_yaml
from tests.catalog_render.entries import READING, entry


@pytest.mark.parametrize("name", [path.stem for path in sorted(ENTRIES.rglob("*.yaml"))])
def test_an_entry_written_and_read_again_is_the_same(name, city):
    again = Entry.model_validate(yaml.safe_load(entry_yaml(city.entry(name))))
    assert again == city.entry(name)


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "no",
        "null",
        "012",
        "1e5",
        "a: b",
        "# 号",
        "- x",
        "{x}",
        "a, b",
        "'",
        '"',
        "",
        " x",
        "@",
        "*",
        "%",
        "x:",
    ],
)
def test_text_that_yaml_would_read_otherwise_is_quoted(text):
    odd = entry(READING, retention=None, published=text, abstract=text or "x")
    assert Entry.model_validate(yaml.safe_load(entry_yaml(odd))) == odd


def test_one_item_stands_on_one_line():
    lines = entry_yaml(entry(READING)).splitlines()
    assert "  - {name: read_on, title: 抄表日期, type: date, key: true}" in lines


@pytest.fixture(scope="module")
def city():
    return load_catalog(Path(ENTRIES))
