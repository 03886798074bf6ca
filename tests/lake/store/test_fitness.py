"""The probe on a real store, and on a small one of our own that ignores conditions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import pytest

from lake.errors import LakeError
from lake.store import S3Credentials
from lake.store.fitness import probe
from lake.tables import open_lake
from tests.s3_server import Server


class Careless(BaseHTTPRequestHandler):
    """As much of S3 as the probe uses; every put is answered with 200."""

    objects: dict[str, bytes]
    forgets_deletes = False

    def do_PUT(self) -> None:
        self.objects[self.key] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, b"")

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query:
            names = [k for k in self.objects if k.startswith(query["prefix"][0])]
            self.answer(200, listing(names))
            return
        body = self.objects[self.key]
        if asked := self.headers.get("Range"):
            first, last = asked.removeprefix("bytes=").split("-")
            self.answer(206, body[int(first) : int(last) + 1])
        else:
            self.answer(200, body)

    def do_DELETE(self) -> None:
        if not self.forgets_deletes:
            self.objects.pop(self.key, None)
        self.answer(204, b"")

    @property
    def key(self) -> str:
        return urlsplit(self.path).path.removeprefix("/lake/")

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"0"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


class Forgetful(Careless):
    """Deletes nothing."""

    forgets_deletes = True


class Website(Careless):
    """Answers every request with a page."""

    def answer(self, status: int, body: bytes) -> None:
        super().answer(200, b"<html><p>Welcome")


def listing(names: list[str]) -> bytes:
    found = "".join(
        f"<Contents><Key>{escape(n)}</Key><LastModified>2026-03-01T00:00:00.000Z</LastModified>"
        "<ETag>0</ETag><Size>1</Size></Contents>"
        for n in names
    )
    head = (
        '<?xml version="1.0"?><ListBucketResult><Name>lake</Name><IsTruncated>false</IsTruncated>'
    )
    return f"{head}{found}</ListBucketResult>".encode()


@pytest.fixture
def store_of(request: pytest.FixtureRequest) -> Iterator[S3Credentials]:
    handler = type("Handler", (request.param,), {"objects": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield S3Credentials(f"http://127.0.0.1:{server.server_port}", "key", "secret")
    server.shutdown()
    server.server_close()
    thread.join()


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
