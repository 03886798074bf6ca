"""What a server says that it should not, and secrets that are none: one refusal, nothing lost."""

from __future__ import annotations

import base64
import email.utils
import socket
import threading
import time

import pytest

from ingestion.connectors.http import fetch_http
from ingestion.connectors.source import SourceRefused
from tests.ingestion.connectors.api import Answer, rows, serving
from tests.ingestion.connectors.test_http import fetched, refused, source

BY_TOKEN = {"by": "token", "param": "after", "next": "next"}
BY_LINK = {"by": "link", "next": "next"}
LONG = "1" * 5000  # digits: more than Python makes a number of


def page(words: str) -> Answer:
    return Answer(b'{"data": [{"id": 1}], %s}' % words.encode())


def refused_secret(url: str, **words) -> str:
    """Return why an address is refused; no word of the password in it, nor behind it."""
    with pytest.raises(SourceRefused) as said:
        fetch_http(source(), url, target=None, since=None, **{"token": None, **words})
    assert said.value.kind == "bad_secret"
    assert "geh" not in str(said.value)
    assert "eim" not in str(said.value)
    assert said.value.__cause__ is None
    return str(said.value)


@pytest.mark.parametrize(
    "following",
    [r'"\ud800"', r'"a\u0000b"', '{"href": "?n=2"}', '["?n=2"]'],
    ids=["half-a-sign", "nul", "object", "list"],
)
def test_a_next_page_that_nobody_can_ask_for_is_not_the_end(following, tmp_path):
    error, _ = refused(tmp_path, lambda *_: page(f'"next": {following}'), pages=BY_TOKEN)
    assert error.kind == "broken_answer"
    assert "'next'" in str(error)


@pytest.mark.parametrize("following", ["null", '""', "false", "0"])
def test_a_page_that_says_nothing_is_next_is_the_last(following, tmp_path):
    with serving(lambda *_: page(f'"next": {following}')) as api:
        assert fetched(tmp_path, api, pages=BY_TOKEN) == [1]


@pytest.mark.parametrize("following", [LONG, "17672256001234567890", "1.10"])
def test_a_number_that_is_next_is_asked_for_as_it_is_written(following, tmp_path):
    def answer(_, number):
        return page(f'"next": {following}') if number == 1 else rows(2)

    with serving(answer) as api:
        assert fetched(tmp_path, api, pages=BY_TOKEN) == [1, 2]
    assert api.asked[1].params["after"] == following


def test_a_link_that_is_no_address_is_refused(tmp_path):
    error, _ = refused(tmp_path, lambda *_: page('"next": "http://[::1/x"'), pages=BY_LINK)
    assert error.kind == "broken_answer"


@pytest.mark.parametrize("total", [LONG, "1.0", '"many"', "null"])
def test_a_total_that_is_no_number_is_not_passed_by(total, tmp_path):
    error, _ = refused(tmp_path, lambda *_: page(f'"total": {total}'), total="total")
    assert error.kind == "broken_answer"
    assert "'total'" in str(error)


def test_a_last_page_without_a_total_takes_none_back(tmp_path):
    pages = {"by": "page", "param": "p"}

    def answer(_, number):
        return {1: rows(1, 2, total=3), 2: rows(3)}.get(number, rows())

    with serving(answer) as api:
        assert fetched(tmp_path, api, pages=pages, total="total") == [1, 2, 3]
    error, _ = refused(tmp_path, lambda _, n: rows(1, total=2) if n == 1 else rows(), pages=pages,
                       total="total")  # fmt: skip
    assert error.kind == "changing"


def test_a_byte_order_mark_is_no_part_of_a_page(tmp_path):
    with serving(lambda *_: Answer(b"\xef\xbb\xbf" + rows(1).body)) as api:
        assert fetched(tmp_path, api) == [1]


@pytest.mark.parametrize("asked", ["\xb2", "soon", "9" * 5000, "Mon, 99 Foo 2026", "-1"])
def test_a_wait_that_is_none_is_passed_by(asked, tmp_path):
    busy = Answer(status=429, headers={"Retry-After": asked})
    with serving(lambda _, number: busy if number == 1 else rows(1)) as api:
        assert fetched(tmp_path, api) == [1]


def test_a_moment_that_a_server_names_is_waited_for(tmp_path):
    started = time.time()
    free = int(started) + 2  # a header names whole seconds
    busy = Answer(status=503, headers={"Retry-After": email.utils.formatdate(free, usegmt=True)})
    with serving(lambda _, number: busy if number == 1 else rows(1)) as api:
        assert fetched(tmp_path, api) == [1]
    assert time.time() >= free


def test_a_wait_beyond_the_time_of_a_fetch_is_not_begun(tmp_path):
    busy = Answer(status=429, headers={"Retry-After": "250"})
    started = time.monotonic()
    error, api = refused(tmp_path, lambda *_: busy, max_minutes=1)
    assert (error.kind, len(api.asked)) == ("unreachable", 1)
    assert time.monotonic() - started < 60


def test_parameters_of_an_address_stay_as_often_as_they_stand_there(tmp_path):
    seen = []

    def answer(asked, number):
        seen.append(asked.query)
        return rows(number) if number < 3 else rows()

    with serving(answer) as api:
        said = source(params={"unit": "水"}, pages={"by": "page", "param": "p"})
        url = f"{api.url}?kind=1&kind=2&deep="
        fetch_http(said, url, token=None, target=tmp_path / "x", since=None)
    assert seen[1] == "kind=1&kind=2&deep=&unit=%E6%B0%B4&p=2"


@pytest.mark.parametrize("password", ["geh/eim", "geh[eim", "geh#eim", "geheim／x", "geh?eim"])
def test_a_password_that_was_not_encoded_is_no_address_and_told_by_its_name(password):
    said = refused_secret(f"http://user:{password}@127.0.0.1/base")
    assert "secret API" in said
    assert "%2F" in said


@pytest.mark.parametrize("token", ["geheim\nX: y", "geheim密"])
def test_a_token_that_no_header_takes_is_told_by_its_name(token):
    said = refused_secret("http://127.0.0.1:1/base", token=token)
    assert "holds signs that no header takes" in said


def test_who_logs_in_may_have_a_chinese_name(tmp_path):
    with serving(lambda *_: rows(1)) as api:
        url = api.url.replace("http://", "http://%E6%B0%B4:%E5%8A%A1@")
        fetch_http(source(), url, token=None, target=tmp_path / "x", since=None)
    expected = base64.b64encode("水:务".encode()).decode()
    assert api.asked[0].headers["Authorization"] == f"Basic {expected}"


def test_asking_again_prints_nothing(tmp_path, capsys):
    with serving(lambda _, number: Answer(status=500) if number == 1 else rows(1)) as api:
        fetched(tmp_path, api)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "begun",
    [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
    ids=["status", "header", "chunk"],
)
def test_a_server_that_drips_what_is_no_body_is_cut_off(begun, tmp_path):
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            talking, _ = listening.accept()
            with talking:
                talking.sendall(begun)
                while not ended.wait(0.02):
                    try:
                        talking.sendall(b"0")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/base"
        said = source().model_copy(update={"max_minutes": 0.5 / 60})
        try:
            with pytest.raises(SourceRefused) as refusal:
                fetch_http(said, url, token=None, target=tmp_path / "x", since=None)
        finally:
            ended.set()
            thread.join()
    assert refusal.value.kind == "too_slow"


def test_a_fetch_that_ended_leaves_nothing_that_waits(tmp_path):
    before = threading.active_count()
    with serving(lambda *_: rows(1)) as api:
        assert fetched(tmp_path, api) == [1]
    watching = [t for t in threading.enumerate() if isinstance(t, threading.Timer)]
    for timer in watching:
        timer.join(5)
    assert threading.active_count() <= before
