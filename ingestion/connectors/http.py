"""Fetching all pages of a JSON API as one file of JSON lines, each row as the server wrote it.

Bounded in pages, bytes and time; a server that turns in a circle is found out.
Keep out: asking for one page (answers.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from zoneinfo import ZoneInfo

from catalog.schema import CITY_ZONE
from catalog.sources import HttpSource, Pages
from ingestion.connectors.answers import open_server
from ingestion.connectors.source import Meter, SourceRefused, Taken
from ingestion.connectors.window import Bound, spoken


@dataclass
class _Progress:
    """What has come so far: rows, the latest total that the server claims, what was seen."""

    pages: int = 0
    records: int = 0
    total: int | None = None
    seen: set[bytes] = field(default_factory=set)

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
    from ingestion.documents.json_rows import NotAPageError, rows_of, scalar

    base = urlsplit(url)
    if base.scheme not in ("http", "https") or not base.hostname:
        raise SourceRefused("bad_secret", f"secret {source.secret} is no http(s) URL")
    server = open_server(source, base, token=token, meter=Meter(source))
    progress = _Progress()
    address: str | None = _first(source, url, since)
    with target.open("wb") as file:
        while address is not None:
            page = server.page(address)
            try:
                rows = rows_of(page, source.rows)
            except NotAPageError as error:
                raise SourceRefused(
                    "broken_answer", f"gave a page that {error} — correct rows in the entry"
                ) from None
            if rows.count:
                progress.meet(rows.lines)
            file.write(rows.lines)
            progress.pages += 1
            progress.records += rows.count
            progress.total = _whole(scalar(page, source.total)) if source.total else None
            address = _next(source, address, page, rows.count, progress=progress)
    _check_total(source, progress)
    return Taken(progress.records)


def _first(source: HttpSource, url: str, since: Bound | None) -> str:
    base = urlsplit(url)
    host = base.netloc.rpartition("@")[2]  # who we are goes into headers
    path = "/".join(part.strip("/") for part in (base.path, source.path) if part.strip("/"))
    params = dict(parse_qsl(base.query)) | source.params
    pages = source.pages
    if pages is not None and pages.size_param:
        params[pages.size_param] = str(pages.size)
    if pages is not None and pages.by in ("page", "offset"):
        params[pages.param or ""] = str(pages.first if pages.by == "page" else 0)
    if since is not None and source.since:
        params[source.since] = _asked(since)
    return base._replace(netloc=host, path=f"/{path}", query=urlencode(params)).geturl()


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
        found = _with(address, pages.param or "", str(turned))
    else:
        after = _said_next(pages, page)
        if after is None:
            return None
        found = _linked(source, address, after) if pages.by == "link" else ""
        found = found or _with(address, pages.param or "", after)
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
    return str(said) if said not in (None, "", False) else None


def _with(address: str, param: str, value: str) -> str:
    parts = urlsplit(address)
    return parts._replace(query=urlencode(dict(parse_qsl(parts.query)) | {param: value})).geturl()


def _linked(source: HttpSource, address: str, link: str) -> str:
    """Return the address that a link leads to: never another server, which would get our token."""
    found, here = urlsplit(urljoin(address, link)), urlsplit(address)
    if (found.scheme, found.netloc) != (here.scheme, here.netloc):
        raise SourceRefused(
            "moved",
            "says that the next page is on another server, which may not see our secret — "
            f"correct secret {source.secret}, or tell who runs it",
        )
    return found.geturl()


def _whole(said: Any) -> int | None:  # noqa: ANN401 - whatever the page says
    text = str(said)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _check_total(source: HttpSource, progress: _Progress) -> None:
    if source.total and progress.total is not None and progress.records != progress.total:
        raise SourceRefused(
            "changing",
            f"says that it has {progress.total} rows and gave {progress.records}: it changed while "
            "it was read, or a page came short — it is asked again in the next run",
        )
