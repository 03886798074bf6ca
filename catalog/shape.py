"""The shape that nearly all values of a text share, as a pattern of letters and digits.

Keep out: what the values mean (meaning.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

FEWEST = 30  # different values: fewer are a list, or chance
SURE = 0.95
CLASSES = {"9": r"\d", "A": "[A-Z]", "a": "[a-z]"}
PLAIN = re.compile(r"[0-9A-Za-z_/.-]+")


def pattern_of(values: Sequence[str]) -> str | None:
    """Return the pattern of the one mask that nearly all values have; None where there is none."""
    if len(values) < FEWEST:
        return None
    (mask, often), *_ = Counter(map(_mask, values)).most_common(1)
    if not mask or often < SURE * len(values) or "9" not in mask:
        return None
    alike = [value for value in values if _mask(value) == mask]
    parts = [_place(sign, {v[at] for v in alike}) for at, sign in enumerate(mask)]
    runs = ((part, len(list(group))) for part, group in groupby(parts))
    return "^" + "".join(part + (f"{{{n}}}" if n > 1 else "") for part, n in runs) + "$"


def _mask(value: str) -> str:
    """Return a value with one sign a class; nothing where a character is of none."""
    if not PLAIN.fullmatch(value):
        return ""
    lower = re.sub(r"[a-z]", "a", re.sub(r"\d", "9", value))
    return re.sub(r"[A-Z]", "A", lower)


def _place(sign: str, seen: set[str]) -> str:
    """Return what stands at a place: always the same letter, or one of its class."""
    if sign == "9" or len(seen) > 1:
        return CLASSES.get(sign, re.escape(sign))
    return re.escape(seen.pop())
