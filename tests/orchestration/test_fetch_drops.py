"""Files that others drop into a bucket: each taken once, whole, as it lay."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import pytest

from lake.store.bucket import s3_client
from orchestration.city import City
from registry import cursors
from tests.orchestration.fetching import fetched, meters, town_that_fetches
from tests.s3_server import start

NUMBER = itertools.count(1)
MORE = ', format: csv, pattern: "meter_*.csv"'
HEADER = "编号,变更时间,示数\n"


def lines(*rows: str) -> bytes:
    """Return a delivery of these rows."""
    return (HEADER + "".join(f"{row}\n" for row in rows)).encode()


def names(city: City) -> list[str]:
    """Return the paths of what has been fetched."""
    return sorted(path for path, _ in cursors.fetched(city.registry, "meter"))


@pytest.mark.xdist_group("weed")
class TestBucket:
    @dataclass(frozen=True)
    class Box:
        """A prefix of a bucket, the address of which is a secret."""

        server: object
        prefix: str

        @property
        def secret(self) -> str:
            host = self.server.endpoint.removeprefix("http://")
            return f"http://{self.server.key}:{self.server.secret}@{host}/{self.server.bucket}"

        def put(self, name: str, content: bytes) -> None:
            from io import BytesIO

            s3_client(self.server.credentials).put_object(
                self.server.bucket, f"{self.prefix}/{name}", BytesIO(content), len(content)
            )

        def city(self, folder: Path, secret: str | None = None, words: str = "") -> City:
            return town_that_fetches(
                folder,
                {"BOX": secret or self.secret},
                connector="bucket",
                words=f"secret: BOX, prefix: {self.prefix}{words}",
                more=MORE,
            )

    @pytest.fixture(scope="class")
    def server(self, tmp_path_factory):
        with start(tmp_path_factory.mktemp("weed")) as server:
            yield server

    @pytest.fixture
    def box(self, server):
        return self.Box(server, f"用水/{next(NUMBER)}")

    def test_each_object_is_taken_once_and_a_replaced_one_again(self, box, tmp_path):
        box.put("2026/meter_1.csv", lines("1,2026-03-01 08:00,10"))
        box.put("2026/meter_2.csv.part", lines("2,2026-03-01 08:00,20"))
        box.put("readme.txt", b"not ours")
        city = box.city(tmp_path)
        first, _ = fetched(city)
        assert first.files == ("2026__meter_1.csv",)
        assert fetched(city, hours=1)[0].message == "no new files"
        box.put("2026/meter_1.csv", lines("1,2026-03-01 08:00,11"))
        fetched(city, hours=2)
        assert meters(city) == {1: 11}
        assert names(city) == ["2026/meter_1.csv", "2026/meter_1.csv"]

    @pytest.mark.parametrize(
        "secret", ["k:geh/eim@host", "k:geh[eim@host", "k:geheim／@host", "k:geheim@host:99999"]
    )
    def test_a_secret_that_is_no_address_is_told_without_a_word_of_it(self, secret, box, tmp_path):
        failed, _ = fetched(box.city(tmp_path, f"http://{secret}/bucket"))
        assert failed.outcome == "failed"
        assert "is no store" in failed.message
        assert "eim" not in failed.message

    def test_objects_that_are_too_big_stay_and_stop_no_other(self, box, tmp_path):
        box.put("meter_1.csv", lines("1,2026-03-01 08:00,10") + b" " * 2_000_000)
        box.put("meter_2.csv", lines("2,2026-03-01 08:00,20"))
        told, _ = fetched(box.city(tmp_path, words=", max_megabytes: 1"))
        assert told.is_trouble
        assert "meter_1.csv gave more than 1 MB" in told.message
        assert told.files == ("meter_2.csv",)

    @pytest.mark.parametrize(
        ("old", "new"),
        [("testsecret123", "geheim-4711"), ("testkey:", "geheim-4711:"), ("/lake", "/nobucket")],
        ids=["secret", "key", "bucket"],
    )
    def test_a_bucket_that_does_not_open_is_told_without_its_secret(self, old, new, box, tmp_path):
        failed, _ = fetched(box.city(tmp_path, box.secret.replace(old, new)))
        assert failed.outcome == "failed"
        assert "geheim" not in failed.message
        assert "testsecret" not in failed.message
        assert "\n" not in failed.message
