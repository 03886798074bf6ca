# ruff: noqa: E501 - a table of cases reads better with one case a line
from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from catalog.load_vocabulary import VOCABULARY, load_vocabulary
from catalog.problem import CatalogError
from catalog.validate import problems


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(VOCABULARY, tmp_path / "vocabulary"))


@pytest.mark.parametrize(
    ("file", "text", "line", "field", "said"),
    [
        ("units", "units:\n  - {name: a}\n", 2, "units[a].title", "is missing"),
        ("deadlines", "deadlines:\n  - {name: a, day: 3}\n", 2, "deadlines[a].day", "unknown word"),
        ("limits", "limits: 3\n", 1, "limits", "valid tuple"),
        ("groups", "groups: [a]\n", 1, "groups", "is not a code list"),
        ("groups", "group: {a: b}\n", 1, "", "holds more or other than `groups:`"),
        ("codes", "sex:\n  '1': 2\n", 2, "sex.1", "is not a title"),
        ("codes", "industry: {a: b}\n", 1, "industry", "written twice"),
        ("codes", "divisions: {a: b}\n", 1, "divisions", "written twice"),
        ("rules", "rules:\n  a: {sume: {item: b}}\n", 2, "rules.a", "correct the rule"),
        ("rules", "rules:\n  a: known\n", 2, "rules.a", "must be"),
        ("rules", "rules: [a]\n", 1, "rules", "is not a mapping"),
        ("codes", "a: [\n", 2, "", "is not YAML"),
    ],
)
def test_a_wrong_vocabulary_is_refused_with_file_line_and_field(
    folder: Path, *, file: str, text: str, line: int, field: str, said: str
) -> None:
    path = folder / f"{file}.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError) as refused:
        load_vocabulary(folder)
    assert (path, line, field) in [(p.file, p.line, p.field) for p in refused.value.problems]
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ('{code: "520100", name: 又, level: city, valid_from: 1949-12-26}', "", "written twice"),
        ('{code: "9", name: 丙, level: city, parent: "7", valid_from: 2000-01-01}', ".parent", "no division"),
        (
            '{code: "9", name: 丙, level: city, valid_from: 2000-01-01, valid_to: 1999-01-01}',
            ".valid_to",
            "before valid_from",
        ),
    ],
)  # fmt: skip
def test_divisions_must_agree_with_each_other(
    folder: Path, row: str, field: str, said: str
) -> None:
    path = folder / "divisions.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}  - {row}\n", encoding="utf-8")
    with pytest.raises(CatalogError, match=said) as refused:
        load_vocabulary(folder)
    (problem,) = refused.value.problems
    assert problem.line == text.count("\n") + 1
    assert problem.field.endswith(f"]{field}")


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ('{name: 某, kind: district, stands_for: "7", how: short, valid_from: 2000-01-01}', ".stands_for", "no division"),
        ("{name: 某路, kind: road, stands_for: 又路, how: former, valid_from: 2000-01-01, valid_to: 1999-01-01}", ".valid_to", "before valid_from"),
    ],
)  # fmt: skip
def test_a_place_name_stands_for_a_place_in_a_span_of_days(
    folder: Path, row: str, field: str, said: str
) -> None:
    path = folder / "place_names.yaml"
    path.write_text(f"place_names:\n  - {row}\n", encoding="utf-8")
    with pytest.raises(CatalogError, match=said) as refused:
        load_vocabulary(folder)
    (problem,) = refused.value.problems
    assert (problem.line, problem.field.endswith(field)) == (2, True)


def test_a_name_may_stand_for_two_places(folder: Path) -> None:
    row = '{name: 某区, kind: district, stands_for: "%s", how: spoken, valid_from: 2000-01-01}'
    text = "".join(f"  - {row % code}\n" for code in ("520111", "520193"))
    (folder / "place_names.yaml").write_text(f"place_names:\n{text}", encoding="utf-8")
    assert len(load_vocabulary(folder).place_names) == 2


def test_a_division_may_hold_again_in_another_span(folder: Path) -> None:
    with (folder / "divisions.yaml").open("a", encoding="utf-8") as file:
        file.write('  - {code: "520114", name: 小河区, level: district, valid_from: 2030-01-01}\n')
    assert load_vocabulary(folder).codes("divisions").count("520114") == 1


def test_a_missing_file_is_refused(folder: Path) -> None:
    (folder / "units.yaml").unlink()
    with pytest.raises(CatalogError, match="units: is missing"):
        load_vocabulary(folder)


def test_a_city_may_add_a_file_of_code_lists(folder: Path) -> None:
    (folder / "more.yaml").write_text("colour: {r: 红, '01': 蓝}\n", encoding="utf-8")
    assert load_vocabulary(folder).codes("colour") == ("r", "01")


def test_validation_reports_a_wrong_vocabulary_instead_of_raising(folder: Path) -> None:
    (folder / "groups.yaml").write_text("groups: 3\n")
    assert [problem.file.name for problem in problems(vocabulary=folder)] == ["groups.yaml"]
