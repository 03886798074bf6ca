"""What lies in the inbox is taken once, whatever happens between two steps."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

import pytest

from orchestration.belonging import MARK
from orchestration.city import City
from orchestration.flows.collect import take_strays, waiting
from registry import arrivals, deliveries
from tests.orchestration.crash import crash_at_the_end
from tests.orchestration.town import (
    LATER,
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

A, B = "P1,520102,100", "P2,520103,200"


@pytest.fixture
def city(tmp_path: Path) -> City:
    return town(tmp_path)


def outcomes(city: City) -> Counter[str]:
    return Counter(a.outcome.value for a in arrivals.history(city.registry))


def test_a_delivery_is_archived_known_and_gone_from_the_inbox(city) -> None:
    path = lay(city, "park", "park_202601.csv", A, B, "X9,520102,5")
    content = path.read_bytes()
    (one,) = take_in(city)
    assert (one.outcome, one.message) == ("accepted", "passed")
    assert (one.account.records, one.account.accepted, one.account.quarantined) == (3, 2, 1)
    assert not path.exists()
    record = deliveries.find(city.registry, one.delivery)
    digest = record.delivery.digest
    assert city.lake.archive.fetch(digest, city.settings.scratch).read_bytes() == content
    assert parks(city) == {"P1": 100, "P2": 200}
    assert waiting(city) == ()


def test_archived_but_not_yet_known_is_taken_once(city) -> None:
    path = lay(city, "park", "park_202601.csv", A)
    city.lake.archive.put(path)
    (one,) = take_in(again(city))
    assert one.outcome == "accepted"
    assert stored(city, "raw") == 1


def test_known_but_still_in_the_inbox_is_taken_once_and_is_no_repeat(city) -> None:
    path = lay(city, "park", "park_202601.csv", A, B)
    city = crash_at_the_end(city, path)
    assert waiting(city) == ("park",)
    assert take_in(city)[0].outcome == "accepted"
    assert not path.exists()
    assert outcomes(city) == {"collected": 1}
    assert stored(city, "raw") == 2


def test_committed_but_not_yet_closed_is_not_committed_again(city) -> None:
    lay(city, "park", "park_202601.csv", A, "X9,520102,5")
    take_in(city)
    versions = [city.lake.version(zone, "park") for zone in ("raw", "quarantine")]
    for path in city.settings.home.glob("registry.db*"):
        if path.is_file():
            path.unlink()  # as if nothing had been written down
    (Path(city.settings.lake_url) / MARK).unlink()
    city = again(city)
    lay(city, "park", "park_202601.csv", A, "X9,520102,5")
    assert take_in(city)[0].outcome == "accepted"
    assert [city.lake.version(zone, "park") for zone in ("raw", "quarantine")] == versions
    assert (stored(city, "raw"), stored(city, "quarantine")) == (1, 1)


@pytest.mark.parametrize("name", ["park_202601.csv", "park_202607.csv"])
def test_the_same_bytes_are_counted_and_not_stored_twice(city, name) -> None:
    lay(city, "park", "park_202601.csv", A)
    (first,) = take_in(city)
    path = lay(city, "park", name, A)
    (second,) = take_in(city, now=LATER)
    assert (second.outcome, second.delivery) == ("repeat", first.delivery)
    assert not path.exists()
    assert outcomes(city) == {"collected": 1, "repeat": 1}
    assert stored(city, "raw") == 1


def test_a_file_that_grows_is_left_and_taken_when_it_rests(city) -> None:
    path = lay(city, "park", "park_202601.csv", A)
    path.write_bytes(path.read_bytes() + b"\n" * (64 << 20))
    stop, grows = threading.Event(), threading.Event()

    def grow() -> None:
        with path.open("ab", buffering=0) as file:
            while not stop.is_set():
                file.write(b"\n")
                grows.set()

    writer = threading.Thread(target=grow)
    writer.start()
    grows.wait()
    (one,) = take_in(city)
    stop.set()
    writer.join()
    assert one.outcome == "growing"
    assert path.exists()
    assert arrivals.history(city.registry) == ()
    lay(city, "park", "park_202601.csv", A)
    assert [one.outcome for one in take_in(city)] == ["accepted"]


def test_a_file_on_its_way_is_not_seen(city) -> None:
    for name in ("park_202601.csv.part", ".park_202601.csv", "~$park_202601.csv"):
        lay(city, "park", name, A)
    assert waiting(city) == ()
    assert take_in(city) == []


def test_what_is_no_file_stays_and_is_recorded_once(city, tmp_path) -> None:
    folder = city.settings.inbox / "park" / "park_202601"
    folder.mkdir(parents=True)
    (folder.parent / "park_202602.csv").symlink_to(folder)
    assert [one.outcome for one in take_in(city)] == ["not_a_file", "not_a_file"]
    assert take_in(city, now=LATER) == []
    assert waiting(city) == ()
    assert outcomes(city) == {"not_a_file": 2}
    assert folder.exists()


def test_strays_are_recorded_with_their_bytes(city) -> None:
    (city.settings.inbox / "tree").mkdir(parents=True)
    for path in (city.settings.inbox / "tree" / "t.csv", city.settings.inbox / "lost.csv"):
        path.write_text("a\n1\n")
    strays = take_strays(city, now=NOW)
    assert [one.outcome for one in strays] == ["unknown_resource", "unknown_resource"]
    assert all(city.lake.archive.has(a.digest) for a in arrivals.history(city.registry))
    assert take_strays(city, now=LATER) == ()


def test_a_delivery_waits_for_the_table_that_it_refers_to(tmp_path) -> None:
    city = town(tmp_path, PARK, VISIT)
    lay(city, "visit", "visit_20260301.csv", "V1,P1")
    (held,) = take_in(city, "visit")
    assert held.outcome == "held"
    assert "park" in held.message
    assert stored(city, "raw", "visit") == 0
    lay(city, "park", "park_202601.csv", A)
    take_in(city)
    (settled,) = take_in(city, "visit", now=LATER)
    assert settled.outcome == "accepted"
    assert waiting(city) == ()


def test_an_unreadable_delivery_is_refused_and_kept(city) -> None:
    path = lay(city, "park", "park_202601.csv")
    path.write_bytes(b"")
    (one,) = take_in(city)
    assert one.outcome == "refused"
    assert one.message.startswith("empty: ")
    assert stored(city, "raw") == 0
    assert deliveries.unfinished(city.registry) == ()


def test_deliveries_are_taken_by_the_period_they_speak_for(city) -> None:
    lay(city, "park", "park_202602.csv", "P1,520102,2")
    lay(city, "park", "park_202601.csv", "P1,520102,1")
    assert [one.file_name for one in take_in(city)] == ["park_202601.csv", "park_202602.csv"]
    assert parks(city) == {"P1": 2}


@pytest.mark.parametrize(
    "names",
    [
        ("park_202601.csv", "park_202601-2.csv"),
        ("park_202601.csv", "park_202601.correction1.csv"),
        ("park_202601.correction2.csv", "park_202601.correction10.csv"),
    ],
    ids=["numbered", "corrected", "corrected again"],
)
def test_deliveries_of_a_period_are_taken_in_the_order_of_their_names(city, names) -> None:
    for number, name in enumerate(reversed(names)):
        lay(city, "park", name, f"P1,520102,{number}")
    assert [one.file_name for one in take_in(city)] == list(names)
    assert parks(city) == {"P1": 0}
