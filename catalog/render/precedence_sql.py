"""One source of truth per field (一数一源): the order of an item's sources, as a dbt macro.

Keep out: what a source is (catalog), and the SQL that asks for the order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from catalog.entry import Entry

MARK = "{# Rendered from the catalog by `citylake catalog render`: edit the entries instead. #}"
PATH = Path("dbt_project/macros/precedence.sql")
BODY = """\
{{# The sources of each item, the one that counts first: words `sources` of base entries. #}}
{{% macro precedence() -%}}
    {{{{ return({precedence}) }}}}
{{%- endmacro %}}
"""


def precedence_macro(entries: Iterable[Entry]) -> str:
    """Render the macro of all entries that name the sources of their items."""
    found: Mapping[str, Mapping[str, list[str]]] = {
        entry.name: {
            item.name: [source.partition(".")[0] for source in item.sources]
            for item in entry.items
            if item.sources
        }
        for entry in sorted(entries, key=lambda entry: entry.name)
    }
    kept = {name: items for name, items in found.items() if items}
    text = json.dumps(kept, indent=4).replace("\n", "\n    ")
    return f"{MARK}\n\n" + BODY.format(precedence=text)
