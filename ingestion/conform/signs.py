"""Signs that are no part of a value: blanks around it, and full-width forms of its digits.

Keep out: anything that changes a value (superscripts, fractions, circled digits stay as they are).
"""

from __future__ import annotations

import polars as pl

FULL_WIDTH = [chr(code) for code in range(0xFF01, 0xFF5F)]
HALF_WIDTH = [chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)]
# Unicode's blanks, and two that nobody sees: of no width, and the byte order mark of a file that
# was put behind another.
BLANKS = (
    "\t\n\x0b\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
)
BLANKS += "\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
WORD = [i for i, half in enumerate(HALF_WIDTH) if half.isalnum()]


def half_width(text: pl.Series) -> pl.Series:
    """Return the text with full-width forms and ideographic spaces as ASCII."""
    return text.str.replace_many([*FULL_WIDTH, "\u3000"], [*HALF_WIDTH, " "])


def half_width_words(text: pl.Series) -> pl.Series:
    """Return the text with full-width digits and letters as ASCII, other signs as they are."""
    return text.str.replace_many([FULL_WIDTH[i] for i in WORD], [HALF_WIDTH[i] for i in WORD])
