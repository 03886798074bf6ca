"""The base of every value in an entry, and what a machine name looks like.

Keep out: the values themselves (entry.py, sources.py).
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

IDENTIFIER = r"^[a-z][a-z0-9_]*$"


class Frozen(BaseModel):
    """A value: immutable, and a misspelt word is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
