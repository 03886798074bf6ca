"""An entry as people write it: words in the order of the model, one item a line.

Keep out: comments and anything that the entry does not say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from catalog.entry import Entry, Item

PLAIN = re.compile(r"[A-Za-z_一-鿿㐀-䶿（《“][\w一-鿿㐀-䶿（）《》“”、。，；·²³°/+.-]*")
RESERVED = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


def entry_yaml(entry: Entry) -> str:
    """Write an entry in the house's form; reading it again gives the same entry."""
    written = entry.model_dump(exclude_defaults=True, by_alias=True)
    return "".join(f"{line}\n" for word, value in written.items() for line in _lines(word, value))


def item_yaml(item: Item) -> str:
    """Write one item as it stands under `items`."""
    return f"- {_flow(item.model_dump(exclude_defaults=True, by_alias=True))}"


def rule_yaml(kind: str, words: Mapping[str, Any]) -> str:
    """Write one rule as it stands under `quality.rules`."""
    return f"- {_flow({kind: words})}"


def _lines(word: str, value: Any) -> Iterator[str]:  # noqa: ANN401 - any value of the model
    """Write one word of an entry: items and rules one a line, the rest in one."""
    if word == "items":
        yield "items:"
        yield from (f"  - {_flow(item)}" for item in value)
    elif word == "quality":
        yield "quality:"
        if "max_quarantine" in value:
            yield f"  max_quarantine: {value['max_quarantine'] * 100:.10g}%"
        if value.get("trust_key"):
            yield "  trust_key: true"
        if value.get("rules"):
            yield "  rules:"
            yield from (f"    - {_flow(_written_rule(rule))}" for rule in value["rules"])
    else:
        yield f"{word}: {_flow(value)}"


def _written_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Turn `{kind: sum, …}` back into `{sum: {…}}`."""
    return {rule["kind"]: {word: said for word, said in rule.items() if word != "kind"}}


def _flow(value: Any) -> str:  # noqa: ANN401 - any value of the model
    """Write a value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{word}: {_flow(said)}" for word, said in value.items()) + "}"
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(_flow(part) for part in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str):
        return _scalar(value)
    return json.dumps(value)


def _scalar(text: str) -> str:
    """Write text plainly where YAML would read it back as that text."""
    if PLAIN.fullmatch(text) and text.lower() not in RESERVED:
        return text
    return json.dumps(text, ensure_ascii=False)
