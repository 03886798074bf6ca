import pytest

from registry import releases, verdicts
from registry.error import RegistryError
from registry.releases import Release
from tests.registry.facts import NOW, verdict


def candidate(registry, version=0, *, name="person", **changes):
    judged = verdict(f"base.{name}", **changes)
    number = verdicts.keep(registry, judged, version=version, at=NOW)
    return Release("base", name, version, 10, number, {"raw.resident": "4"}, "c0de")


def test_a_version_that_did_not_pass_is_never_released(registry):
    held = candidate(registry, passed=False, reason="row_count")
    with pytest.raises(RegistryError, match=r"did not pass \(row_count\)"):
        releases.release(registry, held, at=NOW)
    assert releases.released(registry, "base", "person") is None


def test_a_verdict_on_another_table_releases_nothing(registry):
    other = candidate(registry, name="household")
    with pytest.raises(RegistryError, match="is not on it"):
        releases.release(registry, Release("base", "person", 0, 10, other.verdict_id), at=NOW)


def test_a_verdict_on_another_version_releases_nothing(registry):
    first = candidate(registry)
    with pytest.raises(RegistryError, match="speaks of version 0"):
        releases.release(registry, Release("base", "person", 1, 10, first.verdict_id), at=NOW)


def test_an_unknown_verdict_releases_nothing(registry):
    with pytest.raises(RegistryError, match="verdict 42 is not on it"):
        releases.release(registry, Release("base", "person", 1, 10, 42), at=NOW)


def test_a_release_moves_the_pointer_and_keeps_history(registry):
    moved = [releases.release(registry, candidate(registry, v), at=NOW) for v in (0, 3, 2)]
    assert [each.sequence for each in moved] == sorted(each.sequence for each in moved)
    assert releases.released(registry, "base", "person") == moved[-1]
    assert releases.history(registry, "base", "person") == tuple(moved)


def test_releasing_what_is_released_changes_nothing(registry):
    same = candidate(registry)
    assert releases.release(registry, same, at=NOW) == releases.release(registry, same, at=NOW)
    assert len(releases.history(registry, "base", "person")) == 1


def test_the_current_release_of_every_table_is_listed(registry):
    for name, version in (("person", 0), ("household", 0), ("person", 1)):
        releases.release(registry, candidate(registry, version, name=name), at=NOW)
    found = releases.all_released(registry)
    assert {table: each.release.version for table, each in found.items()} == {
        ("base", "household"): 0,
        ("base", "person"): 1,
    }
