"""Events are what the published schema says, reach the file and the endpoint, and never harm."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from catalog.load import load_catalog
from orchestration.flows.build import Built
from orchestration.lineage import Origin
from orchestration.openlineage.channel import LOG, Channel
from orchestration.openlineage.event import Dataset, Event
from orchestration.openlineage.telling import built, telling
from quality.verdict import RuleResult, Verdict
from tests.orchestration.openlineage.schema import faults

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
RULE = RuleResult("row_count", "ExpectTableRowCountToBeBetween", "行数", "2", 0, "block", True)
VERDICT = Verdict("base.daily_usage", True, "passed", 2, 0, 0, (RULE,), {})
COLUMNS = {"usage": (Origin("raw", "water_reading", "usage_m3"),), "usage_unit": ()}


def event() -> Event:
    return Event("START", "build.daily_usage", str(uuid4()), NOW, (Dataset("base.person"),))


def told(folder: Path) -> list[dict[str, Any]]:
    lines = [line for path in folder.glob("*.jsonl") for line in path.read_text().splitlines()]
    return [json.loads(line) for line in lines]


def tell(folder: Path, done: Built) -> list[dict[str, Any]]:
    """Return the events of one build."""
    entry = load_catalog().entry("daily_usage")
    output = Dataset("base.daily_usage")
    with telling(Channel(folder), "build.daily_usage", inputs=(), output=output) as run:
        built(run, entry, done)
    return told(folder)


@pytest.fixture
def endpoint() -> Iterator[tuple[str, list[tuple[str, dict[str, Any]]]]]:
    came: list[tuple[str, dict[str, Any]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((f"{self.path} {self.headers['Authorization']}", json.loads(body)))
            self.send_response(201)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", came
        server.shutdown()


def test_a_build_tells_start_end_and_verdict_by_the_published_schema(tmp_path) -> None:
    made = Built("base", "daily_usage", "released", "passed", 3, 2, VERDICT, COLUMNS)
    start, end, gate = tell(tmp_path, made)
    assert [faults(one) for one in (start, end, gate)] == [[], [], []]
    assert (start["eventType"], end["eventType"]) == ("START", "COMPLETE")
    assert start["run"]["runId"] == end["run"]["runId"] != gate["run"]["runId"]
    (output,) = end["outputs"]
    assert output["outputFacets"]["outputStatistics"]["rowCount"] == 2
    assert output["facets"]["version"]["datasetVersion"] == "3"
    assert output["facets"]["columnLineage"]["fields"] == {
        "usage": {
            "inputFields": [
                {"namespace": "citylake", "name": "raw.water_reading", "field": "usage_m3"}
            ]
        }
    }
    said = gate["inputs"][0]["inputFacets"]["dataQualityAssertions"]["assertions"]
    assert [(one["name"], one["success"]) for one in said] == [("row_count", True)]


@pytest.mark.parametrize("outcome", ["held", "failed"])
def test_a_build_that_released_nothing_fails_and_says_how(tmp_path, outcome) -> None:
    _, end = tell(tmp_path, Built("base", "daily_usage", outcome, "why"))
    assert (end["eventType"], faults(end)) == ("FAIL", [])
    assert end["run"]["facets"]["errorMessage"]["message"] == outcome


def test_a_step_that_breaks_fails_without_its_words(tmp_path) -> None:
    def breaks() -> None:
        with telling(Channel(tmp_path), "job", inputs=(), output=Dataset("base.person")):
            raise ValueError("520102199001011234")

    with pytest.raises(ValueError, match="5201"):
        breaks()
    assert [one["eventType"] for one in told(tmp_path)] == ["START", "FAIL"]
    assert "5201" not in json.dumps(told(tmp_path))


def test_what_breaks_the_schema_is_found() -> None:
    said = event().as_json()
    assert faults(said) == []
    said["run"]["runId"] = "not a UUID"
    said["inputs"] = [{"namespace": "citylake"}]
    assert len(faults(said | {"inputs": []})) == 1
    del said["inputs"][0]["namespace"]
    assert faults(said | {"inputs": []}) != []


def test_events_reach_the_endpoint_and_the_file(tmp_path, endpoint) -> None:
    url, came = endpoint
    said = event()
    Channel(tmp_path, url, "secret").send(said)
    assert came == [("/api/v1/lineage Bearer secret", said.as_json())]
    assert told(tmp_path) == [said.as_json()]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let our log speak: whoever configured logging before, in this process, may have cut it."""
    monkeypatch.setattr(LOG, "disabled", False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "no address"])
def test_an_endpoint_that_fails_is_left_in_peace_and_the_file_has_all(
    tmp_path, caplog, heard, url
) -> None:
    to = Channel(tmp_path, url)
    for _ in range(3):
        to.send(event())
    assert len(told(tmp_path)) == 3
    assert [record.message.count("not sent") for record in caplog.records] == [1]


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path, caplog, heard) -> None:
    (tmp_path / "reports").touch()
    Channel(tmp_path / "reports").send(event())
    assert "not written" in caplog.text
