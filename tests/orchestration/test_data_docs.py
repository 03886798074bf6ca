"""Every kept verdict is a page that opens without a network and shows no person's data."""

from __future__ import annotations

import re
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from orchestration.city import City
from orchestration.docs_server import server
from orchestration.flows.data_docs import build_docs
from registry import verdicts
from tests.orchestration.town import PERSONAL, lay, take_in, town

ROWS = ("P1,520102,5", "X<b>9,520102,7", "P3,520102,-41")


@pytest.fixture
def city(tmp_path: Path) -> City:
    built = town(tmp_path)
    lay(built, "park", "park_202601.csv", *ROWS, *(f"P{n},520103,{n}" for n in range(50, 60)))
    take_in(built)
    return built


def test_the_site_holds_a_page_for_every_verdict_and_is_built_once(city) -> None:
    assert build_docs(city) == 1
    site = city.settings.data_docs
    page = (site / "raw" / "park" / "1.html").read_text("utf-8")
    for told in ("park_202601.csv", "面积不小于0", "记录 3，面积 -41", "13 = 11 + 2 + 0"):
        assert told in page
    assert "raw/park/index.html" in (site / "index.html").read_text("utf-8")
    assert 'href="1.html"' in (site / "raw" / "park" / "index.html").read_text("utf-8")
    assert build_docs(city) == 0


def test_what_was_refused_and_what_could_not_be_read_is_not_hidden(city) -> None:
    lay(city, "park", "park_202602.csv", *(f"X{n},520102,5" for n in range(3)))
    (city.settings.inbox / "park" / "park_202603.csv").write_bytes(b"\x00\x01")
    lay(city, "park", "park_202604.csv", "P7,520102,5", "P8,520102", "P9,520102,6")
    outcomes = [one.outcome for one in take_in(city)]
    assert outcomes == ["refused", "refused", "accepted"]
    build_docs(city)
    site = city.settings.data_docs
    assert (
        "1 张表共质检 3 次，未通过 1 次；另有 1 份交付未能读取。"
        in (site / "index.html").read_text()
    )
    table = (site / "raw" / "park" / "index.html").read_text("utf-8")
    for told in (
        "隔离行超过允许的比例",
        "park_202603.csv",
        "未能读取：内容不像这个资源的数据，请检查文件是否放错（",
        "公园编号应为P 后接 数字",
    ):
        assert told in table
    last = verdicts.latest(city.registry, "raw.park")
    page = (site / "raw" / "park" / f"{last.id}.html").read_text("utf-8")
    assert "其中无法读成一行的记录</td><td>1（" in page


def test_pages_fetch_nothing_and_cells_are_text(city) -> None:
    build_docs(city)
    for page in city.settings.data_docs.rglob("*.html"):
        text = page.read_text("utf-8")
        assert re.findall(r"https?://|<script|<link|<img|url\(", text) == []
        assert "X<b>9" not in text
        links = re.findall(r'href="([^"]+)"', text)
        assert all((page.parent / link).is_file() for link in links), links


def test_examples_name_no_value_of_a_person(tmp_path: Path) -> None:
    city = town(tmp_path, PERSONAL)
    lay(city, "park", "park_202601.csv", *ROWS, *(f"P{n},520103,{n}" for n in range(50, 60)))
    take_in(city)
    kept = verdicts.latest(city.registry, "raw.park")
    said = {rule.rule: rule.examples for rule in kept.verdict.rules if rule.failed}
    assert said == {"pattern:park_id": ("记录 2",), "out_of_range:area_m2": ("记录 3",)}
    build_docs(city)
    assert "-41" not in (city.settings.data_docs / "raw" / "park" / "1.html").read_text("utf-8")


def test_the_server_makes_a_page_when_it_is_asked_for_and_leads_nowhere_else(city) -> None:
    (city.settings.reports).mkdir()
    (city.settings.reports / "secret.html").write_text("secret")
    site = server(city, 0)
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{site.server_port}"
    try:
        for path, told in (
            ("/", "公园"),
            ("/raw/park/", "park_202601.csv"),
            ("/raw/park/1.html", "面积"),
        ):
            with urllib.request.urlopen(address + path) as answer:
                assert told in answer.read().decode()
        for path in ("/raw/park/9.html", "/../secret.html", "/%2e%2e/secret.html", "/raw/none/"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(address + path)
    finally:
        site.shutdown()
        site.server_close()
        thread.join()
