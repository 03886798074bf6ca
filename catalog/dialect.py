"""Signs of a delimited text (CSV) that a reader can tell apart.

Keep out: the words themselves (entry.py) and reading (ingestion).
"""

from __future__ import annotations

from collections.abc import Mapping

SIGNS = ("delimiter", "quote", "escape", "comment")


def dialect_fault(signs: Mapping[str, str]) -> str | None:
    """Return why the signs of a dialect cannot be told apart; None when they can."""
    for word, sign in signs.items():
        if set(sign) & set("\r\n"):
            return f"origin.{word} cannot hold a line end — leave out what ends records"
    for word in ("quote", "escape"):
        if signs[word] and signs[word] in signs["delimiter"]:
            return f"origin.{word} stands in the delimiter too — records could not be cut"
    if signs["comment"] and signs["comment"][0] in (signs["quote"], signs["delimiter"][0]):
        return "origin.comment begins like the quote or the delimiter — give another prefix"
    return None
