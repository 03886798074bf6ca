"""Where a connector fetches from: a database, an HTTP API, a bucket or an SFTP folder.

Addresses and credentials never stand here: `secret: NAME` means what the deployment keeps in
CITYLAKE_SECRET_NAME. Keep out: fetching (ingestion/connectors) and the shape of files (entry.py).
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from catalog.frozen import IDENTIFIER, Frozen

OVERLAP = r"^\d+[smhd]?$"
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
Extract = Literal["full", "snapshot", "incremental"]
NAME_IN_CAPITALS = r"^[A-Z][A-Z0-9_]*$"


def _is_name(said: str) -> str:
    # Not by pydantic's pattern: its message repeats the value, which may be the secret itself.
    if not re.match(NAME_IN_CAPITALS, said):
        raise ValueError("write the NAME (A-Z, 0-9, _) of CITYLAKE_SECRET_NAME, never the value")
    return said


Secret = Annotated[
    str, AfterValidator(_is_name), Field(json_schema_extra={"pattern": NAME_IN_CAPITALS})
]
Overlap = Annotated[
    str,
    Field(pattern=OVERLAP),
    BeforeValidator(lambda said: str(said) if type(said) is int else said),
]


class Bounds(Frozen):
    """What one fetch may cost at most: a source that gives more is refused, not swallowed."""

    secret: Secret
    max_megabytes: int = Field(default=20_000, gt=0)
    max_minutes: int = Field(default=120, gt=0)


class Extraction(Bounds):
    """Which rows a fetch takes: all to add to those before, the whole state, or what is new."""

    extract: Extract
    cursor: str | None = Field(default=None, pattern=IDENTIFIER)
    overlap: Overlap = "0"

    @model_validator(mode="after")
    def _cursor_goes_with_incremental(self) -> Extraction:
        if self.extract == "incremental" and self.cursor is None:
            raise ValueError("extract: incremental needs cursor: <item> that grows")
        if self.extract != "incremental" and (self.cursor or self.overlap != "0"):
            raise ValueError("cursor and overlap go with extract: incremental only")
        return self

    @property
    def overlap_number(self) -> int:
        """Return the overlap as a plain number: seconds, or steps of an integer cursor."""
        unit = self.overlap[-1]
        return int(self.overlap.rstrip("smhd")) * SECONDS.get(unit, 1)


class SqlSource(Extraction):
    """A table or a query; the secret is the database's URL."""

    table: str | None = Field(default=None, pattern=r"^[^\W\d]\w*(\.[^\W\d]\w*){0,2}$")
    query: str | None = None

    @field_validator("query")
    @classmethod
    def _only_reads(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not re.match(r"\s*(select|with)\b", value, re.IGNORECASE) or ";" in value:
            raise ValueError("query must be one statement that begins with select or with")
        return value

    @model_validator(mode="after")
    def _table_or_query(self) -> SqlSource:
        if (self.table is None) == (self.query is None):
            raise ValueError("sql needs either table: <name> or query: <select …>")
        return self


class Pages(Frozen):
    """How an API is turned over: by page number, by offset, or by what each page says is next."""

    by: Literal["page", "offset", "token", "link"]
    param: str | None = None
    first: int = Field(default=1, ge=0)
    size: int | None = Field(default=None, gt=0)
    size_param: str | None = None
    next: str | None = None

    @model_validator(mode="after")
    def _has_its_words(self) -> Pages:
        if self.by != "link" and self.param is None:
            raise ValueError(f"pages by {self.by} needs param: <name of the query parameter>")
        if self.by in ("token", "link") and self.next is None:
            raise ValueError(f"pages by {self.by} needs next: <where the page says what is next>")
        if self.size_param and self.size is None:
            raise ValueError("size_param needs size: <rows in a page>")
        return self


class HttpSource(Extraction):
    """A JSON API; the secret is its address, `token` that of what it asks to see."""

    path: str = ""
    params: dict[str, str] = Field(default_factory=dict)
    token: Secret | None = None
    header: str | None = Field(default=None, pattern=r"^[A-Za-z][A-Za-z0-9-]*$")
    rows: str = ""
    total: str | None = None
    pages: Pages | None = None
    since: str | None = None
    rate: float | None = Field(default=None, gt=0)
    timeout_seconds: float = Field(default=30, gt=0)
    attempts: int = Field(default=5, ge=1, le=20)
    wait_seconds: float = Field(default=1, gt=0, le=60)
    max_pages: int = Field(default=10_000, gt=0)

    @model_validator(mode="after")
    def _words_fit(self) -> HttpSource:
        if (self.extract == "incremental") != (self.since is not None):
            raise ValueError("since: <query parameter> goes with extract: incremental")
        if self.header and not self.token:
            raise ValueError("header needs token: NAME, the secret that it carries")
        return self


class BucketSource(Bounds):
    """Files under a prefix of an S3 store; the secret is https://key:secret@host/bucket."""

    prefix: str = ""


class SftpSource(Bounds):
    """Files in a folder of an SFTP server; the secret is sftp://user[:password]@host[:port]."""

    folder: str
    key: Secret | None = None
    host_key: Secret
    quiet_seconds: int = Field(default=60, ge=0)


Source = SqlSource | HttpSource | BucketSource | SftpSource
