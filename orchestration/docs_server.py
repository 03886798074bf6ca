"""Data Docs on a port of this machine: a page is made when it is asked for.

Keep out: what a page holds (flows/data_docs.py).
"""

from __future__ import annotations

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import unquote, urlsplit

from orchestration.city import City
from orchestration.flows.data_docs import page_asked

LOCAL = "127.0.0.1"
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}


def server(city: City, port: int) -> HTTPServer:
    """Return a server of the site on this machine, one request at a time."""

    class Handler(BaseHTTPRequestHandler):
        """Answers GET with a page of the site."""

        def do_GET(self) -> None:
            """Answer with the page, made now if it is missing."""
            parts = tuple(p for p in unquote(urlsplit(self.path).path).split("/") if p)
            inside = not any(part.startswith(".") or "\0" in part for part in parts)
            path = page_asked(city, parts) if inside else None
            if path is None:
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            body = path.read_bytes()
            self.send_response(HTTPStatus.OK)
            for name, value in {**HEADERS, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: who looks at what is nobody's business."""

    return HTTPServer((LOCAL, port), Handler)
