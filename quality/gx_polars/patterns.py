r"""Patterns of fixed places (`^W\d{10}$`): which bytes may stand at each, as a table.

A text that fits the table matches; only one that does not is shown to the regular expression,
which stays the judge. Keep out: every pattern that is not of this kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

if TYPE_CHECKING:
    from quality.gx_polars.texts import Text

LONGEST = 64  # places
UNIT = re.compile(
    r"(?P<class>\\d|[A-Za-z0-9_ -]|\[[A-Za-z0-9-]+\])(?:\{(?P<few>\d+)(?P<to>,(?P<many>\d+))?\})?"
)
RANGE = re.compile(r"([A-Za-z0-9])-([A-Za-z0-9])|([A-Za-z0-9])")


@dataclass(frozen=True)
class Places:
    """Texts of `shortest` to as many bytes as there are places; which bytes fit each place."""

    fits: NDArray[np.bool_]  # [place, byte]
    shortest: int


def places(pattern: str) -> Places | None:
    """Return the places of a pattern; None where it is of another kind."""
    body, units, at = _within(pattern), [], 0
    while body is not None and at < len(body):
        unit = UNIT.match(body, at)
        signs = None if unit is None else _signs(unit["class"])
        if unit is None or signs is None:
            return None
        few = int(unit["few"] or 1)
        many = int(unit["many"]) if unit["to"] else few
        at = unit.end()
        if many < few or many > LONGEST or (many > few and at < len(body)):
            return None
        units += [(signs, place < few) for place in range(many)]
    if not body or not 0 < len(units) <= LONGEST:
        return None
    fits = np.zeros((len(units), 256), np.bool_)
    for place, (signs, _) in enumerate(units):
        fits[place, np.frombuffer(signs.encode(), np.uint8)] = True
    return Places(fits, sum(needed for _, needed in units))


def _within(pattern: str) -> str | None:
    """Return a pattern without its anchors; None where it has not both."""
    inner = pattern
    while wrapped := re.fullmatch(r"\^\(\?:(\^.*\$)\)\$", inner):
        inner = wrapped[1]
    anchored = re.fullmatch(r"\^(?:\(\?:([^()|]*)\)|([^()|]*))\$", inner)
    return None if anchored is None else anchored[1] or anchored[2]


def _signs(written: str) -> str | None:
    """Return the ASCII characters of a class; other digits are left to the expression."""
    if written == r"\d":
        return "0123456789"
    if len(written) == 1:
        return written
    inside, found, at = written[1:-1], "", 0
    while at < len(inside):
        part = RANGE.match(inside, at)
        if part is None or (part[1] and part[1] > part[2]):
            return None
        found += part[3] or "".join(map(chr, range(ord(part[1]), ord(part[2]) + 1)))
        at = part.end()
    return found


def matches(column: pl.Expr, pattern: str) -> pl.Expr:
    """Tell which texts match a regular expression, null where there is no text."""
    known = places(pattern)
    if known is None:
        return column.str.contains(pattern)

    def judged(texts: pl.Series) -> pl.Series:
        if texts.is_empty():  # and numba is not imported for nothing
            return pl.Series(texts.name, [], pl.Boolean)
        from quality.gx_polars.texts import text_of

        found = pl.Series(texts.name, _fitting(text_of(texts), known))
        found = found if texts.null_count() == 0 else found.set(texts.is_null(), None)
        odd = (~found).arg_true()
        return found.scatter(odd, texts.gather(odd).str.contains(pattern)) if len(odd) else found

    return column.map_batches(judged, return_dtype=pl.Boolean(), is_elementwise=True)


def _fitting(text: Text, known: Places) -> NDArray[np.bool_]:
    from quality.gx_polars.texts import fitting

    good = np.empty(len(text.views), np.bool_)
    fitting(text, known.fits, known.shortest, good)
    return good
