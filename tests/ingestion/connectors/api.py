"""A real HTTP server on loopback that answers as a test tells it to, wrongly where it should."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import BinaryIO
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]
    query: str = ""


@dataclass(frozen=True)
class Answer:
    """What to send; `length` lies about the size of the body, `drip` sends it byte by byte."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    drip: float = 0


@dataclass
class Api:
    """The server's address, and what it was asked so far."""

    url: str
    asked: list[Asked] = field(default_factory=list)


def rows(*numbers: int, **words: object) -> Answer:
    """Return a page with a row a number, and other words beside the rows."""
    data = [{"id": number, "name": f"水表{number}"} for number in numbers]
    return Answer(json.dumps({"data": data, **words}, ensure_ascii=False).encode())


@contextmanager
def serving(answer: Callable[[Asked, int], Answer]) -> Iterator[Api]:
    """Serve what `answer` says to the n-th request (from 1); ends with the block."""
    closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            one = Asked(parts.path, dict(parse_qsl(parts.query)), dict(self.headers), parts.query)
            api.asked.append(one)
            said = answer(one, len(api.asked))
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(said.length or len(said.body)))
            self.end_headers()
            if said.drip:
                _drip(said, self.wfile, closing)
            else:
                self.wfile.write(said.body)

        def log_message(self, *_: object) -> None:
            """Say nothing: the test reads what was asked."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    api = Api(f"http://127.0.0.1:{server.server_port}/base")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield api
    finally:
        closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _drip(said: Answer, out: BinaryIO, closing: threading.Event) -> None:
    """Send a body byte by byte, until it is sent, nobody listens or the test ends."""
    for byte in said.body:
        if closing.wait(said.drip):
            return
        try:
            out.write(bytes([byte]))
            out.flush()
        except OSError:
            return
