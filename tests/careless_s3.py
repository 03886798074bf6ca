"""A small S3 server of our own that ignores conditions, and worse ones made of it.

Keep out: a real server (s3_server.py) and what is tested on them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from lake.store import S3Credentials


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


@contextmanager
def serve(kind: type[Careless]) -> Iterator[S3Credentials]:
    """Run a server of that kind; return how to reach it. Its bucket is `lake`."""
    handler = type("Handler", (kind,), {"objects": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield S3Credentials(f"http://127.0.0.1:{server.server_port}", "key", "secret")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
