"""Files made to fill the memory: each ends in one clear way, measured in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ingestion.entries import HEADER

READ = """
import json, sys
from pathlib import Path
from ingestion.delivery import DeliveryRefused
from ingestion.read import read
from tests.ingestion.entries import entry
path, words = Path(sys.argv[1]), json.loads(sys.argv[2])
try:
    found = read(entry(**words), path, file_name="flood", scratch=path.parent / "scratch")
    rows = len(found.frame.collect(engine="streaming"))
    said = [found.records, rows, len(found.malformed)]
except DeliveryRefused as refusal:
    said = refusal.kind
# Not ru_maxrss: a child begins with the peak of the process that forked it.
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(json.dumps([said, int(status["VmHWM"].split()[0]) >> 10]))
"""
MIB = 1 << 20
TOP = f"{HEADER}\nW1,2026-03-01,1\n".encode()
LAST = b"\nW3,2026-03-01,3\n"
FLOODS = {
    "one endless line": ({}, lambda n: TOP + b"a" * n + LAST, [3, 2, 1]),
    "one endless quote": ({}, lambda n: TOP + b'"' + b"a" * n + LAST, [3, 2, 1]),
    "delimiters only": ({}, lambda n: TOP + b"," * n + LAST, [3, 2, 1]),
    "bytes that decode to nothing": ({}, lambda n: TOP + b"\xff" * n + LAST, [3, 2, 1]),
    "blank lines": ({}, lambda n: TOP + b"\n" * n + LAST, [2, 2, 0]),
    "malformed lines": ({}, lambda n: TOP + b"a\n" * (n // 2) + LAST, "too_many_bad_rows"),
    "GB bytes of nothing": (
        {"encoding": "gb18030"},
        lambda n: HEADER.encode("gb18030") + b"\n" + b"\xff" * n,
        "wrong_encoding",
    ),
    "one JSON value": ({"format": "json"}, lambda n: b'[{"a":"' + b"a" * n, "unreadable"),
    "nested JSON": ({"format": "json"}, lambda n: b'[{"a":' + b"[" * n, "unreadable"),
    "nested XML": (
        {"format": "xml", "record": "row"},
        lambda n: b"<r>" + b"<a>" * (n // 3),
        "unreadable",
    ),
    "one XML tag": (
        {"format": "xml", "record": "row"},
        lambda n: b"<" + b"a" * n,
        "line_too_long",
    ),
}


def outcome(folder: Path, words: dict, content: bytes) -> tuple[object, int]:
    """Return how reading a file ends, and the peak MiB of the process that read it."""
    path = folder / "flood"
    path.write_bytes(content)
    command = [sys.executable, "-c", READ, str(path), json.dumps(words)]
    ran = subprocess.run(command, capture_output=True, check=True, timeout=300)
    said, peak = json.loads(ran.stdout)
    return said, peak


@pytest.mark.parametrize("name", ["malformed lines", "blank lines"])
def test_a_flood_ends_in_bounded_memory(name, tmp_path):
    words, content, expected = FLOODS[name]
    said, peak = outcome(tmp_path, words, content(9 * MIB))
    assert said == expected
    assert peak < 700


@pytest.mark.slow
@pytest.mark.parametrize("name", FLOODS)
def test_a_great_flood_takes_little_more_than_its_own_pages(name, tmp_path):
    words, content, expected = FLOODS[name]
    size = 200 * MIB
    said, peak = outcome(tmp_path, words, content(size))
    assert said == expected
    assert peak < 1500 + size // MIB  # the file's own pages count, though the system may drop them
