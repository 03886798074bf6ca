from registry import arrivals
from registry.arrivals import Arrival, ArrivalOutcome
from tests.registry.facts import NOW


def arrival(**changes):
    values = {
        "resource": "water_reading",
        "file_name": "a.csv",
        "outcome": ArrivalOutcome.COLLECTED,
        "received_at": NOW,
    }
    return Arrival(**{**values, **changes})


def test_what_still_lies_there_is_recorded_once(registry):
    link = arrival(outcome=ArrivalOutcome.NOT_A_FILE, fingerprint="inode 7", message="a link")
    assert not arrivals.arrived(registry, "inode 7")
    assert [arrivals.record_arrival(registry, link) for _ in range(3)] == [True, False, False]
    assert arrivals.arrived(registry, "inode 7")
    assert arrivals.history(registry) == (link,)


def test_things_without_a_fingerprint_are_recorded_each_time(registry):
    assert [arrivals.record_arrival(registry, arrival()) for _ in range(2)] == [True, True]


def test_arrivals_are_counted_by_what_became_of_them(registry):
    for outcome in ("collected", "repeat", "repeat"):
        arrivals.record_arrival(registry, arrival(outcome=ArrivalOutcome(outcome)))
    assert arrivals.counts(registry) == {ArrivalOutcome.COLLECTED: 1, ArrivalOutcome.REPEAT: 2}


def test_history_of_a_resource_leaves_others_out(registry):
    arrivals.record_arrival(registry, arrival())
    arrivals.record_arrival(registry, arrival(resource="", file_name="stray.csv"))
    found = arrivals.history(registry, resource="")
    assert [each.file_name for each in found] == ["stray.csv"]
