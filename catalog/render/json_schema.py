"""JSON Schema of an entry, for editors: completion and marks while one types.

Shape only; what needs the whole catalog is judged by `citylake catalog validate`.
Keep out: constraints that the model does not have.
"""

from __future__ import annotations

import json
from typing import Any

from catalog.entry import Entry

RULE_PREFIX = "#/$defs/"


def entry_schema() -> str:
    """Render the JSON Schema of an entry as it is written in YAML."""
    schema = Entry.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "citylake catalog entry"
    quality = schema["$defs"]["Quality"]["properties"]
    quality["rules"] = _written_rules(quality["rules"], schema["$defs"])
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _written_rules(rules: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Turn `{kind: sum, …}` into what entries write: `{sum: {…}}`, or the name of a city rule."""
    shapes: list[dict[str, Any]] = [{"type": "string", "description": "vocabulary/rules.yaml"}]
    for kind, reference in sorted(rules["items"]["discriminator"]["mapping"].items()):
        name = reference.removeprefix(RULE_PREFIX)
        definition = definitions[name]
        definition["properties"].pop("kind", None)
        definition["required"] = [word for word in definition.get("required", ()) if word != "kind"]
        shapes.append(
            {
                "type": "object",
                "description": definition.get("description", ""),
                "properties": {kind: {"$ref": reference}},
                "required": [kind],
                "additionalProperties": False,
            }
        )
    return {"type": "array", "items": {"anyOf": shapes}, "default": []}
