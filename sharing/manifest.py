"""The manifest (清单) of a package: what it holds, from which version, for whom, on what verdict.

Keep out: writing and checking packages (package.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from catalog.entry import Entry

NOTE = (
    "数据按原值提供。formula_like 所列信息项含以 = + - @ 开头的文本，"
    "用电子表格软件打开时请按文本导入，不要直接双击打开。"
)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Frozen):
    """One column of the data: its item, as the catalog declares it."""

    name: str
    title: str
    type: str


class Judged(_Frozen):
    """What the gate said of the version that the rows come from."""

    passed: bool
    reason: str
    rows: int
    rules: int
    failed_rules: int
    judged_at: dt.datetime


class Stated(_Frozen):
    """What was written: counted and digested from the file itself."""

    rows: int
    size: int  # bytes
    sha256: str
    formula_like: dict[str, int]  # column → text cells that a spreadsheet may run


class Periods(_Frozen):
    """The periods that a package replaces in what the recipient has from an earlier release."""

    item: str
    values: tuple[str, ...]
    since: int  # number of the release whose other periods stand
    note: str = "本包只含所列时期的全部行：请以其替换 since 所指发布中同一时期的行，其余时期不变。"


class Manifest(_Frozen):
    """What a package states of itself; `data` is filled in when it is written."""

    table: str  # zone.name
    title: str
    file_name: str
    recipient: str
    recipient_title: str
    crossing: str
    source_version: int  # Delta version of the released table
    release: int = 0  # number of the release in the registry
    inputs: dict[str, str] = {}  # what the release was made of: table or delivery → version, digest
    columns: tuple[Column, ...]
    periods: Periods | None = None  # None: the package holds every row of the release
    verdict: Judged
    created_at: AwareDatetime
    encoding: Literal["utf-8 with BOM"] = "utf-8 with BOM"
    note: str = NOTE
    data: Stated | None = None


def columns_of(entry: Entry) -> tuple[Column, ...]:
    """Return the columns of an entry's table as a manifest lists them."""
    return tuple(Column(name=i.name, title=i.title, type=i.type) for i in entry.items)
