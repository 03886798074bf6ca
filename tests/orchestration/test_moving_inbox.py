"""Units go on working in the inbox while it is read: files are replaced, and taken away again."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.city import City
from orchestration.flows import collect as collecting
from orchestration.flows.collect import collect
from orchestration.flows.together import runs
from orchestration.flows.verify import verify_lake
from tests.orchestration.town import LATER, NOW, lay, parks, take_in, town

A, B, C = "P1,520102,1", "P2,520103,2", "P3,520102,3"


@pytest.fixture
def city(tmp_path: Path) -> City:
    return town(tmp_path)


@pytest.mark.parametrize("others", [0, 2])
def test_a_file_put_in_the_place_of_one_being_taken_is_taken_too(city, others, monkeypatch) -> None:
    opened = collecting.open_delivery
    for number in range(others):
        lay(city, "park", f"park_20250{number + 1}.csv", f"P1,520102,{number}")
    path = lay(city, "park", "park_202601.csv", A, B)

    def meanwhile(*args, **kwargs):
        if path.exists() and C not in path.read_text():
            path.rename(path.with_name(".old"))
            lay(city, "park", path.name, A, C)
        return opened(*args, **kwargs)

    monkeypatch.setattr(collecting, "open_delivery", meanwhile)
    assert {one.outcome for one in take_in(city)} == {"accepted"}
    assert path.exists()
    assert [one.outcome for one in take_in(city, now=LATER)] == ["accepted"]
    assert not path.exists()
    assert parks(city) == {"P1": 1, "P2": 2, "P3": 3}
    assert verify_lake(city).ok


@pytest.mark.parametrize("name", ["park_202601.withdrawal", "park_202602.csv"])
def test_what_is_taken_away_again_before_it_is_read_is_left_alone(city, name, monkeypatch) -> None:
    lay(city, "park", "park_202601.csv", A)
    take_in(city)
    path = lay(city, "park", name, B)
    rest = lay(city, "park", "park_202603.csv", C)

    def first_gone(entry, lying):
        path.unlink(missing_ok=True)
        return runs(entry, lying)

    monkeypatch.setattr(collecting, "runs", first_gone)
    done = {one.file_name: one for one in collect(city, "park", now=NOW)}
    assert done[name].outcome == "growing"
    assert "was taken away again" in done[name].message
    assert done[rest.name].outcome == "accepted"
    assert parks(city) == {"P1": 1, "P3": 3}
