"""An API that answers well, and one that fails on purpose, over a real connection."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import json
import resource
import time

import pytest

from catalog.sources import HttpSource
from ingestion.connectors.http import fetch_http
from ingestion.connectors.source import SourceRefused
from tests.ingestion.connectors.api import Answer, rows, serving

BY_PAGE = {"by": "page", "param": "p"}
LAST = 3


def source(**words):
    said = {"secret": "API", "extract": "full", "path": "v1/meters", "rows": "data", **words}
    return HttpSource.model_validate({"wait_seconds": 0.01, "attempts": 3, **said})


def fetched(tmp_path, api, *, token=None, bound=None, **words):
    target = tmp_path / "window.jsonl"
    taken = fetch_http(source(**words), api.url, token=token, target=target, since=bound)
    lines = target.read_text(encoding="utf-8").splitlines()
    assert len(lines) == taken.records
    return [json.loads(line)["id"] for line in lines]


def refused(tmp_path, answer, **words):
    with serving(answer) as api, pytest.raises(SourceRefused) as said:
        fetched(tmp_path, api, **words)
    return said.value, api


def by_number(asked, _):
    page = int(asked.params["p"])
    return rows(page * 2 - 1, page * 2) if page <= LAST else rows()


def by_offset(asked, _):
    at = int(asked.params["from"])
    return rows(*range(at, min(at + 2, 5)))


def by_token(asked, _):
    page = int(asked.params.get("after", 1))
    return rows(page, next=str(page + 1) if page < LAST else None)


def by_link(asked, _):
    page = int(asked.params.get("n", 1))
    return rows(page, links={"next": f"?n={page + 1}" if page < LAST else ""})


@pytest.mark.parametrize(
    ("answer", "pages", "found"),
    [
        (by_number, BY_PAGE, [1, 2, 3, 4, 5, 6]),
        (by_offset, {"by": "offset", "param": "from"}, [0, 1, 2, 3, 4]),
        (by_token, {"by": "token", "param": "after", "next": "next"}, [1, 2, 3]),
        (by_link, {"by": "link", "next": "links.next"}, [1, 2, 3]),
    ],
    ids=["page", "offset", "token", "link"],
)
def test_every_page_is_turned_to_the_last(tmp_path, answer, pages, found):
    with serving(answer) as api:
        assert fetched(tmp_path, api, pages=pages) == found
    assert {asked.path for asked in api.asked} == {"/base/v1/meters"}


def test_numbers_stay_as_the_server_wrote_them(tmp_path):
    body = b'[\n {"id": 1.10,\r\n  "name": "a\\nb"},\n {"id": 12345678901234567890.5}\n]'
    with serving(lambda *_: Answer(body)) as api:
        target = tmp_path / "window.jsonl"
        fetch_http(source(rows=""), api.url, token=None, target=target, since=None)
    first, second = target.read_bytes().splitlines()
    assert b"1.10" in first
    assert b'"a\\nb"' in first
    assert second.strip() == b'{"id": 12345678901234567890.5}'


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [({}, "Authorization", "Bearer t0k"), ({"header": "X-Key"}, "X-Key", "t0k")],
)
def test_who_we_are_goes_into_a_header_alone(tmp_path, words, name, value):
    with serving(lambda *_: rows(1)) as api:
        said = source(token="TOKEN", **words)
        fetch_http(said, api.url, token="t0k", target=tmp_path / "x", since=None)
    assert api.asked[0].headers[name] == value
    assert "t0k" not in str(api.asked[0].params) + api.asked[0].path


def test_an_incremental_fetch_asks_from_the_cursor_in_the_citys_time(tmp_path):
    words = {"extract": "incremental", "cursor": "read_at", "since": "from"}
    at = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)
    with serving(lambda *_: rows(1)) as api:
        fetched(tmp_path, api, bound=at, **words)
    assert api.asked[0].params["from"] == "2026-03-01T12:00:00+08:00"


@pytest.mark.parametrize(
    "bad",
    [
        Answer(status=500),
        Answer(status=503, headers={"Retry-After": "0"}),
        Answer(status=429, headers={"Retry-After": "0"}),
        Answer(b'{"data": [{"id": 1}, {"i'),
        Answer(b'{"data": [{"id": 1}', length=500),
        Answer(b"<html>busy</html>"),
    ],
    ids=["500", "503", "429", "half-a-document", "half-a-body", "no-json"],
)
def test_a_passing_fault_costs_a_retry_and_nothing_else(tmp_path, bad):
    with serving(lambda _, number: bad if number == 1 else rows(1, 2)) as api:
        assert fetched(tmp_path, api) == [1, 2]
    assert len(api.asked) == 2


@pytest.mark.parametrize(
    ("bad", "kind", "asked"),
    [
        (Answer(status=500), "unreachable", 3),
        (Answer(b'{"data": [{"id"'), "broken_answer", 3),
        (Answer(b'{"data": [{"id": 1}', length=500), "broken_answer", 3),
        (Answer(b'{"rows": []}'), "broken_answer", 1),
        (Answer(status=401), "denied", 1),
        (Answer(status=404), "no_such_source", 1),
        (Answer(status=302, headers={"Location": "http://127.0.0.1:1/"}), "moved", 1),
        (Answer(status=418), "rejected", 1),
    ],
    ids=["500", "half-page", "half-body", "no-rows", "401", "404", "302", "418"],
)
def test_a_lasting_fault_is_one_refusal_after_few_attempts(tmp_path, bad, kind, asked):
    error, api = refused(tmp_path, lambda *_: bad)
    assert (error.kind, len(api.asked)) == (kind, asked)
    assert "\n" not in str(error)


def test_a_server_that_is_not_there_is_refused_without_its_address(tmp_path):
    url = "http://user:geheim@127.0.0.1:1/base"
    with pytest.raises(SourceRefused) as said:
        fetch_http(source(), url, token="t0k", target=tmp_path / "x", since=None)
    assert said.value.kind == "unreachable"
    assert not {"geheim", "t0k", "127.0.0.1"} & set(str(said.value).split())
    assert said.value.__cause__ is None


@pytest.mark.parametrize(
    ("answer", "words", "kind"),
    [
        (lambda *_: rows(1, 2), {"pages": BY_PAGE}, "same_page"),
        (
            lambda *_: rows(1, next="same"),
            {"pages": {"by": "token", "param": "a", "next": "next"}},
            "same_page",
        ),
        (
            lambda _, n: rows(n, next=str(n % 2)),
            {"pages": {"by": "token", "param": "a", "next": "next"}},
            "same_page",
        ),
        (lambda _, n: rows(n), {"pages": BY_PAGE, "max_pages": 4}, "too_much"),
        (
            lambda _, n: Answer(b'{"data": [{"id": %d, "x": "%s"}]}' % (n, b"x" * 400_000)),
            {"pages": BY_PAGE, "max_megabytes": 1},
            "too_much",
        ),
        (
            lambda *_: rows(1, next="http://127.0.0.2:9/steal"),
            {"pages": {"by": "link", "next": "next"}},
            "moved",
        ),
        (
            lambda a, n: rows(1, 2, total=5) if n == 1 else rows(total=5),
            {"pages": BY_PAGE, "total": "total"},
            "changing",
        ),
    ],
    ids=["same-page", "same-token", "circle", "endless", "too-big", "other-server", "short"],
)
def test_a_server_that_never_ends_or_leads_astray_is_found_out(tmp_path, answer, words, kind):
    error, api = refused(tmp_path, answer, **words)
    assert error.kind == kind
    assert len(api.asked) <= 6


def test_a_server_that_drips_is_cut_off_in_time(tmp_path):
    dripping = Answer(rows(1).body, drip=0.05)
    error, _ = refused(tmp_path, lambda *_: dripping, timeout_seconds=0.02, attempts=1)
    assert error.kind == "unreachable"


def test_the_pace_that_the_entry_allows_is_kept(tmp_path):
    with serving(by_number) as api:
        started = dt.datetime.now(dt.UTC)
        fetched(tmp_path, api, pages=BY_PAGE, rate=50)
    assert (dt.datetime.now(dt.UTC) - started).total_seconds() >= (len(api.asked) - 1) / 50


def test_user_and_password_of_the_address_go_into_a_header_alone(tmp_path):
    with serving(lambda *_: rows(1)) as api:
        url = api.url.replace("http://", "http://us%40er:p%3Aw@")
        fetch_http(source(), url, token=None, target=tmp_path / "x", since=None)
    sent = {name.lower(): value for name, value in api.asked[0].headers.items()}
    assert sent["authorization"] == "Basic " + base64.b64encode(b"us@er:p:w").decode()
    assert "us@er" not in sent["host"] + api.asked[0].path


def test_a_page_that_unpacks_without_end_is_cut_off(tmp_path):
    bomb = gzip.compress(b'{"data": [{"id": 1, "x": "' + b"x" * 200_000_000 + b'"}]}')
    packed = Answer(bomb, headers={"Content-Encoding": "gzip"})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    error, api = refused(tmp_path, lambda *_: packed, max_megabytes=2)
    assert (error.kind, len(api.asked)) == ("too_much", 1)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before  # kilobytes
    assert grown < 50_000


def test_a_wait_that_a_server_asks_for_is_kept(tmp_path):
    busy = Answer(status=429, headers={"Retry-After": "1"})
    started = time.monotonic()
    with serving(lambda _, number: busy if number == 1 else rows(1)) as api:
        assert fetched(tmp_path, api) == [1]
    assert time.monotonic() - started >= 1
