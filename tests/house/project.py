"""The project as house tests see it: its files, and Python parsed once."""

import ast
import functools
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS: tuple[str, ...] = tuple(PYPROJECT["tool"]["mypy"]["packages"])
GENERATED = {"var", "target", "logs", "__pycache__", "build", "dist"}
KEPT = {".ci", ".pre-commit-config.yaml", ".gitignore", ".sqlfluff", ".sqlfluffignore", ".github"}
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def python_files(*folders: str) -> list[Path]:
    """Return the Python files of some top folders, relative to the root."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path.relative_to(ROOT) for path in found)


@functools.cache
def tree(path: Path) -> ast.Module:
    """Return a Python file parsed."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Walk every function of a file, nested ones included."""
    for node in ast.walk(tree(path)):
        if isinstance(node, FUNCTION):
            yield node


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Walk the absolute modules that a file imports, with the line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno


def text_files() -> Iterator[Path]:
    """Walk the files that could be committed, relative to the root."""
    folders = [ROOT]
    while folders:
        for path in sorted(folders.pop().iterdir()):
            name = path.name
            if name in GENERATED or name.endswith(".egg-info"):
                continue
            if name.startswith(".") and name not in KEPT:
                continue
            if path.is_dir():
                folders.append(path)
            elif not path.is_symlink():
                yield path.relative_to(ROOT)


def guides() -> list[str]:
    """Return the guides that people wrote: readmes, docs, decisions."""
    pages = (*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md"))
    decisions = (ROOT / "docs" / "decisions").glob("*.md")
    return sorted(str(page.relative_to(ROOT)) for page in (*pages, *decisions))
