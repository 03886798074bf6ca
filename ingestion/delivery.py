"""What a delivery is: its identity, what its name says, its account, how it is refused.

Keep out: reading bytes (delimited, workbook, documents).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath
from typing import Literal
from zoneinfo import ZoneInfo

from catalog.entry import Entry
from catalog.schema import CITY_ZONE

CORRECTION = re.compile(
    r"(?P<stem>.+?)\.correction(?P<number>\d*)(?:\.correction\d*)*", re.IGNORECASE
)  # what corrects a correction corrects what that did
WITHDRAWAL = ".withdrawal"
PACKED = {".gz", ".zip"}
FORMATS = {".csv", ".tsv", ".txt", ".dat", ".json", ".jsonl", ".xml", ".xlsx", ".xls", ".parquet"}
STAMP = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})"
    r"(?:-?(?P<month>0[1-9]|1[0-2])(?:-?(?P<day>0[1-9]|[12]\d|3[01]))?|-?Q(?P<quarter>[1-4]))?"
    r"(?=\D|$|(?:\d{4}|\d{6})(?!\d))",
    re.IGNORECASE,
)

Counted = tuple[tuple[tuple[str, int], ...], str]  # a text and the numbers in it

REFUSALS = {
    "answers_nothing": "找不到要更正的原交付或原记录，请用退回的文件改正后重新报送",
    "empty": "文件没有任何内容，请完整地重新报送",
    "header_only": "只有表头，没有数据行，请补齐后重新报送",
    "line_too_long": "有一条记录过长，请按一行一条记录重新报送",
    "missing_column": "缺少目录登记的信息项，请补齐各列后重新报送",
    "not_a_file": "不是普通文件，请直接放入要报送的文件",
    "too_many_bad_rows": "损坏的记录过多，请按目录的格式完整地重新报送",
    "truncated_xlsx": "工作簿不完整，请检查传输后重新报送",
    "unknown_column": "有目录未登记或重复的列，请改正表头后重新报送",
    "unknown_resource": "目录中没有这个资源，请检查存放的位置",
    "unreadable": "文件无法读取，请检查后重新报送",
    "unsafe_archive": "压缩包不安全，请用普通文件名重新打包",
    "wrong_encoding": "字符编码与目录不符，请按目录的编码重新报送",
    "wrong_resource": "内容不像这个资源的数据，请检查文件是否放错",
}  # kinds of refusals, for people


class DeliveryRefused(Exception):  # noqa: N818 - an outcome of the work, not a failure of it
    """A whole delivery cannot be read: `kind` (of REFUSALS) names the defect, the message why."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(in_one_line(message))
        self.kind = kind


def in_one_line(said: str) -> str:
    """Return words that quote a delivery in one line, without signs that steer a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in said)


def in_words(reason: str, file_name: str) -> str:
    """Return a recorded reason (`kind: file: what`) in the words of its kind, details behind."""
    kind, _, said = reason.partition(": ")
    words = REFUSALS.get(kind)
    return reason if words is None else f"{words}（{said.removeprefix(f'{file_name}: ')}）"


class Status(StrEnum):
    """Where a delivery stands; only `received` is unfinished."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True)
class Delivery:
    """One file, known by what it holds: the same bytes for the same resource are one delivery."""

    id: str
    resource: str
    file_name: str
    digest: str  # sha256, hex
    size: int  # bytes
    received_at: dt.datetime  # zone-aware
    as_of: dt.date  # first day of the period that the file speaks for
    amends: str | None = None  # the delivery whose refused rows it brings again, corrected
    waiver: str | None = None  # the act by which an officer brings them again as they are


@dataclass(frozen=True)
class Account:
    """Every source record in exactly one place."""

    records: int
    accepted: int
    quarantined: int
    repeats: int

    @property
    def balanced(self) -> bool:
        """Tell whether the places add up to the source records."""
        return self.records == self.accepted + self.quarantined + self.repeats


def delivery_id(resource: str, digest: str) -> str:
    """Return the id of the delivery of these bytes (sha256 hex digest) for this resource."""
    return hashlib.sha256(f"{resource}\n{digest}".encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Intent:
    """What a file is for: to deliver, to correct the delivery of `stem`, or to withdraw it."""

    kind: Literal["deliver", "correct", "withdraw"]
    stem: str
    number: int = field(default=0, compare=False)  # of a correction: the last one holds


def intent(file_name: str) -> Intent:
    """Return what a file's name says it is for (`.correction<N>.<ext>`, `.withdrawal`)."""
    if file_name.lower().endswith(WITHDRAWAL):
        return Intent("withdraw", _unformatted(file_name[: -len(WITHDRAWAL)]))
    stem = stem_of(file_name)
    if corrects := CORRECTION.fullmatch(stem):
        return Intent("correct", corrects["stem"], int(corrects["number"] or 0))
    return Intent("deliver", stem)


def _unformatted(name: str) -> str:
    """Return what is taken back: by its stem, or by its whole file name."""
    suffix = PurePath(name).suffix.lower()
    return stem_of(name) if suffix in FORMATS | PACKED else name


def stem_of(file_name: str) -> str:
    """Return a name without what tells its format and packing: `a.csv.gz` is the delivery `a`."""
    path = PurePath(file_name)
    if path.suffix.lower() in PACKED and PurePath(path.stem).suffix.lower() in FORMATS:
        return PurePath(path.stem).stem
    return path.stem


def in_order(stem: str) -> Counted:
    """Return what orders stems as people count them: the second part before the tenth."""
    parts = re.findall(r"(\D*)(\d*)", stem)
    return tuple((text, int(digits or -1)) for text, digits in parts), stem


def as_of(entry: Entry, file_name: str, received: dt.datetime) -> dt.date:
    """Return the first day of the period in the file's name, or the day on which it came."""
    return stamped(entry, file_name) or received.astimezone(ZoneInfo(CITY_ZONE)).date()


def stamped(entry: Entry, file_name: str) -> dt.date | None:
    """Return the first day of the period that the file's name says; None when it says none."""
    prefix = re.split(r"[*?\[]", entry.origin.pattern)[0] or entry.name
    # A folder may stand before the name of a fetched file, and digits in the folder's name.
    for stamp in STAMP.finditer(file_name.rpartition(prefix)[2]):
        quarter = stamp["quarter"]
        month = 3 * int(quarter) - 2 if quarter else int(stamp["month"] or 1)
        try:
            return dt.date(int(stamp["year"]), month, int(stamp["day"] or 1))
        except ValueError:  # 20260231: no such day, so it is no stamp
            continue
    return None
