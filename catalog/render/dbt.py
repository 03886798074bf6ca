"""What dbt must know of the catalog: its sources, and a contract for each model.

Text is written line by line: a general YAML writer takes minutes for 20,000 entries.
Keep out: SQL, and tests that only one model needs (they stand beside its SQL).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from catalog import schema
from catalog.entry import Entry, Item
from catalog.rules import Reference

MARK = "# Rendered from the catalog by `citylake catalog render`: edit the entry instead."
SOURCES = {
    "raw": "逐次交付并经质检放行的原始数据，含全部交付历史。",
    "current": "当前有效的原始数据：快照取最近一次交付，追加与更新取每个主键的最新记录。",
    "history": "有效的各次交付的全部原始数据，带交付日期 _as_of、其后一次的 _until 和次序 _order。",
}
PROVENANCE = {
    schema.DELIVERY: "来源交付的编号",
    schema.ROW: "在交付文件中的记录号，从 1 起",
    "_deliveries": "本行依据的来源交付编号",
}


LINKED = "由关联（非 SQL）得出并放行的基础库表。"


def sources_yaml(entries: Iterable[Entry], linked: Iterable[Entry] = ()) -> str:
    """Render the dbt sources `raw`, `current` and `history`, each with every source resource."""
    resources = sorted(entries, key=lambda entry: entry.name)
    lines = [MARK, "version: 2", "sources:"]
    for source, description in SOURCES.items():
        lines += [f"  - name: {source}", f"    description: {quoted(description)}"]
        lines += _tables(resources)
    if made := sorted(linked, key=lambda entry: entry.name):
        lines += ["  - name: linked", f"    description: {quoted(LINKED)}", "    schema: base"]
        lines += _tables(made)
    return "\n".join(lines) + "\n"


def _tables(entries: Sequence[Entry]) -> Iterator[str]:
    """Render the tables of a source."""
    yield "    tables:" if entries else "    tables: []"
    for entry in entries:
        yield f"      - name: {entry.name}"
        yield f"        description: {quoted(describe(entry))}"
        yield "        columns:"
        yield from _columns(entry, indent=10)


def model_yaml(entry: Entry, others: Mapping[str, Entry] | None = None) -> str:
    """Render the contract of one model: columns, types, key, references, descriptions.

    `others` are the entries that its references may lead to.
    """
    return "\n".join(
        [
            MARK,
            "version: 2",
            "models:",
            f"  - name: {entry.name}",
            f"    description: {quoted(describe(entry))}",
            f"    config: {{contract: {{enforced: true}}, group: {entry.group}, access: public}}",
            *_tests(entry, others or {}),
            "    columns:",
            *_columns(entry, indent=6, contract=True),
            "",
        ]
    )


def describe(entry: Entry) -> str:
    """Return title and abstract of an entry in one line."""
    return f"{entry.title}：{entry.abstract}"


def duckdb_type(dtype: pl.DataType) -> str:
    """Return the DuckDB name of a stored column's type."""
    if isinstance(dtype, pl.Decimal):
        return f"decimal({dtype.precision},{dtype.scale})"
    if isinstance(dtype, pl.List):
        return "varchar[]"
    return {
        pl.Int64: "bigint",
        pl.Date: "date",
        pl.Datetime: "timestamptz",
        pl.Boolean: "boolean",
    }.get(type(dtype), "varchar")


def _columns(entry: Entry, *, indent: int, contract: bool = False) -> Iterator[str]:
    """Render the columns of an entry's stored table, with constraints for a contract."""
    items = {item.name: item for item in entry.items}
    pad = " " * indent
    for name, dtype in schema.table_schema(entry).items():
        item = items.get(name)
        yield f"{pad}- name: {name}"
        yield f"{pad}  description: {quoted(_describe_item(item) if item else PROVENANCE[name])}"
        yield f"{pad}  data_type: {duckdb_type(dtype)}"
        if contract and item and (item.key or item.required):
            yield f"{pad}  constraints: [{{type: not_null}}]"
        if contract and entry.key == (name,):
            yield f"{pad}  data_tests: [unique]"


def _tests(entry: Entry, others: Mapping[str, Entry]) -> Iterator[str]:
    """Render the tests of several columns: a compound key is unique, references lead somewhere."""
    tests = [*_compound_key(entry), *_relationships(entry, others)]
    if tests:
        yield "    data_tests:"
        yield from tests


def _compound_key(entry: Entry) -> Iterator[str]:
    """Render the test that a key of several items is unique."""
    if len(entry.key) > 1:
        yield "      - unique:"
        yield f"          name: unique_{entry.name}_key"
        yield f"          arguments: {{column_name: {_joined(entry.key)}}}"


def _relationships(entry: Entry, others: Mapping[str, Entry]) -> Iterator[str]:
    """Render a test for each reference that the entry's rules ask for at any time."""
    for rule in entry.quality.rules:
        if not isinstance(rule, Reference) or rule.as_of is not None or rule.to not in others:
            continue
        arguments = (
            f"column_name: {_joined(rule.items)}, to: {quoted(referred(others[rule.to]))}, "
            f"field: {_joined(rule.at)}"
        )
        yield "      - relationships:"
        yield f"          name: relationships_{entry.name}_{'_'.join(rule.items)}_{rule.to}"
        yield f"          arguments: {{{arguments}}}"


def referred(entry: Entry) -> str:
    """Return how dbt speaks of a table: units deliver it, linking makes it, or a model does."""
    if entry.zone == "raw":
        return f"source('current', '{entry.name}')"
    return f"source('linked', '{entry.name}')" if entry.linkage else f"ref('{entry.name}')"


def _joined(items: Sequence[str]) -> str:
    """Return the column of one item, or the expression that joins several."""
    return items[0] if len(items) == 1 else quoted(f"concat_ws('|', {', '.join(items)})")


def _describe_item(item: Item) -> str:
    """Return the title of an item with its unit of measure."""
    return f"{item.title}（{item.unit}）" if item.unit else item.title


def quoted(value: str) -> str:
    """Quote text for YAML, and keep dbt from reading it as a template."""
    for opening in ("{{", "{%", "{#"):
        value = value.replace(opening, f"{{ {opening[1]}")
    return json.dumps(" ".join(value.split()), ensure_ascii=False)
