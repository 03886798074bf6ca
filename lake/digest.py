"""Digests of what must not be shown, under a key: whoever lacks it cannot try all citizen IDs.

The same value in Python and, for models, in DuckDB, which has SHA-256 but no HMAC.
Keep out: where the key comes from (orchestration).
"""

from __future__ import annotations

import hashlib
import hmac

import duckdb

BLOCK = 64  # bytes of a block of SHA-256


def keyed_digest(key: bytes, said: str) -> str:
    """Return the HMAC-SHA-256 of a text as 64 hexadecimal digits."""
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()


def define_digest(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Give a connection of ours `keyed_digest(text)`; no session of others may have it."""
    whole = (hashlib.sha256(key).digest() if len(key) > BLOCK else key).ljust(BLOCK, b"\0")
    inner, outer = (bytes(byte ^ mask for byte in whole).hex() for mask in (0x36, 0x5C))
    connection.execute(
        "create or replace macro keyed_digest(said) as sha256(unhex("
        f"'{outer}') || unhex(sha256(unhex('{inner}') || encode(said))))"
    )
