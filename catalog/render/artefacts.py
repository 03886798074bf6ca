"""All rendered files of a catalog: which they are, writing them, and finding drift.

Paths are relative to the root of the project.
Keep out: what one kind of file says (dbt.py, pages.py, json_schema.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.render.dbt import MARK as YAML_MARK
from catalog.render.dbt import model_yaml, sources_yaml
from catalog.render.governance import exposures_yaml, groups_yaml
from catalog.render.json_schema import entry_schema
from catalog.render.pages import MARK as PAGE_MARK
from catalog.render.pages import index_page, page
from catalog.render.precedence_sql import PATH as PRECEDENCE
from catalog.render.precedence_sql import precedence_macro
from catalog.render.vocabulary_sql import MARK as SQL_MARK
from catalog.render.vocabulary_sql import vocabulary_models

if TYPE_CHECKING:
    from catalog.load import Catalog

MODELS = Path("dbt_project/models")
SOURCES = MODELS / "staging" / "_sources.yml"
PAGES = Path("docs/catalog")
SCHEMA = Path("catalog/entry.schema.json")


def render_all(catalog: Catalog) -> Mapping[Path, str]:
    """Render every derived file of the catalog: path to text, nothing written."""
    entries, vocabulary = catalog.entries.values(), catalog.vocabulary
    linked = [entry for entry in catalog.models() if entry.linkage is not None]
    files = {SCHEMA: entry_schema(), SOURCES: sources_yaml(catalog.sources(), linked)}
    files[PRECEDENCE] = precedence_macro(catalog.models())
    files |= vocabulary_models(vocabulary)
    files[MODELS / "_groups.yml"] = groups_yaml(catalog.models(), vocabulary)
    files[MODELS / "_exposures.yml"] = exposures_yaml(entries, vocabulary)
    for entry in catalog.models():
        if entry.linkage is not None:
            continue  # no SQL makes it: dbt knows it as a source
        folder = MODELS / entry.zone / entry.group
        files[folder / f"_{entry.name}.yml"] = model_yaml(entry, catalog.entries)
    for entry in entries:
        files[PAGES / entry.zone / f"{entry.name}.md"] = page(entry, vocabulary)
    files[PAGES / "README.md"] = index_page(entries, vocabulary)
    return files


def write(catalog: Catalog, root: Path) -> tuple[Path, ...]:
    """Write what differs under the root, remove what is no longer rendered; return both."""
    files = render_all(catalog)
    changed = tuple(path for path, text in files.items() if _read(root / path) != text)
    for path in changed:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(files[path], encoding="utf-8")
    stale = tuple(_stale(files, root))
    for path in stale:
        (root / path).unlink()
    return changed + stale


def drift(catalog: Catalog, root: Path) -> tuple[str, ...]:
    """Say which rendered files under the root are not what the catalog says, one line each."""
    files = render_all(catalog)
    what = {
        path: "missing" if _read(root / path) is None else "differs from the catalog"
        for path, text in files.items()
        if _read(root / path) != text
    }
    what |= dict.fromkeys(_stale(files, root), "rendered from an entry that is gone")
    return tuple(f"{path}: {why}; run `citylake catalog render`" for path, why in what.items())


def _read(path: Path) -> str | None:
    """Return the text of a file; None when there is none."""
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _stale(files: Mapping[Path, str], root: Path) -> Iterator[Path]:
    """Find files that carry the mark of rendering but are rendered no more."""
    rendered = (
        (MODELS, "_*.yml", YAML_MARK),
        (MODELS, "*.sql", SQL_MARK),
        (PAGES, "*.md", PAGE_MARK),
    )
    for folder, pattern, mark in rendered:
        for found in sorted((root / folder).rglob(pattern)):
            path = found.relative_to(root)
            if path not in files and mark in found.read_text(encoding="utf-8")[:200]:
                yield path
