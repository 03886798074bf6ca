"""Chinese words for the patterns of items, where they are plain enough to be told to a unit.

Keep out: whether a pattern compiles (catalog/patterns.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

OPTIONAL = re.compile(r"(?P<core>.*?)(?:\((?:\?:)?(?P<more>[^()]*)\)\?)?")
PART = re.compile(
    r"(?P<kind>\\d|\[0-9\]|\[A-Z\]|\[a-z\]|\[(?P<low>\d)-(?P<high>\d)\])"
    r"(?:\{(?P<least>\d+)(?:,(?P<most>\d+))?\}|(?P<many>\+))?|(?P<plain>(?:\\[-./]|[\w一-鿿/-])(?![{+?*]))"
)
KINDS = {r"\d": "数字", "[0-9]": "数字", "[A-Z]": "大写字母", "[a-z]": "小写字母"}


def pattern_words(pattern: str) -> str | None:
    """Say what a pattern asks for; None where it says more than these words can."""
    whole = OPTIONAL.fullmatch(pattern.removeprefix("^").removesuffix("$"))
    if whole is None:
        return None
    core, more = _said(whole["core"]), _said(whole["more"] or "")
    if not core or more is None:
        return None
    return f"{core}，可再接 {more}" if more else core


def _said(text: str) -> str | None:
    """Say one run of parts; None where one of them is unknown."""
    parts = list(_parts(text))
    return None if None in parts else " 后接 ".join(part for part in parts if part)


def _parts(text: str) -> Iterator[str | None]:
    at, plain = 0, ""
    while at < len(text):
        part = PART.match(text, at)
        if part is None:
            yield None
            return
        at = part.end()
        if part["plain"]:
            plain += part["plain"].removeprefix("\\")
            continue
        yield plain
        plain = ""
        yield _class(part)
    yield plain


def _class(part: re.Match[str]) -> str:
    what = KINDS.get(part["kind"]) or f" {part['low']} 至 {part['high']} 的数字"
    if part["many"]:
        return what
    least, most = part["least"] or "1", part["most"]
    return f"{least} 至 {most} 位{what}" if most else f"{least} 位{what}"
