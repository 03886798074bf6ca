"""Habits that hide faults: broad excepts, silenced tests, reads of the environment."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.project import ROOMS, imports, python_files, tree

SETTINGS = Path("orchestration/settings.py")
SILENCERS = {"skip", "skipif", "xfail", "importorskip", "flaky", "sleep"}
BROAD = {"Exception", "BaseException"}


def nodes(kind: type[ast.AST], *folders: str) -> Iterator[tuple[Path, ast.AST]]:
    for path in python_files(*folders):
        yield from ((path, node) for node in ast.walk(tree(path)) if isinstance(node, kind))


def caught(handler: ast.ExceptHandler) -> set[str]:
    if handler.type is None:
        return {"Exception"}
    return {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}


def test_no_handler_catches_everything():
    handlers = nodes(ast.ExceptHandler, *ROOMS, "tests")
    assert [f"{path}:{node.lineno}" for path, node in handlers if caught(node) & BROAD] == []


def test_no_test_is_skipped_expected_to_fail_or_waits_by_the_clock():
    found = [
        f"{path}:{node.lineno}: {node.attr}"
        for path, node in nodes(ast.Attribute, "tests")
        # what starts a real server polls it, and is no test itself
        if node.attr in SILENCERS and (node.attr != "sleep" or path.name.startswith("test_"))
    ]
    assert found == []


def test_no_test_mocks():
    found = [
        f"{path}:{line}"
        for path in python_files("tests")
        for module, line in imports(path)
        if module.startswith(("unittest.mock", "mock", "pytest_mock"))
    ]
    assert found == []


def test_only_the_settings_read_the_environment():
    written = {
        id(node.value)
        for _, node in nodes(ast.Subscript, *ROOMS)
        if isinstance(node.ctx, ast.Store)
    }
    found = [
        f"{path}:{node.lineno}"
        for path, node in nodes(ast.Attribute, *ROOMS)
        if node.attr in {"environ", "getenv"} and path != SETTINGS and id(node) not in written
    ]
    assert found == []
