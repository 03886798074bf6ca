"""Telling encodings apart by bytes alone: marks, NULs, then what reads well.

What is valid UTF-8 is UTF-8; what is neither UTF-8 nor UTF-16 is GB18030, which contains GBK and
GB2312. Keep out: what a declared encoding means (encodings).
"""

from __future__ import annotations

import codecs
from pathlib import Path

from catalog.entry import Entry
from ingestion.header import recognised

MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    b"\x84\x31\x95\x33": "gb18030",
}
SAMPLE = 1 << 18  # bytes that are looked at to see what a file is
EVIDENCE = 4096  # characters that are not ASCII after which more change nothing
SPARSE = 0.9  # of UTF-16 with few NULs: how many characters are of the usual blocks


def detected(entry: Entry, path: Path) -> str:
    """Return the encoding that a file is in."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    if seen := _marked(sample) or wide(sample):
        return seen
    found = _header(entry, sample)
    if found["utf-8"] != found["gb18030"]:
        return max(found, key=lambda name: found[name])
    return _weighed(path)


def other_than(entry: Entry, codec: str, path: Path) -> str | None:
    """Return the encoding that a file is plainly in, when it is not the declared one."""
    with path.open("rb") as file:
        seen = detect(entry, file.read(SAMPLE), codec)
    return seen if seen is not None and seen.split("-")[:2] != codec.split("-")[:2] else None


def _weighed(path: Path) -> str:
    """Return UTF-8 when more of a file's characters are that than are not, else GB18030."""
    right, wrong = 0, 0
    with path.open("rb") as file:
        while (chunk := file.read(SAMPLE)) and right + wrong < EVIDENCE:
            if not chunk.isascii():
                broken, whole = _count(chunk + file.readline(1 << 10), "utf-8")
                right, wrong = right + whole, wrong + broken
    return "utf-8" if right >= wrong else "gb18030"


def detect(entry: Entry, sample: bytes, codec: str) -> str | None:
    """Return the encoding that the sample is plainly in, or None when it may be the declared."""
    if seen := _marked(sample):
        return seen
    if (units := wide(sample)) and not codec.startswith("utf-16"):
        return units
    if codec.startswith("utf-16"):
        return None if units or codec != "utf-16" else _narrow(sample)
    return _by_header(entry, sample, codec) or _by_body(sample, codec)


def _marked(sample: bytes) -> str | None:
    return next((name for mark, name in MARKS.items() if sample.startswith(mark)), None)


def wide(sample: bytes) -> str | None:
    """Return which UTF-16 it is: every other byte of ASCII in it is NUL."""
    pairs = max(len(sample) // 2, 1)
    little, big = sample[1::2].count(0) / pairs, sample[0::2].count(0) / pairs
    if max(little, big) > 0.2 and min(little, big) < 0.05:
        return "utf-16-le" if little > big else "utf-16-be"
    return _sparse(sample, "utf-16-le" if little > big else "utf-16-be") if 0 in sample else None


def _sparse(sample: bytes, name: str) -> str | None:
    """Return a UTF-16 in which text with few ASCII characters makes sense, 汉字 and full widths."""
    text = sample[: len(sample) & ~1].decode(name, "replace")
    usual = sum("\u4e00" <= c <= "\u9fff" or c < "\x80" or "\uff00" <= c < "\uffff" for c in text)
    return name if usual > SPARSE * len(text) and not _valid(sample, "utf-8") else None


def _narrow(sample: bytes) -> str | None:
    """Return what a sample without NULs is, where two-byte units were declared."""
    return None if 0 in sample else "utf-8" if _valid(sample, "utf-8") else "gb18030"


def _by_header(entry: Entry, sample: bytes, codec: str) -> str | None:
    """Return the other encoding in which the header has more declared titles."""
    found = _header(entry, sample)
    other = "gb18030" if codec == "utf-8" else "utf-8"
    return other if found[other] > found[codec] else None


def _header(entry: Entry, sample: bytes) -> dict[str, int]:
    """Return how many declared titles the header has in either encoding."""
    rows = entry.origin.skip_rows + entry.origin.header_rows if entry.origin.header else 0
    head = b"\n".join(sample.splitlines()[:rows])
    return {name: _titles(entry, head, name) for name in ("utf-8", "gb18030")}


def _titles(entry: Entry, head: bytes, codec: str) -> int:
    """Return how many declared titles the header has when it is read in this encoding."""
    text = head.decode(codec, "replace").replace("\n", entry.origin.delimiter)
    quote = entry.origin.quote
    columns = text.split(entry.origin.delimiter)
    return recognised(entry, (c.strip().strip(quote) if quote else c for c in columns))


def _by_body(sample: bytes, codec: str) -> str | None:
    """Return the other encoding when the sample reads well in it and badly in the declared."""
    if sample.isascii():
        return None
    if codec == "utf-8":
        wrong, right = _count(sample, "utf-8")
        return "gb18030" if wrong > right and _count(sample, "gb18030")[0] * 10 < wrong else None
    wrong, right = _count(sample, "utf-8")
    # GBK text that happens to be valid UTF-8 is rare from a dozen characters on (0.18 each)
    return "utf-8" if wrong == 0 and right >= 12 else None


def _count(sample: bytes, codec: str) -> tuple[int, int]:
    """Return how many undecodable places and how many non-ASCII characters a sample has."""
    text = sample.decode(codec, "replace")
    wrong = text.count("\ufffd")
    ascii_only = len(text.encode("ascii", "ignore"))
    return max(wrong - 1, 0) if len(sample) == SAMPLE else wrong, len(text) - ascii_only - wrong


def _valid(sample: bytes, codec: str) -> bool:
    """Tell whether the whole sample decodes, but for a character cut at its end."""
    wrong, _ = _count(sample, codec)
    return wrong == 0
