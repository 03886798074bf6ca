from __future__ import annotations

from pathlib import Path

import pytest

from catalog.load import load_catalog, survey
from catalog.problem import CatalogError
from tests.catalog.entries import GOOD, changed, write_entry


def test_a_folder_with_one_entry_uses_the_citys_vocabulary(tmp_path: Path) -> None:
    path = write_entry(tmp_path)
    catalog = load_catalog(tmp_path / "entries")
    assert list(catalog.entries) == ["water_leak"]
    assert catalog.path("water_leak") == path
    assert catalog.entry("water_leak").group == "guiyang_water"
    assert catalog.vocabulary.unit("guiyang_water").kind == "utility"


def test_entries_come_by_name_and_by_kind(tmp_path: Path) -> None:
    model = changed(
        'origin: {connector: files, format: csv, encoding: gb18030, pattern: "water_leak_*.csv"}',
        "origin: {model: base, database: geography}",
    )
    model = changed("name: water_leak", "name: a_leak", changed("314001009", "114001009", model))
    write_entry(tmp_path)
    write_entry(tmp_path, model, "a_leak")
    catalog = load_catalog(tmp_path / "entries")
    assert list(catalog.entries) == ["a_leak", "water_leak"]
    assert [entry.name for entry in catalog.sources()] == ["water_leak"]
    assert [entry.name for entry in catalog.models()] == ["a_leak"]


def test_a_catalog_cannot_be_changed(tmp_path: Path) -> None:
    write_entry(tmp_path)
    catalog = load_catalog(tmp_path / "entries")
    with pytest.raises(TypeError):
        catalog.entries["other"] = catalog.entry("water_leak")  # type: ignore[index]


def test_a_rule_may_be_named_by_the_vocabulary(tmp_path: Path) -> None:
    text = changed("{name: leak_number,", "{name: uscc,")
    text = changed("{ordered: {items: [found_on, mended_on]}}", "registered_enterprise", text)
    write_entry(tmp_path, text)
    other = changed("name: water_leak", "name: enterprise_registration", text)
    other = changed("    - registered_enterprise\n", "    - {uscc: {item: uscc}}\n", other)
    write_entry(tmp_path, changed("314001009", "314001008", other), "enterprise_registration")
    rules = load_catalog(tmp_path / "entries").entry("water_leak").quality.rules
    assert [rule.kind for rule in rules] == ["reference"]


def test_a_wrong_entry_stops_load_and_is_named_on_one_line(tmp_path: Path) -> None:
    path = write_entry(tmp_path, changed("cycle: daily", "cycle: dayly"))
    with pytest.raises(CatalogError) as refused:
        load_catalog(tmp_path / "entries")
    assert str(refused.value) == (
        f"{path}:15: update.cycle: 'dayly' is not allowed — did you mean 'daily'?"
    )


def test_a_survey_keeps_the_good_entries_beside_a_wrong_one(tmp_path: Path) -> None:
    write_entry(tmp_path)
    bad = changed(
        "name: water_leak", "name: bad_leak", changed("title: 漏损记录", "titel: 漏损记录")
    )
    path = write_entry(tmp_path, bad, "bad_leak")
    catalog, problems = survey(tmp_path / "entries")
    assert list(catalog.entries) == ["water_leak"]
    assert {problem.file for problem in problems} == {path}


def test_a_reference_to_a_wrong_entry_is_not_a_second_fault(tmp_path: Path) -> None:
    rule = "{reference: {items: [leak_number], to: bad_leak, at: [leak_number]}}"
    write_entry(tmp_path, changed("{ordered: {items: [found_on, mended_on]}}", rule))
    path = write_entry(tmp_path, "name: bad_leak\nitems: nothing\n", "bad_leak")
    catalog, problems = survey(tmp_path / "entries")
    assert list(catalog.entries) == ["water_leak"]
    assert {problem.file for problem in problems} == {path}


@pytest.mark.parametrize("folder", ["entries", "absent"])
def test_a_folder_without_entries_is_refused(tmp_path: Path, folder: str) -> None:
    (tmp_path / "entries").mkdir()
    with pytest.raises(CatalogError, match="holds no entry"):
        load_catalog(tmp_path / folder)


def test_a_byte_order_mark_and_crlf_do_no_harm(tmp_path: Path) -> None:
    path = write_entry(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_catalog(tmp_path / "entries").entry("water_leak").title == "漏损记录"
