"""The catalog entry: one frozen model of one data set, from which everything else is derived.

Words and code lists follow the national guide for government information resource
catalogs (发改高技〔2017〕1272号); what citylake adds is named in docs/catalog.md.
Keep out: reading files (load.py) and checks across entries (validate.py).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from catalog.dialect import SIGNS, dialect_fault
from catalog.drift import Drift
from catalog.frozen import IDENTIFIER, Frozen, Ratio
from catalog.linkage import Linked
from catalog.rules import Rule, read_rules
from catalog.sources import BucketSource, HttpSource, SftpSource, Source, SqlSource

ItemType = Literal[
    "string", "code", "integer", "decimal", "date", "datetime", "boolean", "month", "json"
]
Sensitivity = Literal["none", "business", "personal", "sensitive_personal"]
Cycle = Literal["realtime", "daily", "weekly", "monthly", "quarterly", "yearly", "irregular"]
Access = Literal["unconditional", "conditional", "none"]
Format = Literal["csv", "tsv", "fixed", "xlsx", "xls", "json", "jsonl", "xml", "parquet"]
Zone = Literal["raw", "base", "thematic"]
Connector = Literal["files", "sql", "http", "bucket", "sftp"]
DETECT = "detect"  # no encoding is declared: a file's bytes say which it is
FETCHED_AS: dict[str, Format] = {"sql": "parquet", "http": "jsonl"}


class Item(Frozen):
    """One information item (信息项): a column with its declared meaning."""

    name: str = Field(pattern=IDENTIFIER)
    title: str = Field(min_length=1)
    type: ItemType
    key: bool = False
    required: bool = False
    min: Decimal | str | None = None
    max: Decimal | str | None = None
    length: int | None = Field(default=None, gt=0)
    pattern: str | None = None
    values: tuple[str, ...] = ()
    codes: str | None = None
    unit: str | None = None
    precision: tuple[int, int] | None = None
    aliases: tuple[str, ...] = ()
    width: tuple[int, int] | None = None  # first place, from 1, and places: fixed width only
    format: str | None = None
    sensitivity: Sensitivity = "none"
    sources: tuple[
        Annotated[str, Field(pattern=r"^\w+\.\w+$")], ...
    ] = ()  # of a model's, the first counts

    @model_validator(mode="after")
    def _type_has_its_words(self) -> Item:
        if self.type == "decimal" and self.precision is None:
            raise ValueError(f"item {self.name}: a decimal needs precision: [digits, decimals]")
        if self.type == "code" and self.codes is None and not self.values:
            raise ValueError(f"item {self.name}: a code needs codes: <list> or values: [...]")
        return self


class Origin(Frozen):
    """Where rows come from: a unit's files, a source to fetch from, or a dbt model."""

    connector: Connector | None = None
    sql: SqlSource | None = None
    http: HttpSource | None = None
    bucket: BucketSource | None = None
    sftp: SftpSource | None = None
    format: Format | None = None
    encoding: str = DETECT
    delimiter: str = Field(default=",", min_length=1, max_length=8)
    quote: str = Field(default='"', max_length=1)
    escape: str | None = Field(default=None, min_length=1, max_length=1)
    comment: str | None = Field(default=None, min_length=1, max_length=8)
    record_end: Literal["line", "any"] = "line"
    skip_rows: int = Field(default=0, ge=0)
    skip_footer: int = Field(default=0, ge=0, le=1000)
    header: bool = True
    header_rows: int = Field(default=1, ge=1, le=5)
    tables: Literal["all", "first"] = "all"
    repair: bool = False
    sheet: str | None = None
    record: str | None = Field(default=None, min_length=1)
    null_values: tuple[str, ...] = ()
    empty: Literal["refuse", "accept"] = "refuse"  # a file without a byte: no records?
    drift: Drift = Drift()
    pattern: str = "*"
    model: Literal["base", "thematic"] | None = None
    database: str | None = Field(default=None, pattern=IDENTIFIER)
    theme: str | None = Field(default=None, pattern=IDENTIFIER)

    @model_validator(mode="before")
    @classmethod
    def _implied(cls, value: Any) -> Any:  # noqa: ANN401 - YAML as it came
        """Say the format that a connector writes by itself, and the delimiter of format: tsv."""
        if isinstance(value, dict) and value.get("format") == "tsv":
            return {"delimiter": "\t", **value}
        if isinstance(value, dict) and isinstance(word := value.get("connector"), str):
            return {"format": FETCHED_AS.get(word), **value} if word in FETCHED_AS else value
        return value

    @property
    def source(self) -> Source | None:
        """Return what is fetched from; None where units deliver files, and for models."""
        return self.sql or self.http or self.bucket or self.sftp

    @model_validator(mode="after")
    def _source_of_its_connector(self) -> Origin:
        for word in ("sql", "http", "bucket", "sftp"):
            if (getattr(self, word) is not None) != (self.connector == word):
                raise ValueError(f"connector: {word} and {word}: {{…}} go together")
        wanted = FETCHED_AS.get(self.connector or "")
        if wanted not in (None, self.format):
            raise ValueError(f"connector: {self.connector} is always format: {wanted}")
        return self

    @model_validator(mode="after")
    def _one_kind(self) -> Origin:
        if (self.connector is None) == (self.model is None):
            raise ValueError("origin needs either connector: files or model: base | thematic")
        if self.connector and self.format is None:
            raise ValueError("origin with a connector needs format: csv | xlsx | json | …")
        signs = {word: getattr(self, word) or "" for word in SIGNS}
        if fault := dialect_fault(signs):
            raise ValueError(fault)
        if self.model == "base" and self.database is None:
            raise ValueError("origin model: base needs database: <name>")
        if self.model == "thematic" and self.theme is None:
            raise ValueError("origin model: thematic needs theme: <name>")
        return self


class Update(Frozen):
    """How often rows come, when they are due, and what a delivery means for earlier ones."""

    cycle: Cycle
    due: str | None = Field(default=None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    mode: Literal["snapshot", "append", "upsert"] = "snapshot"
    period: str | None = None
    follows: tuple[str, ...] = ()  # models: rows of a period come of these tables' rows of it


class Classification(Frozen):
    """Grade of the data (GB/T 43697-2024): 1–4 general, then important and core."""

    level: Literal[1, 2, 3, 4, "important", "core"]
    category: str


class Terms(Frozen):
    """Conditions under which a table is shared or opened."""

    type: Access
    condition: str | None = None
    legal_basis: str | None = None
    aggregate: str | None = None

    @model_validator(mode="after")
    def _reasons(self) -> Terms:
        if self.type == "conditional" and not (self.condition or self.aggregate):
            raise ValueError("type: conditional needs a condition")
        if self.type == "none" and not self.legal_basis:
            raise ValueError("type: none needs a legal_basis (guide, 不予共享须有依据)")
        return self


class Backflow(Frozen):
    """Return of rows to the districts that they speak of: `by` names the division item.

    With a `purpose` a district receives its rows only under a grant for it.
    """

    by: str
    purpose: str | None = Field(default=None, min_length=1)


class Quality(Frozen):
    """Thresholds and rules of the gate beyond what the items declare."""

    max_quarantine: Ratio = 0.05
    trust_key: bool = False  # the source vouches that no key comes twice: it is not looked for
    rules: tuple[Rule, ...] = ()

    @field_validator("rules", mode="before")
    @classmethod
    def _read(cls, value: Any) -> tuple[Rule, ...]:  # noqa: ANN401 - YAML as it came
        return read_rules(value)


class Entry(Frozen):
    """One data set: source resource, base table or thematic table."""

    name: str = Field(pattern=IDENTIFIER)
    code: str = Field(pattern=r"^[1-3]\d{8}/\d{6}$")
    title: str = Field(min_length=1)
    unit: str = Field(pattern=IDENTIFIER)
    abstract: str = Field(min_length=1)
    classification: Classification
    items: tuple[Item, ...] = Field(min_length=1)
    origin: Origin
    update: Update
    quality: Quality = Quality()
    sharing: Terms
    opening: Terms
    backflow: Backflow | None = None
    linkage: Linked | None = None
    retention: str | None = Field(default=None, pattern=r"^\d+[dmy]$")
    published: str | None = None
    related: tuple[str, ...] = ()
    succeeds: tuple[str, ...] = ()

    @property
    def zone(self) -> Zone:
        """Return the zone that this entry's table lives in."""
        return self.origin.model or "raw"

    @property
    def group(self) -> str:
        """Return what the table is grouped by: its unit, base database or theme."""
        return self.origin.database or self.origin.theme or self.unit

    @property
    def key(self) -> tuple[str, ...]:
        """Return the names of the key items, in order."""
        return tuple(item.name for item in self.items if item.key)

    def item(self, name: str) -> Item:
        """Return the item of that name; KeyError when there is none."""
        for item in self.items:
            if item.name == name:
                return item
        raise KeyError(name)
