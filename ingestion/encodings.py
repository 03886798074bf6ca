"""Encodings of text deliveries: which one is declared or found, and what to do when it is not so.

A file that is plainly in another encoding than declared is refused, never guessed at. Keep out:
telling encodings apart (detection), writing text as UTF-8 (transcoding), records.
"""

from __future__ import annotations

from pathlib import Path

from catalog.entry import DETECT, Entry
from ingestion.delivery import DeliveryRefused
from ingestion.detection import detected, other_than
from ingestion.flood import Flood
from ingestion.source import Source
from ingestion.transcoding import MOST_UNDECODABLE, transcode

# GB18030 contains GBK and GB2312, and units that declare these do send 𠮷 and 㐂
CODECS = {
    "utf-8": "utf-8", "utf8": "utf-8", "utf-8-sig": "utf-8",
    "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030",
    "utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be",
}  # fmt: skip
DOCUMENTS = {"json", "xml"}  # their lines are no records
TEXTS = {"csv", "tsv", "fixed", "json", "jsonl", "xml"}


def with_encoding(entry: Entry, source: Source) -> tuple[Entry, tuple[str, ...]]:
    """Return the entry with the encoding that the file has, where it declares none, and a note."""
    if entry.origin.encoding != DETECT or entry.origin.format not in TEXTS:
        return entry, ()
    found = detected(entry, source.path)
    origin = entry.origin.model_copy(update={"encoding": found})
    notes = () if found == "utf-8" else (f"read as {found.upper()}: the entry says no encoding",)
    return entry.model_copy(update={"origin": origin}), notes


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
    if seen := other_than(entry, codec, source.path):
        raise refusal(entry, source.name, f"looks like {seen.upper()}")
    if codec == "utf-8":
        return source.path
    target = source.scratch_file(".utf8")
    try:
        parts = entry.origin.format in DOCUMENTS
        lines = transcode(source.path, target, codec, parts=parts)
        if lines.foreign + lines.doubtful and not lines.native:
            raise refusal(entry, source.name, "looks like UTF-8")
        if lines.foreign and lines.doubtful:  # what may be either is not believed beside UTF-8
            transcode(source.path, target, codec, strict=True, parts=parts)
    except Flood:
        seen = f"more than {MOST_UNDECODABLE:,} places cannot be decoded"
        raise refusal(entry, source.name, seen) from None
    return target


def refusal(entry: Entry, file_name: str, seen: str) -> DeliveryRefused:
    """Return the refusal of a file in another encoding than it is read in."""
    return DeliveryRefused(
        "wrong_encoding",
        f"{file_name}: {seen}, but by the catalog entry {entry.name} it is read as "
        f"{entry.origin.encoding} — deliver in the declared encoding, or correct the entry",
    )
