"""Rules are suggested from what was released, each with its evidence, and validate as written."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from catalog.entry import Entry
from lake.errors import LakeError
from orchestration.city import City
from orchestration.flows.suggest import suggest
from tests.orchestration.town import PARK, PERSONAL, VISIT, lay, take_in, town

BARE = PARK.replace(", length: 8, pattern: '^P[0-9]+$'", ", length: 8").replace(", min: 0", "")
LONE = VISIT[: VISIT.index("quality:")] + VISIT[VISIT.index("sharing:") :]


def grown(folder: Path, *entries: str) -> City:
    city = town(folder, *entries)
    parks = [f"P{n},52010{2 + n % 2},{n * 10}" for n in range(100, 160)]
    lay(city, "park", "park_202601.csv", *parks)
    take_in(city)
    return city


def lines(city: City, name: str) -> list[str]:
    return [one.line for one in suggest(city, name)]


def amended(city: City, name: str) -> Entry:
    """Return the entry with everything that is suggested, read from the lines themselves."""
    written = city.entry(name).model_dump(by_alias=True, exclude_defaults=True)
    written["quality"] = {"rules": []}
    for one in suggest(city, name):
        said = yaml.safe_load(one.line)
        if one.where == "items":
            names = [item["name"] for item in written["items"]]
            written["items"] = list(written["items"])
            written["items"][names.index(said[0]["name"])] = said[0]
        elif one.where == "quality.rules":
            written["quality"]["rules"] += said
        else:
            written["quality"] |= said
    return Entry.model_validate(written)


def test_words_of_items_are_suggested_and_validate(tmp_path: Path) -> None:
    city = grown(tmp_path, BARE)
    entry = amended(city, "park")
    assert entry.item("division").required
    assert (entry.item("area_m2").min, entry.item("area_m2").max) == (0, 10000)
    assert [rule.kind for rule in entry.quality.rules] == ["unique"]
    (found,) = [one for one in suggest(city, "park") if "area_m2, title" in one.line]
    assert (found.rows, found.share) == (60, 1.0)
    assert "不为空" in found.evidence


def test_a_reference_is_suggested_with_the_share_that_it_holds_for(tmp_path: Path) -> None:
    city = grown(tmp_path, BARE, LONE)
    lay(city, "visit", "visit_20260301.csv", *(f"V{n},P{n}" for n in range(100, 150)))
    take_in(city, "visit")
    (rule,) = [one for one in suggest(city, "visit") if "reference" in one.line]
    assert rule.line == "- {reference: {items: [park_id], to: park, at: [park_id]}}"
    assert (rule.rows, rule.share) == (50, 1.0)
    assert amended(city, "visit").quality.rules[-1].kind in {"reference", "unique"}


def test_no_cell_of_a_person_is_named(tmp_path: Path) -> None:
    city = grown(tmp_path, PERSONAL.replace(", min: 0", ""))
    assert "1590" not in "".join(lines(city, "park"))
    assert "values" not in "".join(lines(city, "park"))


@pytest.mark.parametrize(
    ("name", "said"), [("prak", "did you mean 'park'"), ("park", "nothing of it is released yet")]
)
def test_there_must_be_something_to_look_at(name, said, tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=said):
        suggest(town(tmp_path), name)


def test_few_rows_suggest_nothing(tmp_path: Path) -> None:
    city = town(tmp_path)
    lay(city, "park", "park_202601.csv", "P1,520102,5")
    take_in(city)
    assert lines(city, "park") == []
