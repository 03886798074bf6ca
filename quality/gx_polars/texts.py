"""A column of texts as loops over bytes see it: Arrow's views, without a copy.

Imported inside functions only: numba costs 0.6 s. Keep out: patterns themselves (patterns.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
import polars as pl
import pyarrow as pa

Loop = TypeVar("Loop", bound=Callable[..., Any])
SHORT = np.uint64(12)  # bytes of a text that its view holds itself
LOW = np.uint64(0xFFFFFFFF)  # of a view: its text's length, and its buffer
HALF = np.uint64(32)
OWN = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
SHARED = 4  # buffers may hold so many times a column's own bytes before it is copied out


def compiled(loop: Loop) -> Loop:
    """Compile a loop over arrays to machine code that runs without the interpreter's lock."""
    made: Any = numba.njit(cache=True, nogil=True)(loop)
    # By itself numba looks at the loop's own file, and calls what is here as it was before.
    if (kept := getattr(made._cache, "_cache_file", None)) is not None:
        kept._source_stamp = (*kept._source_stamp, OWN)
    return cast(Loop, made)


class Text(NamedTuple):
    """A column of texts: a view of 16 bytes a row, and the bytes of the longer texts."""

    views: Any  # uint64[row, 2]
    short: Any  # uint8: the same views as bytes
    long: Any  # uint8: all buffers, end to end
    bases: Any  # int64: where each buffer starts


def text_of(column: pl.Series) -> Text:
    """Return a column's views; longer texts that lie in several buffers are put into one."""
    array = column.to_arrow(compat_level=pl.CompatLevel.newest())
    _, views, *buffers = array.buffers()
    size = sum(buffer.size for buffer in buffers)
    if len(buffers) > 1 and size > SHARED * (column.str.len_bytes().sum() or 0):
        array = column.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(pa.string_view())
        _, views, *buffers = array.buffers()
    short = np.frombuffer(views or b"", np.uint8)[16 * array.offset :][: 16 * len(array)]
    parts = [np.frombuffer(buffer, np.uint8) for buffer in buffers] or [np.zeros(0, np.uint8)]
    long = parts[0] if len(parts) == 1 else np.concatenate(parts)
    bases = np.cumsum([0, *(len(part) for part in parts[:-1])], dtype=np.int64)
    return Text(short.view(np.uint64).reshape(-1, 2), short, long, bases)


@compiled
def place(text: Text, row: int) -> tuple[bool, int, int]:
    """Return whether a text is short (so lies in its view), where its bytes start and end."""
    first, second = text.views[row, 0], text.views[row, 1]
    length = int(first & LOW)
    if first & LOW <= SHORT:
        return True, 16 * row + 4, 16 * row + 4 + length
    start = text.bases[second & LOW] + int(second >> HALF)
    return False, start, start + length


@compiled
def begin(views: Any, bases: Any, row: int) -> Any:  # noqa: ANN401
    """Return where a text's bytes start: in the short ones where they fit, else in the long."""
    first, second = views[row, 0], views[row, 1]
    if first & LOW <= SHORT:
        return np.uint64(16 * row + 4)
    return np.uint64(bases[second & LOW]) + (second >> HALF)


@compiled
def fitting(text: Text, fits: Any, shortest: int, good: Any) -> None:  # noqa: ANN401
    """Tell which texts have a byte at each place that fits it, and no more than the places."""
    views, short, long, bases = text.views, text.short, text.long, text.bases
    least, most = np.uint64(shortest), np.uint64(len(fits))
    for row in range(len(views)):
        good[row] = False
        length = views[row, 0] & LOW
        if length < least or length > most:
            continue
        start = begin(views, bases, row)
        if length <= SHORT:
            good[row] = _fits(short, fits, start, length)
        else:
            good[row] = _fits(long, fits, start, length)


@compiled
def _fits(data: Any, fits: Any, start: Any, length: Any) -> bool:  # noqa: ANN401
    for at in range(int(length)):  # noqa: SIM110 - numba compiles loops
        if not fits[at, data[start + np.uint64(at)]]:
            return False
    return True
