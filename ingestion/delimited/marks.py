"""Marks that the scanner puts on a record, and the defect that each one means.

Keep out: the scanning (machine.py), which is slow to import.
"""

from __future__ import annotations

SHORT, LONG, BARE_QUOTE, AFTER_QUOTE, UNCLOSED = 1, 2, 4, 8, 16
CONTROL, LONE_CR, BLANK, UNDECODABLE, TOO_LONG, NOT_JSON = 32, 64, 128, 256, 512, 1024
COMMENT, TITLED, ANOTHER = 2048, 4096, 8192  # TITLED: begins with the header's first title
NOT_PLAIN = 16384  # a JSON object with a key twice or a NaN: it ends where it should, all the same
BROKEN = AFTER_QUOTE | UNCLOSED  # the record's own end is lost: it ends at its first line end
LINE_LIMIT = 1 << 20  # bytes of one record: a longer one is refused by itself
MOST_ODD = 4_000_000  # malformed records, blank lines, repeated headers: more are no delivery

DEFECTS = {
    "undecodable_bytes": UNDECODABLE,
    "ragged": SHORT | LONG,
    "embedded_junk": CONTROL | LONE_CR,
    "malformed_quote": BARE_QUOTE | BROKEN,
    "line_too_long": TOO_LONG,
    "malformed_json": NOT_JSON | NOT_PLAIN,
    "another_table": ANOTHER,
}


def defects(marks: int) -> list[str]:
    """Return the names of the defects that a record's marks mean."""
    return [name for name, mark in DEFECTS.items() if marks & mark]
