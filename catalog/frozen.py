"""The base of every value in an entry, and what a machine name looks like.

Keep out: the values themselves (entry.py, sources.py).
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

IDENTIFIER = r"^[a-z][a-z0-9_]*$"


class Frozen(BaseModel):
    """A value: immutable, and a misspelt word is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _ratio(value: object) -> object:
    """Read `1%` as 0.01 and leave numbers as they are."""
    if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?\s*%", value):
        return float(value.rstrip("% ")) / 100
    return value


Ratio = Annotated[float, BeforeValidator(_ratio), Field(ge=0, le=1)]
