"""Encodings of text deliveries: anything declared becomes UTF-8, in chunks of bounded memory.

What cannot be decoded becomes a byte that UTF-8 never has, so that it costs its record alone.
A file that is plainly in another encoding is refused, never guessed at. Keep out: records.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from catalog.entry import Entry
from ingestion.delivery import DeliveryRefused
from ingestion.flood import Flood
from ingestion.header import recognised
from ingestion.source import Source

# GB18030 contains GBK and GB2312, and units that declare these do send 𠮷 and 㐂
CODECS = {
    "utf-8": "utf-8", "utf8": "utf-8", "utf-8-sig": "utf-8",
    "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030",
    "utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be",
}  # fmt: skip
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    b"\x84\x31\x95\x33": "gb18030",
}
CHUNK = 1 << 20
MOST_UNDECODABLE = 1_000_000  # places: each is a call of Python, 1 µs
SAMPLE = 1 << 18  # bytes that are looked at to see what a file is
UNDECODABLE = "\udcff"  # encodes to the byte 0xFF, which no UTF-8 text has
HANDLER = "citylake.undecodable"


def codec_of(entry: Entry) -> str:
    """Return Python's codec for the encoding that the entry declares."""
    declared = entry.origin.encoding.lower().replace("_", "-")
    try:
        return CODECS[declared]
    except KeyError:
        raise DeliveryRefused(
            "unreadable",
            f"catalog entry {entry.name}: origin.encoding {entry.origin.encoding} is not one of "
            f"{', '.join(CODECS)} — correct the entry",
        ) from None


def as_utf8(entry: Entry, source: Source) -> Path:
    """Return a file with the delivery's text in UTF-8: itself when it already is."""
    codec = codec_of(entry)
    check_encoding(entry, codec, source)
    if codec == "utf-8":
        return source.path
    target = source.scratch_file(".utf8")
    try:
        transcode(source.path, target, codec)
    except Flood:
        seen = f"more than {MOST_UNDECODABLE:,} places cannot be decoded"
        raise refusal(entry, source.name, seen) from None
    return target


def transcode(path: Path, target: Path, codec: str) -> None:
    """Write the text as UTF-8, one chunk in memory at a time."""
    met = 0

    def skip(error: UnicodeError) -> tuple[str, int]:
        nonlocal met
        met += 1
        if met > MOST_UNDECODABLE:
            raise Flood from None
        return _skip_undecodable(error)

    codecs.register_error(HANDLER, skip)
    decoder = codecs.getincrementaldecoder(codec)(HANDLER)
    with path.open("rb") as read, target.open("wb") as write:
        while chunk := read.read(CHUNK):
            plain = codec == "gb18030" and chunk.isascii() and not decoder.getstate()[0]
            text = chunk if plain else decoder.decode(chunk).encode("utf-8", "surrogateescape")
            write.write(text)
        write.write(decoder.decode(b"", final=True).encode("utf-8", "surrogateescape"))


def _skip_undecodable(error: UnicodeError) -> tuple[str, int]:
    """Stand in for what cannot be decoded, and go on at the next byte that may begin something."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    step = error.start + 1 if error.encoding.startswith("gb") else error.end
    return UNDECODABLE, step


def check_encoding(entry: Entry, codec: str, source: Source) -> None:
    """Refuse a file that is plainly not in the declared encoding, saying what it looks like."""
    with source.path.open("rb") as file:
        sample = file.read(SAMPLE)
    seen = detect(entry, sample, codec)
    if seen is not None and seen.split("-")[:2] != codec.split("-")[:2]:
        raise refusal(entry, source.name, f"looks like {seen.upper()}")


def refusal(entry: Entry, file_name: str, seen: str) -> DeliveryRefused:
    """Return the refusal of a file in another encoding than declared."""
    return DeliveryRefused(
        "wrong_encoding",
        f"{file_name}: {seen}, but the catalog entry {entry.name} declares "
        f"{entry.origin.encoding} — deliver in the declared encoding, or correct the entry",
    )


def detect(entry: Entry, sample: bytes, codec: str) -> str | None:
    """Return the encoding that the sample is plainly in, or None when it may be the declared."""
    for mark, name in MARKS.items():
        if sample.startswith(mark):
            return name
    if (wide := _wide(sample)) and not codec.startswith("utf-16"):
        return wide
    if codec.startswith("utf-16"):
        return None if wide or codec != "utf-16" else _narrow(sample)
    return _by_header(entry, sample, codec) or _by_body(sample, codec)


def _wide(sample: bytes) -> str | None:
    """Return which UTF-16 it is when every other byte of much of it is NUL or line ends say so."""
    pairs = max(len(sample) // 2, 1)
    little, big = sample[1::2].count(0) / pairs, sample[0::2].count(0) / pairs
    if max(little, big) > 0.2 and min(little, big) < 0.05:
        return "utf-16-le" if little > big else "utf-16-be"
    return None


def _narrow(sample: bytes) -> str | None:
    """Return what a sample without NULs is, where two-byte units were declared."""
    return None if 0 in sample else "utf-8" if _valid(sample, "utf-8") else "gb18030"


def _by_header(entry: Entry, sample: bytes, codec: str) -> str | None:
    """Return the other encoding in which the header has more declared titles."""
    if not entry.origin.header:
        return None
    lines = sample.splitlines()[: entry.origin.skip_rows + entry.origin.header_rows]
    head = b"\n".join(lines)
    found = {name: _titles(entry, head, name) for name in ("utf-8", "gb18030")}
    other = "gb18030" if codec == "utf-8" else "utf-8"
    return other if found[other] > found[codec] else None


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
