"""Whether a pattern compiles where it will be used: Rust regular expressions, without look-around.

Keep out: matching.
"""

from __future__ import annotations

from functools import cache


@cache
def pattern_fault(pattern: str) -> str | None:
    """Return why a pattern cannot be used, in one line; None when it can."""
    import polars as pl  # entries without patterns load without it

    try:
        pl.Series([""]).str.contains(f"^(?:{pattern})$")
    except pl.exceptions.ComputeError as error:
        said = str(error).strip().splitlines()[-1].removeprefix("error: ")
        return f"{said} (Rust regular expressions: no look-around, no back-references)"
    return None
