"""Asking an HTTP server for one page until it gives a whole one, or it is clear that it will not.

Retries with growing waits, at the pace that the entry allows, in bounded bytes and time.
Keep out: which pages there are (http.py).
"""

from __future__ import annotations

import base64
import codecs
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote

import stamina
import urllib3

from catalog.sources import HttpSource
from ingestion.connectors.deadline import pool_until
from ingestion.connectors.drivers import unanswered
from ingestion.connectors.source import Meter, SourceRefused

PAGE_BYTES = 256_000_000
CHUNK = 1 << 16
AGAIN = {408, 425, 429, 500, 502, 503, 504}
LONGEST_WAIT = 300.0  # seconds, whatever a server asks for


class TryAgainError(Exception):
    """An answer that may be better next time; `wait` is what the server asks for, in seconds."""

    def __init__(self, refusal: SourceRefused, wait: float | None = None) -> None:
        super().__init__(str(refusal))
        self.refusal, self.wait = refusal, wait


@dataclass
class Server:
    """A connection to an API, and when it was last asked."""

    source: HttpSource
    headers: Mapping[str, str]
    meter: Meter
    pool: urllib3.PoolManager
    asked: float = 0.0

    def page(self, url: str) -> bytes:
        """Return a page; SourceRefused when the server does not give a whole one."""
        from ingestion.documents.json_rows import NotAPageError, check_whole

        attempts = stamina.retry_context(
            on=self._again,
            attempts=self.source.attempts,
            timeout=max(self.meter.seconds_left, 0.001),
            wait_initial=self.source.wait_seconds,
            wait_jitter=self.source.wait_seconds / 2,
            wait_max=LONGEST_WAIT,
        )
        try:
            for attempt in attempts:
                with attempt:
                    page = self._ask(url)
                    try:
                        check_whole(page)
                    except NotAPageError as error:
                        raise TryAgainError(_broken(str(error))) from None
        except TryAgainError as error:
            late = self.meter.seconds_left <= 0
            raise (self.meter.too_slow() if late else error.refusal) from None
        return page

    def close(self) -> None:
        """Let its connections go, and what watches over them."""
        self.pool.clear()

    def _again(self, error: Exception) -> bool | float:
        """Tell how long to wait before asking again; not at all when there is no time left."""
        if not isinstance(error, TryAgainError):
            return False
        if error.wait is None:
            return True
        wait = min(error.wait, LONGEST_WAIT)
        return wait if wait < self.meter.seconds_left else False

    def _ask(self, url: str) -> bytes:
        if self.source.rate:
            time.sleep(max(0.0, self.asked + 1 / self.source.rate - time.monotonic()))
        self.asked = time.monotonic()
        try:
            answer = self.pool.request(
                "GET", url, headers=self.headers, preload_content=False, redirect=False
            )
            try:
                _check_status(answer, self.source)
                return self._read(answer)
            finally:
                answer.close()
        except urllib3.exceptions.LocationValueError:
            raise SourceRefused("bad_secret", f"secret {self.source.secret} is no URL") from None
        except (urllib3.exceptions.ProtocolError, urllib3.exceptions.DecodeError):
            raise TryAgainError(_broken("is broken off")) from None
        except urllib3.exceptions.HTTPError:
            raise TryAgainError(unanswered(self.source.secret)) from None

    def _read(self, answer: urllib3.BaseHTTPResponse) -> bytes:
        page = bytearray()
        # read1 returns with whatever has come: a server that drips is seen by the meter.
        while chunk := answer.read1(CHUNK):
            self.meter.charge(len(chunk))
            page += chunk
            if len(page) > PAGE_BYTES:
                raise SourceRefused(
                    "too_much",
                    f"gave a page of more than {PAGE_BYTES // 1_000_000} MB: ask for less",
                )
        return bytes(page.removeprefix(codecs.BOM_UTF8))


def open_server(
    source: HttpSource, base: SplitResult, *, token: str | None, meter: Meter
) -> Server:
    """Open an API: who we are goes into headers, never into addresses."""
    headers = {"Accept": "application/json", "User-Agent": "citylake"}
    if base.username is not None:
        login = f"{unquote(base.username)}:{unquote(base.password or '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(login.encode()).decode()}"
    if token is not None:
        if not (token.isascii() and token.isprintable()):
            said = f"secret {source.token} holds signs that no header takes: correct it"
            raise SourceRefused("bad_secret", said)
        headers |= {source.header: token} if source.header else {"Authorization": f"Bearer {token}"}
    # By default every retry is logged, to standard output where structlog is installed.
    stamina.instrumentation.set_on_retry_hooks(())
    timeout = urllib3.Timeout(connect=10, read=source.timeout_seconds)
    pool = pool_until(time.monotonic() + meter.seconds_left, timeout)
    return Server(source, headers, meter, pool)


def _broken(said: str) -> SourceRefused:
    message = f"gave a page that {said}, each time it was asked — tell who runs it"
    return SourceRefused("broken_answer", message)


def _check_status(answer: urllib3.BaseHTTPResponse, source: HttpSource) -> None:
    status = answer.status
    if status == 200:
        return
    if status in AGAIN:
        said = f"answered {status} each time it was asked — try later, or ask who runs it"
        raise TryAgainError(SourceRefused("unreachable", said), _asked_wait(answer))
    if status in (401, 403):
        whose = source.token or source.secret
        raise SourceRefused(
            "denied", f"answered {status}: correct secret {whose}, or ask for access"
        )
    if 300 <= status < 400:
        raise SourceRefused(
            "moved", f"answered {status}, elsewhere: correct secret {source.secret}"
        )
    if status == 404:
        raise SourceRefused("no_such_source", "answered 404: correct path and params in the entry")
    raise SourceRefused("rejected", f"answered {status}: correct params in the entry, or ask them")


def _asked_wait(answer: urllib3.BaseHTTPResponse) -> float | None:
    asked = answer.headers.get("Retry-After")
    try:
        return None if asked is None else urllib3.Retry().parse_retry_after(asked)
    except (urllib3.exceptions.InvalidHeader, ValueError, OverflowError):
        return None
