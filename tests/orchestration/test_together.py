"""Small deliveries that lie there together are judged each by itself and stored at once."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from orchestration.belonging import MARK
from orchestration.city import City
from orchestration.flows import collect as collecting
from orchestration.flows import together
from orchestration.flows.verify import verify_lake
from registry import arrivals, deliveries
from tests.orchestration.crash import CrashError
from tests.orchestration.town import (
    NOW,
    PARK,
    VISIT,
    again,
    lay,
    parks,
    stored,
    take_in,
    town,
)

BAD = "X9,520102,5"


@pytest.fixture
def city(tmp_path: Path) -> City:
    return town(tmp_path)


def lay_months(city: City, *rows: str) -> list[Path]:
    """Lay one file a month, each with a good row of its own, a refused one and these rows."""
    return [
        lay(city, "park", f"park_2026{m:02}.csv", f"P{m},520102,{m}00", f"X{m},520102,5", *rows)
        for m in range(1, 5)
    ]


def versions(city: City) -> list[int | None]:
    return [city.lake.version(zone, "park") for zone in ("raw", "quarantine")]


def accounts(city: City) -> list[tuple[int, int, int]]:
    records = deliveries.all_of(city.registry, "park")
    found = [r.outcome.account for r in records if r.outcome is not None]
    return [(a.accepted, a.quarantined, a.repeats) for a in found]


def test_many_are_one_version_with_an_account_each(city) -> None:
    paths = lay_months(city)
    assert [one.outcome for one in take_in(city)] == ["accepted"] * 4
    assert versions(city) == [0, 0]
    assert accounts(city) == [(1, 1, 0)] * 4
    assert not any(path.exists() for path in paths)
    assert list(city.settings.scratch.iterdir()) == []
    assert parks(city) == {f"P{m}": m * 100 for m in range(1, 5)}
    assert verify_lake(city).ok


def test_the_same_bytes_among_them_are_a_repeat(city) -> None:
    lay(city, "park", "park_202601.csv", "P1,520102,100")
    lay(city, "park", "park_202602.csv", "P2,520102,100")
    lay(city, "park", "park_202603.csv", "P1,520102,100")
    lay(city, "park", "park_202604.csv", "P4,520102,100")
    assert [one.outcome for one in take_in(city)] == ["accepted", "accepted", "repeat", "accepted"]
    assert stored(city, "raw") == 3


def test_one_that_is_refused_or_unreadable_leaves_the_others(city) -> None:
    lay(city, "park", "park_202601.csv", "P1,520102,100")
    lay(city, "park", "park_202602.csv", BAD, BAD + "0")
    lay(city, "park", "park_202603.csv", "P3,520102,100").write_bytes(b"a,b\n1,2\n")
    assert [one.outcome for one in take_in(city)] == ["accepted", "refused", "refused"]
    assert (stored(city, "raw"), stored(city, "quarantine")) == (1, 2)
    assert verify_lake(city).ok


def test_a_correction_among_them_takes_the_place_of_what_it_corrects(city) -> None:
    lay(city, "park", "park_202601.csv", "P1,520102,100")
    lay(city, "park", "park_202601.correction1.csv", "P1,520102,150")
    lay(city, "park", "park_202602.csv", "P2,520102,200")
    take_in(city)
    assert versions(city)[0] == 0
    assert parks(city) == {"P1": 150, "P2": 200}


@pytest.mark.parametrize("seam", ["close", "_joined"])
def test_what_died_before_the_accounts_were_closed_is_settled_once(city, monkeypatch, seam) -> None:
    lay_months(city)

    def die(*_: object, **__: object) -> None:
        raise CrashError

    with monkeypatch.context() as patch:
        patch.setattr(together, seam, die)
        with pytest.raises(CrashError):
            take_in(city)
    assert accounts(city) == []
    city = again(city)
    city.sweep()
    assert [one.outcome for one in take_in(city)] == ["accepted"] * 4
    assert accounts(city) == [(1, 1, 0)] * 4
    assert (stored(city, "raw"), stored(city, "quarantine")) == (4, 4)
    assert len(arrivals.history(city.registry)) == 4
    assert verify_lake(city).ok


def test_bytes_that_are_archived_already_go_alone(city) -> None:
    (path, *_) = lay_months(city)
    city.lake.archive.put(path)  # whoever did may have worked on them
    take_in(city)
    assert versions(city) == [1, 1]
    assert stored(city, "raw") == 4


def test_rows_that_somebody_stored_meanwhile_are_not_stored_again(city, monkeypatch) -> None:
    lay_months(city)
    take_in(city)
    for path in (*city.settings.home.glob("registry.db*"), Path(city.settings.lake_url) / MARK):
        if path.is_file():
            path.unlink()
    shutil.rmtree(city.settings.archive_url)
    city = again(city)
    lay_months(city)
    monkeypatch.setattr(collecting, "standing", lambda *_: {"raw": -1, "quarantine": -1})
    take_in(city)
    assert versions(city) == [0, 0]
    assert accounts(city) == [(1, 1, 0)] * 4
    assert (stored(city, "raw"), stored(city, "quarantine")) == (4, 4)


def test_what_takes_much_room_is_stored_before_the_rest(city, monkeypatch) -> None:
    lay_months(city)
    monkeypatch.setattr(together, "ROOM", 1)
    take_in(city)
    assert versions(city) == [3, 3]
    assert accounts(city) == [(1, 1, 0)] * 4
    assert verify_lake(city).ok


def test_deliveries_that_are_judged_by_earlier_ones_are_settled_one_by_one(tmp_path) -> None:
    steady = PARK.replace("60%}", "60%, rules: [{rows_near: {last: 2, least: 1, ratio: 50%}}]}")
    city = town(tmp_path, steady)
    lay_months(city)
    take_in(city)
    assert versions(city)[0] == 3


def test_a_reference_is_looked_up_by_each_of_them(tmp_path) -> None:
    city = town(tmp_path, PARK, VISIT.replace("  rules", "  max_quarantine: 60%\n  rules"))
    lay(city, "park", "park_202601.csv", "P1,520102,100")
    take_in(city)
    for day in (1, 2):
        lay(city, "visit", f"visit_2026010{day}.csv", f"V{day},P1", f"W{day},P9")
    ended = take_in(city, "visit", now=NOW + dt.timedelta(hours=1))
    assert [(one.account.accepted, one.account.quarantined) for one in ended] == [(1, 1), (1, 1)]
    assert city.lake.version("raw", "visit") == 0
