"""Two processes with homes of their own collect one resource of one lake at the same time.

The runs of one home are in test_two_runs.py.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from orchestration.flows.verify import verify_lake
from registry import deliveries, verdicts
from tests import s3_server
from tests.faults.life import OUTCOMES, SETTINGS, STARTER, opened
from tests.orchestration.town import PARK, lay, stored, town

pytestmark = pytest.mark.xdist_group("faults")

FILES = {
    "park_202601.csv": ("P1,520102,5", "P2,520102,6", "P2,520102,6", "X,520102,1"),
    "park_202602.csv": ("P1,520103,7", "P3,520103,8"),
    "park_202603.csv": ("P4,520103,9", "Y,520103,8"),
}

SAYS_SO = "not stored twice"


@pytest.fixture(params=["folder", "s3"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """Return the settings of a lake and a registry that both homes have."""
    registry = {"CITYLAKE_REGISTRY_URL": f"sqlite:///{tmp_path / 'registry.db'}"}
    if request.param == "folder":
        archive = {"CITYLAKE_ARCHIVE": str(tmp_path / "archive")}
        yield {"CITYLAKE_LAKE_URL": str(tmp_path / "lake"), **archive, **registry}
        return
    with s3_server.start(tmp_path / "s3") as server:
        yield {
            "CITYLAKE_LAKE_URL": f"s3://{server.bucket}/city",
            "AWS_ENDPOINT_URL": server.endpoint,
            "AWS_ACCESS_KEY_ID": server.key,
            "AWS_SECRET_ACCESS_KEY": server.secret,
            **registry,
        }


def test_of_two_collectors_each_delivery_is_taken_by_one(shared, forks, tmp_path: Path) -> None:
    homes = [tmp_path / name for name in ("one", "other")]
    starter = tmp_path / "starter"
    starter.touch()
    for home in homes:
        home.mkdir()
        built = town(home, PARK)
        for name, rows in FILES.items():
            lay(built, "park", name, *rows)
        (home / STARTER).symlink_to(starter)
        (home / SETTINGS).write_text(json.dumps(shared))
    opened(homes[0]).registry.close()  # its schema is there
    with starter.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        started = [forks.begin(home, "meet") for home in homes]
        fcntl.flock(held, fcntl.LOCK_UN)
        for home, process in zip(homes, started, strict=True):
            forks.end(home, process)
    told = [
        (name, outcome, message)
        for home in homes
        for name, outcome, message in json.loads((home / OUTCOMES).read_text())
    ]
    for name in FILES:
        ended = sorted((outcome, message) for file, outcome, message in told if file == name)
        (first, *others) = ended
        assert first[0] == "accepted", told
        assert others, told
        assert all(outcome == "repeat" and SAYS_SO in said for outcome, said in others), told
    city = opened(homes[0])
    assert (stored(city, "raw"), stored(city, "quarantine")) == (5, 2)
    records = deliveries.all_of(city.registry, "park")
    assert [r.outcome.account.accepted for r in records] == [2, 2, 1]
    assert len(verdicts.for_subject(city.registry, "raw.park")) == len(FILES)
    found = verify_lake(city)
    assert found.ok, found.problems
