"""Fetching all pages of a JSON API as one file of JSON lines, each row as the server wrote it.

Bounded in pages, bytes and time; a server that turns in a circle is found out.
Keep out: asking for one page (answers.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit
from zoneinfo import ZoneInfo

from catalog.schema import CITY_ZONE
from catalog.sources import HttpSource, Pages
from ingestion.connectors.answers import open_server
from ingestion.connectors.source import Meter, SourceRefused, Taken, taken_apart
from ingestion.connectors.window import Bound, spoken

ENDS = (None, "", False)  # what a page says is next when it is the last; 0 is False


@dataclass
class _Progress:
    """What has come so far: rows, the latest total that the server claims, what was seen."""

    pages: int = 0
    records: int = 0
    total: int | None = None
    seen: set[bytes] = field(default_factory=set)

    def count(self, rows: int, total: int | None) -> None:
        """Count a page, and what it says all pages hold; one that says nothing takes none back."""
        self.pages += 1
        self.records += rows
        self.total = self.total if total is None else total

    def meet(self, what: bytes) -> None:
        """Note a page or an address; SourceRefused when it was met before."""
        digest = hashlib.sha256(what).digest()
        if digest in self.seen:
            raise SourceRefused(
                "same_page",
                f"gave the same page again after {self.pages} pages: it turns in a circle — "
                "correct pages in the entry, or tell who runs it",
            )
        self.seen.add(digest)


def fetch_http(
    source: HttpSource, url: str, *, token: str | None, target: Path, since: Bound | None
) -> Taken:
    """Write every row that an API gives, from `since` on; SourceRefused says why not."""
    from ingestion.documents.json_rows import NotAPageError, rows_of

    base = taken_apart(url, secret=source.secret, shape="http(s) URL")
    if base.scheme not in ("http", "https") or not base.hostname:
        raise SourceRefused("bad_secret", f"secret {source.secret} is no http(s) URL")
    server = open_server(source, base, token=token, meter=Meter(source))
    progress = _Progress()
    address: str | None = _first(source, base, since)
    with closing(server), target.open("wb") as file:
        while address is not None:
            page = server.page(address)
            try:
                rows = rows_of(page, source.rows)
                if rows.count:
                    progress.meet(rows.lines)
                progress.count(rows.count, _total(source, page))
                file.write(rows.lines)
                address = _next(source, address, page, rows.count, progress=progress)
            except NotAPageError as error:
                said = f"gave a page that {error} — correct the entry, or tell who runs it"
                raise SourceRefused("broken_answer", said) from None
    _check_total(source, progress)
    return Taken(progress.records)


def _first(source: HttpSource, base: SplitResult, since: Bound | None) -> str:
    host = base.netloc.rpartition("@")[2]  # who we are goes into headers
    path = "/".join(part.strip("/") for part in (base.path, source.path) if part.strip("/"))
    params = dict(source.params)
    pages = source.pages
    if pages is not None and pages.size_param:
        params[pages.size_param] = str(pages.size)
    if pages is not None and pages.by in ("page", "offset"):
        params[pages.param or ""] = str(pages.first if pages.by == "page" else 0)
    if since is not None and source.since:
        params[source.since] = _asked(since)
    return _with(base._replace(netloc=host, path=f"/{path}").geturl(), params)


def _asked(since: Bound) -> str:
    if isinstance(since, dt.datetime):
        return since.astimezone(ZoneInfo(CITY_ZONE)).isoformat()
    return spoken(since)


def _next(
    source: HttpSource, address: str, page: bytes, count: int, *, progress: _Progress
) -> str | None:
    """Return the address of the page after this one; None after the last."""
    pages = source.pages
    if pages is None:
        return None
    if pages.by in ("page", "offset"):
        is_all = progress.total is not None and progress.records >= progress.total
        if count == 0 or is_all:
            return None
        turned = pages.first + progress.pages if pages.by == "page" else progress.records
        found = _with(address, {pages.param or "": str(turned)})
    else:
        after = _said_next(pages, page)
        if after is None:
            return None
        found = _linked(source, address, after) if pages.by == "link" else ""
        found = found or _with(address, {pages.param or "": after})
        progress.meet(found.encode())
    if progress.pages >= source.max_pages:
        raise SourceRefused(
            "too_much",
            f"has more than {source.max_pages} pages and was cut off, nothing is kept — "
            "narrow what is fetched, or raise max_pages in the entry",
        )
    return found


def _said_next(pages: Pages, page: bytes) -> str | None:
    from ingestion.documents.json_rows import scalar

    said = scalar(page, pages.next or "")
    return None if said in ENDS else str(said)


def _with(address: str, params: Mapping[str, str]) -> str:
    """Return an address with these parameters, others kept as often as they stand there."""
    parts = urlsplit(address)
    kept = parse_qsl(parts.query, keep_blank_values=True)
    said = [pair for pair in kept if pair[0] not in params] + list(params.items())
    return parts._replace(query=urlencode(said)).geturl()


def _linked(source: HttpSource, address: str, link: str) -> str:
    """Return the address that a link leads to: never another server, which would get our token."""
    try:
        found, here = urlsplit(urljoin(address, link)), urlsplit(address)
    except ValueError:
        said = "says that the next page is where no address leads — tell who runs it"
        raise SourceRefused("broken_answer", said) from None
    if (found.scheme, found.netloc) != (here.scheme, here.netloc):
        raise SourceRefused(
            "moved",
            "says that the next page is on another server, which may not see our secret — "
            f"correct secret {source.secret}, or tell who runs it",
        )
    return found.geturl()


def _total(source: HttpSource, page: bytes) -> int | None:
    """Return how many rows a page says there are; None where it says no number."""
    from ingestion.documents.json_rows import scalar

    text = str(scalar(page, source.total)) if source.total else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _check_total(source: HttpSource, progress: _Progress) -> None:
    if source.total and progress.total is None:
        raise SourceRefused(
            "broken_answer",
            f"says on no page how many rows there are at '{source.total}' — correct total in the "
            "entry, or leave it out",
        )
    if progress.total is not None and progress.records != progress.total:
        raise SourceRefused(
            "changing",
            f"says that it has {progress.total} rows and gave {progress.records}: it changed while "
            "it was read, or a page came short — it is asked again in the next run",
        )
