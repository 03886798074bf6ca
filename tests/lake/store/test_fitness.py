"""The probe on a real store, and on a small one of our own that ignores conditions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lake.errors import LakeError
from lake.store import S3Credentials
from lake.store.fitness import probe
from lake.tables import open_lake
from tests.careless_s3 import Careless, Forgetful, Website, serve
from tests.s3_server import Server


@pytest.fixture
def store_of(request: pytest.FixtureRequest) -> Iterator[S3Credentials]:
    with serve(request.param) as credentials:
        yield credentials


def test_a_store_that_keeps_conditions_is_safe_and_left_clean(store: Server, tmp_path):
    fitness = probe(f"s3://{store.bucket}/probed", store.credentials)
    assert fitness.verdict == "safe", fitness.why
    lake = open_lake(
        f"s3://{store.bucket}/probed",
        archive=f"s3://{store.bucket}/archive",
        scratch=tmp_path,
        credentials=store.credentials,
        probe=False,
    )
    assert lake.tables() == ()


@pytest.mark.parametrize("store_of", [Careless], indirect=True)
def test_a_store_that_ignores_conditions_is_not_safe(store_of):
    fitness = probe("s3://lake/x", store_of)
    assert fitness.verdict == "serialize"
    assert "ignores If-None-Match" in fitness.why


@pytest.mark.parametrize("store_of", [Careless], indirect=True)
def test_a_lake_on_an_unsafe_store_is_refused_in_one_line(store_of, tmp_path):
    with pytest.raises(LakeError, match="s3://lake/x: unfit for concurrent writers") as refused:
        open_lake("s3://lake/x", archive="s3://lake/a", scratch=tmp_path, credentials=store_of)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("store_of", [Forgetful, Website], indirect=True)
def test_a_store_that_cannot_delete_or_read_back_is_refused(store_of):
    assert probe("s3://lake/x", store_of).verdict == "refuse"


@pytest.mark.parametrize(
    ("url", "change", "says"),
    [
        ("s3://lake/x", {"secret": "wrong"}, "SignatureDoesNotMatch"),
        ("s3://elsewhere/x", {}, "NoSuchBucket"),
        ("s3://lake/x", {"endpoint": "http://127.0.0.1:1"}, "does not answer"),
    ],
)
def test_a_store_that_cannot_be_used_says_why(store: Server, url, change, says):
    given = {"endpoint": store.endpoint, "key": store.key, "secret": store.secret, **change}
    fitness = probe(url, S3Credentials(**given))
    assert fitness.verdict == "refuse"
    assert says in fitness.why
    assert "wrong" not in fitness.why


def test_a_bucket_url_without_credentials_is_refused(tmp_path):
    with pytest.raises(LakeError, match="no credentials"):
        open_lake("s3://lake/x", archive="s3://lake/a", scratch=tmp_path, credentials=None)
