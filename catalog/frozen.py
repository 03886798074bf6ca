"""The base of every value in an entry, what a machine name looks like, and shares.

Keep out: the values themselves (entry.py, sources.py).
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

IDENTIFIER = r"^[a-z][a-z0-9_]*$"


class Frozen(BaseModel):
    """A value: immutable, and a misspelt word is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _ratio(value: object) -> object:
    """Read `1%` as 0.01 and leave numbers as they are."""
    if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?\s*%", value):
        return float(value.rstrip("% ")) / 100
    return value


WRITTEN = {
    "description": "0.01 or 1%",
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": r"^\d+(\.\d+)?\s*%$"},
    ],
}
Ratio = Annotated[float, BeforeValidator(_ratio), Field(ge=0, le=1), WithJsonSchema(WRITTEN)]
