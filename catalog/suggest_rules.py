"""Suggest rules between items, rows and tables from the rows that were released.

Keep out: words of single items (suggest.py) and reading the rows (orchestration).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import polars as pl

from catalog.entry import Entry, Item
from catalog.render.entry_yaml import rule_yaml
from catalog.suggest import ENOUGH, Suggestion
from catalog.suggest_deliveries import periods_of
from catalog.trial import Trial, has

TRIED = 60  # combinations of items at most
NEARLY = 0.98  # share of rows from which a rule is worth a look
NUMBERS, DAYS = ("integer", "decimal"), ("date", "datetime")


def suggest_rules(rows: pl.LazyFrame, entry: Entry) -> Iterator[Suggestion]:
    """Yield rules that an entry does not have and that its rows keep."""
    declared = {str(rule.model_dump(exclude={"severity", "label"})) for rule in entry.quality.rules}
    for made in (_unique, _ordered, _monotonic):
        for kind, words, said, (looked, kept) in made(rows, entry):
            known = {rule.kind for rule in entry.quality.rules if _same(rule, words)}
            if kind in known or looked < ENOUGH or str(words) in declared:
                continue
            if kept / looked >= (NEARLY if kind == "monotonic" else 1.0):
                yield _rule(kind, words, said, looked=looked, kept=kept)


def suggest_references(
    rows: pl.LazyFrame, entry: Entry, others: Mapping[str, tuple[Entry, pl.LazyFrame]]
) -> Iterator[Suggestion]:
    """Yield references to tables whose one key item is called as an item of this entry."""
    known = {rule.columns() for rule in entry.quality.rules if rule.kind == "reference"}
    for item in entry.items:
        for name, (other, keys) in others.items():
            if (item.name,) in known or not _means_the_same(item, other.item(other.key[0])):
                continue
            key = other.key[0]
            values = rows.select(pl.col(item.name).drop_nulls().unique().alias(key))
            found = values.join(keys.select(key).unique(), on=key, how="semi")
            looked, kept = (
                int(frame.select(pl.len()).collect(engine="streaming").item())
                for frame in (values, found)
            )
            if looked >= ENOUGH and kept / looked >= NEARLY:
                words: dict[str, object] = {"items": [item.name], "to": name, "at": [key]}
                said = f"{looked} 个不同的值中 {kept} 个在 {other.title}（{name}）中"
                yield _rule("reference", words, said, looked=looked, kept=kept)


def dated_references(
    rows: pl.LazyFrame,
    found: Sequence[Suggestion],
    entry: Entry,
    others: Mapping[str, Entry],
) -> Iterator[Trial]:
    """Yield references that may hold as of a day too: what they refer to has periods."""
    known = [(r.items, r.to, r.at) for r in entry.quality.rules
             if r.kind == "reference" and r.as_of is None]  # fmt: skip
    known += [
        (words["items"], words["to"], words["at"])
        for one in found
        if (words := (one.written or {}).get("reference"))
    ]
    day = entry.update.period
    for items, to, at in known if day else ():
        held = periods_of(others[to]) if to in others else None
        if held is None or has(entry, "reference", *items, str(day)):
            continue
        as_of = {"item": day, "since": held[0], "until": held[1]}
        words = {"items": list(items), "to": to, "at": list(at), "as_of": as_of}
        title = entry.item(str(day)).title
        present = pl.all_horizontal([pl.col(name).is_not_null() for name in (*items, str(day))])
        looked = int(rows.select(present.sum()).collect(engine="streaming").item())
        if looked >= ENOUGH:
            yield Trial("reference", words, f"每一行所指的在 {to} 中{title}当日有效", looked)


Found = Iterator[tuple[str, dict[str, object], str, tuple[int, int]]]


def _unique(rows: pl.LazyFrame, entry: Entry) -> Found:
    names = [i.name for i in entry.items if not i.key and i.type in ("string", "integer")]
    if not names:
        return
    counts = rows.select(
        *(pl.col(n).drop_nulls().n_unique().alias(f"{n}.unique") for n in names),
        *(pl.col(n).count().alias(f"{n}.known") for n in names),
    ).collect(engine="streaming")
    for name in names:
        known, distinct = counts[f"{name}.known"][0], counts[f"{name}.unique"][0]
        yield "unique", {"items": [name]}, f"{known} 个值各不相同", (known, distinct)


def _ordered(rows: pl.LazyFrame, entry: Entry) -> Found:
    dated = [i for i in entry.items if i.type in DAYS]
    for one, other in list(combinations(dated, 2))[:TRIED]:
        for earlier, later in ((one, other), (other, one)):
            if earlier.type != later.type:
                continue
            right = pl.col(earlier.name) <= pl.col(later.name)
            looked, kept = _counted(rows, right)
            words: dict[str, object] = {"items": [earlier.name, later.name]}
            yield "ordered", words, f"{earlier.title}均不晚于{later.title}", (looked, kept)


def _monotonic(rows: pl.LazyFrame, entry: Entry) -> Found:
    order = next((i.name for i in entry.items if i.key and i.type in DAYS), None)
    by = [i.name for i in entry.items if i.key and i.name != order]
    if order is None or not by:
        return
    for item in (i for i in entry.items if i.type in NUMBERS and not i.key):
        ordered = rows.sort(*by, order)
        step = pl.col(item.name).cast(pl.Float64).diff().over(by)
        stepped = ordered.with_columns(step.alias("_step"))
        looked, kept = _counted(stepped, pl.col("_step") >= 0)
        _, grew = _counted(stepped, pl.col("_step") > 0)
        if grew < looked / 2:
            continue  # it stands still: nobody counts with it
        words: dict[str, object] = {"item": item.name, "by": by, "order": order}
        yield "monotonic", words, f"{item.title}在同一序列中极少变小", (looked, kept)


def _counted(rows: pl.LazyFrame, right: pl.Expr) -> tuple[int, int]:
    counted = rows.select(right.count().alias("looked"), right.sum().alias("kept"))
    return tuple(int(n) for n in counted.collect(engine="streaming").row(0))  # type: ignore[return-value]


def _same(rule: object, words: Mapping[str, object]) -> bool:
    said = {name: getattr(rule, name, None) for name in words}
    plain = {n: list(v) if isinstance(v, tuple) else v for n, v in said.items()}
    return all(plain[name] == words[name] for name in words if name in ("item", "items"))


def _means_the_same(item: Item, key: Item) -> bool:
    return item.type == key.type and (item.name == key.name or item.title == key.title)


def _rule(kind: str, words: dict[str, object], said: str, *, looked: int, kept: int) -> Suggestion:
    """Propose a rule; one that some released rows break only warns."""
    said_so = words if looked == kept else {**words, "severity": "warn"}
    line = rule_yaml(kind, said_so)
    return Suggestion("quality.rules", line, said, looked, kept / looked, {kind: said_so})
