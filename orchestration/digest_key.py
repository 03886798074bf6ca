"""The key under which personal values stand as digests: named by the deployment, or made once.

Keep out: digests themselves (lake/digest.py).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets

from orchestration.settings import Settings

NAME = "DIGEST"  # CITYLAKE_SECRET_DIGEST


def digest_key(settings: Settings) -> bytes:
    """Return the key; without CITYLAKE_SECRET_DIGEST the home keeps one of its own."""
    if said := settings.secrets.get(NAME):
        return hashlib.sha256(said.encode()).digest()
    path = settings.home / "digest.key"
    if not path.is_file():
        settings.home.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f"digest.key.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_hex(32), encoding="ascii")
        with contextlib.suppress(FileExistsError):  # another process was first: its key counts
            os.link(made, path)
        made.unlink()
    return bytes.fromhex(path.read_text(encoding="ascii"))
