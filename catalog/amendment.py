"""The amendment (补正): refused rows as they go to a unit and come back corrected.

Beside the unit's own columns stand a few of ours, by which the file is known again.
Keep out: writing it (quality/returned.py) and reading it (ingestion/amendment.py).
"""

from __future__ import annotations

import re
from typing import Literal

from catalog.entry import Entry, Item, Origin

DISCARD = "作废"  # what a unit writes into the column 处理 of a row that should not be


def _text(name: str, title: str) -> Item:
    return Item(name=name, title=title, type="string")


REASONS = _text("amends_reasons", "未通过原因")
PROPOSED = _text("amends_proposal", "修改建议")
ACT = _text("amends_act", f"处理（填“{DISCARD}”表示此行不再报送）")
SOURCE_TEXT = _text("amends_source", "原始记录")
FILE = _text("amends_file", "交付文件")
DELIVERY_ID = _text("amends_delivery", "交付批次（勿改）")
RECORD = _text("amends_record", "记录号（勿改）")
BEFORE, AFTER = (REASONS, PROPOSED, ACT), (SOURCE_TEXT, FILE, DELIVERY_ID, RECORD)
# A spreadsheet takes a text that begins so for a formula; a plain number is none.
FORMULA = re.compile(r"^'*[=+\-@\t\r]")
GUARDED = r"^'('*[=+\-@\t\r])"
NUMBER = r"^[+-]?\d[\d,]*(?:\.\d+)?$"


def amendment_entry(
    entry: Entry, format_: Literal["csv", "xlsx"], *, encoding: str = "utf-8", delimiter: str = ","
) -> Entry:
    """Return the entry of an amendment: the items of the amended one and ours, in a plain file."""
    origin = Origin(
        connector="files",
        format=format_,
        encoding=encoding,
        delimiter=delimiter,
        null_values=entry.origin.null_values,
    )
    own = tuple(item.model_copy(update={"width": None}) for item in entry.items)
    return entry.model_copy(update={"items": (*BEFORE, *own, *AFTER), "origin": origin})
