"""Full-width forms of digits, letters and signs, as Chinese input methods write them.

Keep out: anything that changes a value (superscripts, fractions, circled digits stay as they are).
"""

from __future__ import annotations

import polars as pl

FULL_WIDTH = [chr(code) for code in range(0xFF01, 0xFF5F)]
HALF_WIDTH = [chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)]
WORD = [i for i, half in enumerate(HALF_WIDTH) if half.isalnum()]


def half_width(text: pl.Series) -> pl.Series:
    """Return the text with full-width forms and ideographic spaces as ASCII."""
    return text.str.replace_many([*FULL_WIDTH, "\u3000"], [*HALF_WIDTH, " "])


def half_width_words(text: pl.Series) -> pl.Series:
    """Return the text with full-width digits and letters as ASCII, other signs as they are."""
    return text.str.replace_many([FULL_WIDTH[i] for i in WORD], [HALF_WIDTH[i] for i in WORD])
