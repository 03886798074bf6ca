"""The models' documentation: dbt's own site as one file, with the origins of every column.

Keep out: which columns come from where (lineage.py), serving.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from orchestration.city import City
from orchestration.flows.warehouse import write_docs
from orchestration.lineage import Columns, Origin, column_lineage, upstream

PLACES = {"MANIFEST.JSON INLINE DATA": "manifest", "CATALOG.JSON INLINE DATA": "catalog"}
Table = tuple[str, str]


def build_model_docs(city: City) -> Path:
    """Write the site under the home's reports; it opens from the file, without a network."""
    target = city.settings.scratch / "dbt-docs"
    try:
        write_docs(city.lake, target)
        manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        _add_origins(manifest, lineages(city, manifest))
        page = (target / "index.html").read_text(encoding="utf-8")
        catalog = (target / "catalog.json").read_text(encoding="utf-8")
    finally:
        shutil.rmtree(target, ignore_errors=True)
    said = {"manifest": json.dumps(manifest, ensure_ascii=False), "catalog": catalog}
    for place, name in PLACES.items():
        page = page.replace(f'"{place}"', said[name].replace("</", "<\\/"))
    path = city.settings.reports / "models" / "index.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(page, encoding="utf-8")
    return part.rename(path)


def lineages(city: City, manifest: dict[str, Any]) -> dict[Table, Columns]:
    """Return the origins of the columns of every public model, by zone and name."""
    return {
        (node["schema"], node["name"]): column_lineage(node["compiled_code"], city.catalog)
        for node in _models(manifest)
    }


def _models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    nodes = manifest["nodes"].values()
    return [n for n in nodes if n["resource_type"] == "model" and n["access"] == "public"]


def _add_origins(manifest: dict[str, Any], known: dict[Table, Columns]) -> None:
    """Say beside each column of which items of units it is made, over all models between."""
    for node in _models(manifest):
        for name, column in node["columns"].items():
            origins = upstream(known, Origin(node["schema"], node["name"], name))
            said = [f"{one.name}.{one.column}" for one in origins]
            column["meta"] = {**column.get("meta", {}), "origins": said}
            if said:
                column["description"] += f" ← {', '.join(said)}"
