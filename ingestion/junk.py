"""Control characters in texts that come from columns, not from bytes: they are no text.

Keep out: texts that are scanned as bytes (delimited, fixed, json_text).
"""

from __future__ import annotations

import polars as pl

CONTROLS = [chr(code) for code in (*range(9), 11, 12, *range(14, 32), 127)]  # but tab, LF, CR


def has_junk(text: pl.Expr) -> pl.Expr:
    """Tell which texts hold control characters."""
    return text.str.contains_any(CONTROLS)
