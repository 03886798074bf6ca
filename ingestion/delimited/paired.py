"""GB18030 texts that are cut into records as they came, without a copy of them in UTF-8.

Such a text is of signs of one and two bytes alone, no line of it may be UTF-8, and no sign of
its dialect may be part of a pair; what is not such is turned into UTF-8 first. Keep out: that.
"""

from __future__ import annotations

import codecs
import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from catalog.entry import Entry
from ingestion.delimited.cut import SLACK
from ingestion.delimited.dialect import dialect_of
from ingestion.delimited.machine import NEXT, START, Bytes, Numbers, Stretch
from ingestion.delimited.scan import cuts
from ingestion.detection import other_than
from ingestion.encodings import codec_of
from ingestion.gb18030 import LOW, decode, is_paired, room
from ingestion.mapped import mapped, release
from ingestion.mixed import LEAST, foreign
from ingestion.source import Source

CODEC = "gb18030"
PIECE = 4 << 20  # bytes looked at by one thread at a time
LINE_ENDS = np.arange(256) == ord("\n")


def paired_text(entry: Entry, source: Source) -> Bytes | None:
    """Return the bytes of a text that can be cut as it came; None where it cannot."""
    dialect = dialect_of(entry.origin)
    signs = dialect.delimiter + dialect.quote
    if codec_of(entry) != CODEC or not dialect.plain or any(ord(sign) >= LOW for sign in signs):
        return None
    if other_than(entry, CODEC, source.path):
        return None
    text = mapped(source.path, source.name)
    marked = text[:3].tobytes() == codecs.BOM_UTF8
    return text if not marked and _plain(text) else None


def decoded(text: Bytes, stretch: Stretch, odd: Numbers) -> tuple[Bytes, Stretch, Numbers]:
    """Return a stretch in UTF-8, in whole words of eight with slack, without its odd records.

    Stretch and odd records are those of the copy: there odd records are of no bytes.
    """
    size = room(stretch.end - stretch.start) + SLACK
    copy, at, to = np.empty(-(-size // 8) * 8, np.uint8), stretch.start, 0
    places = np.empty(len(odd), np.int64)
    for number, (start, after) in enumerate(odd[:, [START, NEXT]].tolist()):
        to += decode(text[at:start], copy[to:])
        places[number], at = to, after
    to += decode(text[at : stretch.end], copy[to:])
    copy[to : to + SLACK] = ord("\n")
    release(text, stretch.start, stretch.end)
    odd = odd.copy()
    odd[:, START] = odd[:, NEXT] = places
    return copy, Stretch(0, to, stretch.number, stretch.records), odd


def _plain(text: Bytes) -> bool:
    """Tell whether all is of pairs, and no line may be UTF-8 rather than GB."""
    ends = cuts(text, 0, PIECE)
    pieces = list(pairwise(ends))
    if max(stop - start for start, stop in pieces) > 2 * PIECE:
        return False  # lines so long are looked at in parts
    if len(pieces) == 1:
        seen = [_seen(text, *pieces[0])]
    else:
        with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
            seen = list(pool.map(lambda piece: _seen(text, *piece), pieces))
    told = [one for one in seen if one is not None]
    doubtful, native = sum(one[0] for one in told), sum(one[1] for one in told)
    return len(told) == len(seen) and (native > 0 or doubtful == 0)


def _seen(text: Bytes, start: int, stop: int) -> tuple[int, int] | None:
    """Return how many lines of a piece may be either and how many GB alone; None if it is odd."""
    piece, count = text[start:stop], np.zeros(2, np.int64)
    found = np.empty((len(piece) // LEAST + 1, 3), np.int64)
    met = foreign(piece, LINE_ENDS, strict=False, found=found, count=count)
    good = not met and is_paired(piece)
    release(text, start, stop)
    return (int(count[0]), int(count[1])) if good else None
