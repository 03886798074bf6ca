"""Every module says what belongs in it, every public name what it does (style 13)."""

import ast
from collections.abc import Iterator

from tests.house.project import FUNCTION, ROOMS, python_files, tree

MODULE_LINES = 6
PYTHON = python_files(*ROOMS)


def public(path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in tree(path).body:
        if isinstance(node, (*FUNCTION, ast.ClassDef)) and not node.name.startswith("_"):
            yield node


def test_every_module_says_what_belongs_in_it():
    assert [str(path) for path in PYTHON if not ast.get_docstring(tree(path))] == []


def test_no_module_docstring_is_longer_than_6_lines():
    found = {str(path): (ast.get_docstring(tree(path)) or "").splitlines() for path in PYTHON}
    assert [path for path, said in found.items() if len(said) > MODULE_LINES] == []


def test_every_public_name_says_in_one_sentence_what_it_does():
    found = [
        f"{path}:{node.lineno}: {node.name}"
        for path in PYTHON
        for node in public(path)
        if not (ast.get_docstring(node) or "").split("\n")[0].endswith(".")
    ]
    assert found == []
