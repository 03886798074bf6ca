"""What one column of a sample means: its name, type, limits, sensitivity and identifier rule.

Names come from titles that the catalog knows already; nothing is transliterated.
Keep out: counting (profile.py) and choosing keys, which needs all columns (propose.py).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from catalog.entry import Entry, Item, ItemType, Sensitivity
from catalog.profile import QUARTER, Column
from catalog.shape import pattern_of
from catalog.vocabulary import Vocabulary
from catalog.words import composed

SURE = 0.95  # share of values that decides; the rest is what the gate is for
LENGTHS = (10, 20, 50, 100, 200, 500, 1000, 2000, 4000)
MOST_DIGITS = 38  # of a decimal
FEW = 12  # distinct values of a code without a list
IDENTIFIERS = {
    "citizen_id": 18,
    "uscc": 18,
    "mobile": 11,
    "plate": 8,
    "bank_card": 19,
    "uscc_or_citizen_id": 18,
}  # at most
NUMBER_TITLES = re.compile(r"(号|号码|编号|编码|代码|文号|电话|手机|邮编)$")
DAY_TITLES = re.compile(r"(日期|日|_on|_date)$")
TITLE_UNIT = re.compile(r"[（(]([^（）()]{1,8})[)）]$")
CARD = re.compile(r"银行|卡号|账号|帐号")
SENSITIVE = re.compile(r"银行|卡号|诊断|疾病|病历|宗教|行踪|未成年")
PERSONAL = re.compile(
    "姓名|联系人|电话|手机|身份证|公民身份|住址|地址|法定代表人|出生|户主|申请人|邮箱|护照|微信"
    "|(full|real|person|owner|contact|applicant)_?name|id_?card|citizen_?id|passport|phone|mobile"
    r"|address|birth|e_?mail|(^|[^a-z])tel([^a-z]|$)",
    re.IGNORECASE,
)

Words = Mapping[str, Item]
Typed = tuple[ItemType, dict[str, Any]]


@dataclass(frozen=True)
class Meaning:
    """What a column seems to be."""

    name: str
    type: ItemType
    sensitivity: Sensitivity = "none"
    rule: str | None = None
    limits: dict[str, Any] = field(default_factory=dict)  # length, precision, values, codes, unit


def known_words(entries: Iterable[Entry]) -> Words:
    """Return for each title and alias of the catalog the item that bears it most often."""
    seen: dict[str, Counter[str]] = {}
    items: dict[tuple[str, str], Item] = {}
    for entry in entries:
        for item in entry.items:
            for title in (item.title, *item.aliases):
                seen.setdefault(title, Counter())[item.name] += 1
                items.setdefault((title, item.name), item)
    return {title: items[title, names.most_common(1)[0][0]] for title, names in seen.items()}


def meaning(
    column: Column, number: int, *, words: Words, vocabulary: Vocabulary, taken: Set[str]
) -> Meaning:
    """Tell what the column with this number seems to be."""
    known = words.get(column.title.strip())
    rule = _rule(column)
    sensitivity = _sensitivity(column, known, rule)
    kind, limits = _identifier(rule) if rule else _type(column, vocabulary, known)
    if "values" in limits and sensitivity != "none":
        kind, limits = _text(column)  # an entry is for everybody to read
    if kind in ("integer", "decimal") and (unit := _unit(column, known)):
        limits = {**limits, "unit": unit}
    return Meaning(
        name=_name(column, number, known, taken),
        type=kind,
        sensitivity=sensitivity,
        rule=rule,
        limits=limits,
    )


def _rule(column: Column) -> str | None:
    """Name the identifier that the values are; for a card the title must speak too."""
    shapes = column.shapes
    # Every citizen ID has the shape of a credit code too.
    if shapes["uscc"] >= SURE and 0 < shapes["citizen_id"] < SURE:
        return "uscc_or_citizen_id"
    found = next((kind for kind in IDENTIFIERS if shapes.get(kind, 0) >= SURE), None)
    return None if found == "bank_card" and not CARD.search(column.title) else found


def _unit(column: Column, known: Item | None) -> str | None:
    """Read the unit of measure from the title, else take the one that the catalog knows."""
    written = TITLE_UNIT.search(column.title.strip())
    return written[1] if written else known.unit if known else None


def _identifier(rule: str) -> Typed:
    """Declare text of the one length that an identifier has."""
    return "string", {"length": IDENTIFIERS[rule]}


def _name(column: Column, number: int, known: Item | None, taken: Set[str]) -> str:
    """Name a column by the catalog, its own English header, its words, or its number."""
    own = re.sub(r"[^a-z0-9]+", "_", column.title.strip().lower()).strip("_")
    english = own if column.title.isascii() and re.fullmatch(r"[a-z][a-z0-9_]*", own) else None
    made = composed(TITLE_UNIT.sub("", column.title.strip()))
    for name in (known.name if known else None, english, made, f"column_{number}"):
        if name and name not in taken:
            return name
    return f"column_{number}_{len(taken)}"


def _sensitivity(column: Column, known: Item | None, rule: str | None) -> Sensitivity:
    """Judge what a column says about persons, the stricter of all signs."""
    if SENSITIVE.search(column.title):
        return "sensitive_personal"
    if known and known.sensitivity != "none":
        return known.sensitivity
    of_persons = rule in ("citizen_id", "mobile", "uscc_or_citizen_id", "plate") or column.personal
    return "personal" if of_persons or PERSONAL.search(column.title) else "none"


def _type(column: Column, vocabulary: Vocabulary, known: Item | None) -> Typed:
    """Choose the type that nearly all values have, the narrowest first."""
    if column.rows == column.nulls:
        return ("date", {}) if DAY_TITLES.search(column.title) else ("string", {})
    if (
        known is not None
        and (codes := known.codes)
        and set(column.values) <= _codes(vocabulary, codes)
    ):
        return "code", {"codes": codes}
    if codes := _code_list(column, vocabulary):
        return "code", {"codes": codes}
    if NUMBER_TITLES.search(column.title):
        return _text(column)
    return _time(column) or _number(column) or _nested(column) or _few(column) or _text(column)


def _codes(vocabulary: Vocabulary, name: str) -> set[str]:
    known = name == "divisions" or name in vocabulary.code_lists
    return set(vocabulary.codes(name)) if known else set()


def _time(column: Column) -> Typed | None:
    """Choose a type of time, or truth, if nearly all values have its shape."""
    if (
        DAY_TITLES.search(column.title)
        and column.shapes["date"] > 0.5
        and not column.shapes["month"]
    ):
        return "date", {}
    if column.shapes["quarter"] >= SURE:
        return "string", {"length": 10, "pattern": QUARTER}
    kinds: tuple[ItemType, ...] = ("month", "date", "datetime", "boolean")
    return next(((kind, {}) for kind in kinds if column.shapes[kind] >= SURE), None)


def _number(column: Column) -> Typed | None:
    """Choose a number, unless leading zeros or length say that it is a name."""
    lowest = {} if column.negative else {"min": 0, "max": 10 ** (column.digits + 1)}
    is_name = column.shapes["padded"] > 1 - SURE or column.shapes["old_citizen_id"] >= SURE
    if is_name or column.shapes["decimal"] < SURE:
        return None
    if column.shapes["integer"] >= SURE:
        return "integer", lowest
    scale = max(column.decimals, 1)
    if column.digits + scale > MOST_DIGITS:
        return None
    return "decimal", {"precision": (min(column.digits + 2 + scale, MOST_DIGITS), scale), **lowest}


def _nested(column: Column) -> Typed | None:
    """Choose JSON for what is an object or a list, as nested values are written."""
    if column.shapes["json"] < SURE:
        return None
    try:
        for value in column.values:
            json.loads(value)
    except ValueError:
        return None
    return "json", {}


def _few(column: Column) -> Typed | None:
    """Choose a code of the values seen, if they are few, short and come often."""
    few = 1 < column.distinct <= FEW and column.rows >= 10 * column.distinct
    return ("code", {"values": column.values}) if few and column.longest <= 20 else None


def _code_list(column: Column, vocabulary: Vocabulary) -> str | None:
    """Find the smallest code list that holds all values of a column, if there are several."""
    if column.distinct < 2 or column.distinct != len(column.values):
        return None
    lists = {name: set(vocabulary.codes(name)) for name in ("divisions", *vocabulary.code_lists)}
    fitting = [name for name, codes in lists.items() if codes >= set(column.values)]
    plain = column.shapes["integer"] >= SURE and column.longest < 3
    return None if plain or not fitting else min(fitting, key=lambda name: len(lists[name]))


def _text(column: Column) -> Typed:
    """Declare text with room for values a little longer than the sample's."""
    if pattern := pattern_of(column.values):
        return "string", {"length": column.longest, "pattern": pattern}
    if len({len(value) for value in column.values}) == 1 and column.shapes["decimal"] == 1:
        return "string", {"length": column.longest}
    room = column.longest * 3 // 2
    return "string", {"length": next((n for n in LENGTHS if n >= room), room)}
