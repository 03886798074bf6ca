"""Text of any encoding becomes UTF-8, in pieces of bounded memory.

What cannot be decoded becomes a byte that UTF-8 never has, so that it costs its record alone; so
does a line of UTF-8 in a GB text. Keep out: which encoding it is.
"""

from __future__ import annotations

import codecs
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from ingestion.flood import Flood

CHUNK = 1 << 20
THREADS = min(4, os.cpu_count() or 1)
MOST_UNDECODABLE = 1_000_000  # places: each is a call of Python, 1 µs
UNDECODABLE = "\udcff"  # encodes to the byte 0xFF, which no UTF-8 text has
LINE, PARTS = b"\n", b",>\r\n"  # of a line above a chunk: none is second in a GB character
HANDLER = "citylake.undecodable"


@dataclass
class Lines:
    """What lines a GB text has besides ASCII: of UTF-8, of either, of GB alone."""

    foreign: int = 0
    doubtful: int = 0
    native: int = 0

    def add(self, other: Lines) -> None:
        """Count the lines of a further piece."""
        self.foreign += other.foreign
        self.doubtful += other.doubtful
        self.native += other.native


@dataclass(frozen=True)
class _Looked:
    """A piece of a text: its foreign lines, and its UTF-8 where it is easily told."""

    piece: bytes
    found: list[tuple[int, int, int]]
    lines: Lines
    text: bytes | None


def transcode(
    path: Path, target: Path, codec: str, *, strict: bool = False, parts: bool = False
) -> Lines:
    """Write the text as UTF-8; strict: lines that may be UTF-8 or GB are taken for UTF-8.

    With `parts` the lines mean nothing, as in JSON: values are looked at by themselves.
    """
    met = 0

    def skip(error: UnicodeError) -> tuple[str, int]:
        nonlocal met
        met += 1
        if met > MOST_UNDECODABLE:
            raise Flood from None
        return skip_undecodable(error)

    codecs.register_error(HANDLER, skip)
    decoder = codecs.getincrementaldecoder(codec)(HANDLER)

    def decode(text: bytes) -> bytes:
        return decoder.decode(text).encode("utf-8", "surrogateescape")

    lines, is_gb = Lines(), codec == "gb18030"
    with path.open("rb") as read, target.open("wb") as write:
        for looked in _ahead(_pieces(read), is_gb=is_gb, strict=strict, parts=parts):
            begins = not decoder.getstate()[0]  # else: in the midst of a character
            if begins:
                lines.add(looked.lines)
            if begins and looked.text is not None:
                write.write(looked.text)
                continue
            found = looked.found if begins else []
            met += len(found)
            write.writelines(_mended(looked.piece, found, decode))
            if met > MOST_UNDECODABLE:
                raise Flood
        write.write(decoder.decode(b"", final=True).encode("utf-8", "surrogateescape"))
    return lines


def skip_undecodable(error: UnicodeError) -> tuple[str, int]:
    """Stand in for what cannot be decoded, and go on at the next byte that may begin something."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    step = error.start + 1 if error.encoding.startswith("gb") else error.end
    return UNDECODABLE, step


def _pieces(file: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Walk a text in pieces, each with the bytes that end what is looked at by itself in it.

    Whole lines; of a line above a chunk its parts, or it unsearched where it has no parts.
    """
    left, inside = b"", False
    while chunk := file.read(CHUNK):
        text = left + chunk
        if inside:
            end = text.find(b"\n") + 1
            cut = end or _last(text)
            yield from _parts(text[:cut])
            left, text, inside = text[cut:], text[cut:], not end
        if inside:
            continue
        end = text.rfind(b"\n") + 1
        if end:
            yield text[:end], LINE
        elif len(text) >= CHUNK:
            end, inside = _last(text), True
            yield from _parts(text[:end])
        left = text[end:]
    if left:
        yield left, PARTS if inside else LINE


def _parts(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield parts of a line; what has none was cut anywhere and cannot be looked at."""
    if text:
        yield text, PARTS if any(sign in text for sign in PARTS) else b""


def _last(text: bytes) -> int:
    """Return where the last whole part of a long line ends; without one, where the text does."""
    return max(map(text.rfind, PARTS)) + 1 or len(text)


def _ahead(
    pieces: Iterator[tuple[bytes, bytes]], *, is_gb: bool, strict: bool, parts: bool
) -> Iterator[_Looked]:
    """Look at pieces by threads, a few ahead, and yield them in order."""
    if not is_gb:
        yield from (_Looked(piece, [], Lines(), None) for piece, _ in pieces)
        return
    look = partial(_look, strict=strict, parts=parts)
    first = list(islice(pieces, 2))
    if len(first) < 2:  # no thread need be started
        yield from (look(*one) for one in first)
        return
    with ThreadPoolExecutor(THREADS) as pool:
        waiting = chain(first, pieces)
        hand = deque(pool.submit(look, *one) for one in islice(waiting, 2 * THREADS))
        while hand:
            yield hand.popleft().result()
            hand.extend(pool.submit(look, *one) for one in islice(waiting, 1))


def _look(piece: bytes, ends: bytes, *, strict: bool, parts: bool) -> _Looked:
    if piece.isascii():
        return _Looked(piece, [], Lines(), piece)
    from ingestion.gb18030 import as_utf8  # numba takes 0.6 s

    lines, apart = Lines(), PARTS if ends and parts else ends
    found = _foreign(piece, apart, lines, strict=strict) if apart else []
    text = as_utf8(np.frombuffer(piece, np.uint8)) if apart and not found else None
    return _Looked(piece, found, lines, text)


def _foreign(
    piece: bytes, ends: bytes, lines: Lines, *, strict: bool
) -> list[tuple[int, int, int]]:
    """Return where lines of UTF-8 start, have their first sign, and end; count what there is."""
    from ingestion.mixed import LEAST, foreign  # numba takes 0.6 s

    text: NDArray[np.uint8] = np.frombuffer(piece, np.uint8)
    found = np.empty((len(text) // LEAST + 1, 3), np.int64)
    count = np.zeros(2, np.int64)
    ending = np.isin(np.arange(256), list(ends))
    met = foreign(text, ending, strict=strict, found=found, count=count)
    lines.foreign += met
    lines.doubtful += int(count[0])
    lines.native += int(count[1])
    return [(start, first, end) for start, first, end in found[:met].tolist()]


def _mended(
    piece: bytes, found: list[tuple[int, int, int]], decode: Callable[[bytes], bytes]
) -> Iterator[bytes]:
    """Walk a piece decoded; lines of UTF-8 stay as they are, with a mark that refuses them."""
    at = 0
    for start, first, end in found:
        yield decode(piece[at:start])
        yield piece[start:first] + UNDECODABLE.encode("utf-8", "surrogateescape")
        yield piece[first:end]
        at = end
    yield decode(piece[at:])
