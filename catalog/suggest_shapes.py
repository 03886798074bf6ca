"""Trials of what single items are: identifiers by their shape, divisions, what an ID tells.

Keep out: check characters (the gate), and other rows or tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from catalog.entry import Entry, Item
from catalog.profile import SHAPES
from catalog.suggest import ENOUGH
from catalog.trial import Trial, has

# The first that the gate finds right is proposed: every citizen ID is shaped like a credit code.
IDENTIFIERS = {
    "citizen_id": SHAPES["citizen_id"],
    "uscc": SHAPES["uscc"],
    "uscc_or_citizen_id": SHAPES["uscc"],
    "meter_number": r"[WPG]\d{10}",
    "mobile": SHAPES["mobile"],
    "land_line": r"0\d{3}-?\d{8}",
    "phone": r"(1\d{10}|0\d{3}-?\d{8})",
    "plate": SHAPES["plate"],
    "organization_code": r"[0-9A-Z]{8}-?[0-9X]",
    "industry": r"[A-T]\d{2,4}",
    "bank_card": SHAPES["bank_card"],
}
TITLES = {  # where the characters alone say too little
    "industry": "行业",
    "bank_card": "卡号|账号|帐号",
    "organization_code": "机构代码",
    "land_line": "电话",
    "phone": "电话",
}
TEXTS = ("string", "code")


Shaped = dict[str, tuple[int, list[str]]]  # of each text its values, and the kinds it looks like


def shape_trials(rows: pl.LazyFrame, entry: Entry) -> Iterator[Trial]:
    """Yield what items seem to be by their characters."""
    texts = [item for item in entry.items if item.type in TEXTS and not item.values]
    found = _shaped(rows, texts)
    for item in texts:
        if any(has(entry, kind, item.name) for kind in (*IDENTIFIERS, "division")):
            continue
        known, kinds = found[item.name]
        if item.codes is None:
            yield from (_identifier(kind, item, known) for kind in kinds)
        elif item.codes == "divisions":
            yield from _divisions(entry, rows, item)
    yield from _identities(entry, found)


def _shaped(rows: pl.LazyFrame, texts: list[Item]) -> Shaped:
    """Return how many values each text has, and the kinds whose shape they all have."""
    asked = [pl.col(item.name).count().alias(item.name) for item in texts]
    for item in texts:
        for kind, shape in IDENTIFIERS.items():
            fits = pl.col(item.name).str.contains(f"^(?:{shape})$").all()
            asked.append(fits.alias(f"{item.name}.{kind}"))
    row = rows.select(asked).collect(engine="streaming").row(0, named=True) if asked else {}
    return {
        item.name: (
            row[item.name],
            [
                kind
                for kind in IDENTIFIERS
                if row[item.name] >= ENOUGH
                and row[f"{item.name}.{kind}"]
                and re.search(TITLES.get(kind, ""), item.title)
            ],
        )
        for item in texts
    }


def _identifier(kind: str, item: Item, known: int) -> Trial:
    return Trial(kind, {"item": item.name}, f"{known} 个值的形式和校验位均正确", known)


def _divisions(entry: Entry, rows: pl.LazyFrame, item: Item) -> Iterator[Trial]:
    """Yield the days by which a code may be judged, the surest first."""
    days = [i for i in entry.items if i.type in ("date", "datetime", "month")]
    days.sort(key=lambda i: (i.name != entry.update.period, not i.key, not i.required))
    both = [(pl.col(item.name).is_not_null() & pl.col(i.name).is_not_null()).sum() for i in days]
    named = [count.alias(i.name) for count, i in zip(both, days, strict=True)]
    known = rows.select(named).collect(engine="streaming").row(0) if days else ()
    for day, looked in zip(days, known, strict=True):
        if looked >= ENOUGH:
            said = f"{looked} 个区划代码均在{day.title}当日有效"
            yield Trial("division", {"item": item.name, "day": day.name}, said, looked)


def _identities(entry: Entry, found: Shaped) -> Iterator[Trial]:
    sexes = [i for i in entry.items if i.codes == "sex"]
    births = [i for i in entry.items if i.type == "date" and "出生" in i.title]
    for item in entry.items:
        known, kinds = found.get(item.name, (0, []))
        is_id = has(entry, "citizen_id", item.name) or "citizen_id" in kinds
        if not is_id or has(entry, "identity", item.name):
            continue
        words = {"citizen_id": item.name}
        words |= {"sex": sexes[0].name} if sexes else {}
        words |= {"birth_date": births[0].name} if births else {}
        if len(words) > 1:
            titles = "、".join(i.title for i in (*sexes[:1], *births[:1]))
            yield Trial("identity", words, f"{known} 个号码与{titles}一致", known)
