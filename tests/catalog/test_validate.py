# ruff: noqa: E501 - a table of cases reads better with one case a line
from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from catalog.history import names_since
from catalog.load import load_catalog
from catalog.problem import CatalogError
from catalog.retirement import Retired
from catalog.validate import ended, problems, removed
from tests.catalog.entries import GOOD, changed, write_entry

ORDERED = "{ordered: {items: [found_on, mended_on]}}"
REFERENCE = "{{reference: {{items: [division], to: {to}, at: [{at}]}}}}"


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "said"),
    [
        # shapes and words
        ("title: 漏损记录", "titel: 漏损记录", 3, "titel", "unknown word 'titel' — did you mean 'title'?"),
        ("title: 漏损记录\n", "", 1, "title", "is missing — add `title: …`"),
        ("title: 漏损记录", "title: 12", 3, "title", "12 is not text — put it in quotes"),
        ("title: 漏损编号, ", "", 8, "items[leak_number].title", "is missing"),
        ("title: 漏损编号", "titlle: 漏损编号", 8, "items[leak_number].titlle", "did you mean 'title'?"),
        ("type: code, values", "type: cod, values", 10, "items[kind].type", "did you mean 'code'?"),
        ("values: [pipe, valve]", "unit: 个", 10, "items[kind]", "a code needs codes"),
        ("values: [pipe, valve]", "values: [1, valve]", 10, "items[kind].values[1]", "in quotes"),
        ("precision: [10, 2], ", "", 13, "items[loss_m3]", "a decimal needs precision"),
        ("length: 10", "length: -1", 8, "items[leak_number].length", "greater than 0"),
        ("length: 10", 'pattern: "["', 8, "items[leak_number].pattern", "does not compile"),
        ("encoding: gb18030", "encodng: gb18030", 14, "origin.encodng", "did you mean 'encoding'?"),
        ("connector: files, ", "", 14, "origin", "either connector"),
        ('due: "06:00"', 'due: "25:00"', 15, "update.due", "not '25:00'"),
        ("level: 1", "level: 7", 6, "classification.level", "7 is not allowed"),
        ("max_quarantine: 1%", "max_quarantine: 200%", 17, "quality.max_quarantine", "less than"),
        ("sharing: {type: unconditional}", "sharing: {type: none}", 20, "sharing", "legal_basis"),
        ("opening: {type: unconditional}", "opening: {type: conditional}", 21, "opening", "condition"),
        ('code: "314001009/000001"', 'code: "9/1"', 2, "code", "match pattern"),
        ("quality:\n", "qualty:\n", 16, "qualty", "did you mean 'quality'?"),
        # rules
        ("ordered", "orderd", 19, "quality.rules[1].orderd", "did you mean 'ordered'?"),
        (ORDERED, "known_adress", 19, "quality.rules[1]", "did you mean 'known_address'?"),
        (ORDERED, "[found_on]", 19, "quality.rules[1]", "is not a rule"),
        (ORDERED, "{ordered: found_on}", 19, "quality.rules[1].ordered", "needs arguments"),
        (ORDERED, "{sum: {item: loss_m3}}", 19, "quality.rules[1].sum.of", "is missing"),
        (ORDERED, "{uscc: {itm: division}}", 19, "quality.rules[1].uscc.itm", "did you mean 'item'?"),
        ("mended_on]}}", "mendet_on]}}", 19, "quality.rules[1]", "did you mean 'mended_on'?"),
        (ORDERED, "{ordered: {items: [found_on, kind]}}", 19, "quality.rules[1]", "different types"),
        (ORDERED, "{sum: {item: loss_m3, of: [kind, loss_m3]}}", 19, "quality.rules[1]", "cannot read"),
        (ORDERED, "{identity: {citizen_id: leak_number, birth_date: kind}}", 19, "quality.rules[1]", "cannot read kind"),
        (ORDERED, "{monotonic: {item: kind, by: [division], order: found_on}}", 19, "quality.rules[1]", "cannot read kind"),
        (ORDERED, "{difference: {item: loss_m3, of: loss_m3, by: [division], order: kind}}", 19, "quality.rules[1]", "cannot read kind"),
        (ORDERED, "{when: {item: kind, values: [pipe], required: [kind]}}", 19, "quality.rules[1]", "requires itself"),
        (ORDERED, REFERENCE.format(to="water_leek", at="division"), 19, "quality.rules[1]", "did you mean 'water_leak'?"),
        (ORDERED, REFERENCE.format(to="water_leak", at="divison"), 19, "quality.rules[1]", "did you mean 'division'?"),
        (ORDERED, REFERENCE.format(to="water_leak", at="division, kind"), 19, "quality.rules[1]", "as many in `at`"),
        # items against each other
        (", key: true", "", 7, "items", "no item is a key"),
        ("min: 0, max: 100", "min: 9, max: 3", 13, "items[loss_m3].min", "is above max"),
        ('min: "2000-01-01"', "min: 3", 11, "items[found_on].min", "no bound of a date"),
        ("values: [pipe, valve]", "values: [pipe, valve], max: 3", 10, "items[kind].max", "no bound of a code"),
        ("precision: [10, 2]", "precision: [2, 10]", 13, "items[loss_m3].precision", "decimals ≤ digits"),
        ("precision: [10, 2]", "precision: [10, 2], length: 3", 13, "items[loss_m3].length", "does not apply"),
        ("name: mended_on", "name: found_on", 12, "items[found_on]", "also that of found_on"),
        ("title: 修复日期", "title: 发现日期", 12, "items[mended_on]", "header '发现日期' is also"),
        ("title: 修复日期", "title: 修复日期, aliases: [类型]", 12, "items[mended_on]", "header '类型' is also"),
        # words that name items
        ("period: found_on", "period: find_on", 15, "update.period", "did you mean 'found_on'?"),
        ("by: division", "by: divisions", 22, "backflow.by", "did you mean 'division'?"),
        ("by: division", "by: kind", 22, "backflow.by", "is no division"),
        ("opening: {type: unconditional}", "opening: {type: conditional, aggregate: district}", 21, "opening.aggregate", "no item is named"),
        # access
        ("length: 10", "sensitivity: personal", 6, "classification.level", "too low"),
        ("length: 10", "sensitivity: sensitive_personal", 21, "opening.type", "is personal"),
        ("level: 1", "level: important", 20, "sharing.type", "never shared"),
        ("level: 1", "level: core", 21, "opening.type", "never shared or opened"),
        # vocabulary and other entries
        ("name: water_leak", "name: water_leek", 1, "name", "is not the file's name"),
        ("unit: guiyang_water", "unit: guiyang_wader", 4, "unit", "did you mean 'guiyang_water'?"),
        ("codes: divisions", "codes: division", 9, "items[division].codes", "did you mean 'divisions'?"),
        ("encoding: gb18030", "encoding: gb18O30", 14, "origin.encoding", "no encoding is named"),
        ('connector: files, format: csv, encoding: gb18030, pattern: "water_leak_*.csv"', "model: base, database: geografy", 14, "origin.database", "did you mean 'geography'?"),
        ('connector: files, format: csv, encoding: gb18030, pattern: "water_leak_*.csv"', "model: thematic, theme: city_dayly", 14, "origin.theme", "did you mean 'city_daily'?"),
        ("backflow:", "related: [water_leek]\nbackflow:", 22, "related[1]", "did you mean 'water_leak'?"),
        ("backflow:", "succeeds: [water_leak]\nbackflow:", 22, "succeeds[1]", "is still there"),
        # no entry at all
        ("name: water_leak\n", "name: water_leak\nname: again\n", 2, "", "written twice"),
        ("items:\n", "items: [\n", 8, "", "is not YAML"),
    ],
)  # fmt: skip
def test_each_fault_names_file_line_field_and_what_to_do(
    tmp_path: Path, *, old: str, new: str, line: int, field: str, said: str
) -> None:
    path = write_entry(tmp_path, changed(old, new))
    found = problems(tmp_path / "entries")
    assert [
        (each.file, each.line, each.field)
        for each in found
        if said in each.message and (each.line, each.field) == (line, field)
    ] == [(path, line, field)], found


def test_several_faults_in_one_entry_are_all_named(tmp_path: Path) -> None:
    text = changed("title: 漏损记录", "titel: 漏损记录", changed("level: 1", "level: 7"))
    write_entry(tmp_path, changed("ordered", "orderd", text))
    fields = [problem.field for problem in problems(tmp_path / "entries")]
    assert sorted(fields) == ["classification.level", "quality.rules[1].orderd", "titel", "title"]


def test_a_good_entry_has_no_problems(tmp_path: Path) -> None:
    write_entry(tmp_path)
    assert problems(tmp_path / "entries") == ()


@pytest.mark.parametrize("word", ["name", "code"])
def test_two_entries_with_one_name_or_code_are_both_named(tmp_path: Path, word: str) -> None:
    one = write_entry(tmp_path)
    other = tmp_path / "entries" / "elsewhere" / ("water_leak.yaml" if word == "name" else "b.yaml")
    other.parent.mkdir()
    new = ("314001009", "314001008") if word == "name" else ("name: water_leak", "name: b")
    other.write_text(changed(*new), encoding="utf-8")
    found = problems(tmp_path / "entries")
    assert {(each.file, each.field) for each in found} == {(one, word), (other, word)}
    assert str(other) in next(each.message for each in found if each.file == one)


@pytest.mark.parametrize("text", ["", "- a\n", "just text\n"])
def test_a_file_that_holds_no_mapping_is_named(tmp_path: Path, text: str) -> None:
    path = write_entry(tmp_path, text)
    (found,) = problems(tmp_path / "entries")
    assert (found.file, found.line) == (path, 1)
    assert "is not a mapping" in found.message


def test_a_file_that_would_not_be_read_is_named(tmp_path: Path) -> None:
    write_entry(tmp_path)
    write_entry(tmp_path, name="other").rename(tmp_path / "entries" / "other.yml")
    (found,) = problems(tmp_path / "entries")
    assert "rename it to other.yaml" in found.message


def test_an_empty_folder_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    (found,) = problems(tmp_path)
    assert "holds no entry" in found.message


def test_a_retired_name_is_not_taken_again(tmp_path: Path) -> None:
    path = write_entry(tmp_path)
    (tmp_path / "retired.yaml").write_text(
        "retired:\n  - {name: water_leak, retired_on: 2026-01-01, reason: 并入工单}\n"
    )
    (found,) = problems(tmp_path / "entries")
    assert (found.file, found.field) == (path, "name")
    assert "is retired" in found.message


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("retired:\n  - {name: a, retired_on: 2026-01-01}\n", 2, "is missing — add `reason: …`"),
        ("retird: []\n", 1, "must hold `retired"),
    ],
)
def test_a_wrong_list_of_retired_entries_is_named(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    write_entry(tmp_path)
    (tmp_path / "retired.yaml").write_text(text)
    (found,) = problems(tmp_path / "entries")
    assert (found.file.name, found.line) == ("retired.yaml", line)
    assert said in found.message


def git(folder: Path, *words: str) -> None:
    me = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(("git", *me, *words), cwd=folder, check=True, capture_output=True)


def test_what_git_had_and_is_gone_needs_an_act(tmp_path: Path) -> None:
    path, folder = write_entry(tmp_path), tmp_path / "entries"
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "before")
    before = names_since(folder, "HEAD")
    assert before == {"water_leak"}
    assert ended(before, folder) == ()
    path.write_text("name: [")  # wrong, not gone
    assert ended(before, folder) == ()
    path.unlink()
    (found,) = ended(before, folder)
    assert (found.field, found.file.name) == ("water_leak", "retired.yaml")
    (tmp_path / "retired.yaml").write_text(
        "retired:\n  - {name: water_leak, retired_on: 2026-01-01, reason: 并入工单}\n"
    )
    assert ended(before, folder) == ()


def test_a_revision_that_git_does_not_know_is_named(tmp_path: Path) -> None:
    write_entry(tmp_path)
    git(tmp_path, "init", "-q")
    with pytest.raises(CatalogError, match="'nowhere' cannot be listed"):
        names_since(tmp_path / "entries", "nowhere")


def test_an_entry_that_is_gone_without_an_act_is_a_problem(tmp_path: Path) -> None:
    write_entry(tmp_path, GOOD + "succeeds: [renamed]\n")
    after = load_catalog(tmp_path / "entries")
    retired = [Retired(name="ended", retired_on="2026-01-01", reason="停止归集")]
    found = removed(["water_leak", "renamed", "ended", "lost"], after, retired)
    assert [problem.field for problem in found] == ["lost"]
    assert "without an act" in found[0].message
