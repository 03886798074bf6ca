"""Everything that is derived from the catalog as files: dbt YAML, docs pages, JSON Schema.

Rendered files are committed, never edited: change the entry and run `citylake catalog render`.
Keep out: what an entry may say (entry.py) and whether it holds together (validate.py).
"""

from catalog.render.artefacts import drift, render_all, write

__all__ = ["drift", "render_all", "write"]
