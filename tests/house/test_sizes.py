"""Files and functions stay small enough to be read in one go (style 6, 7)."""

import ast
from collections.abc import Iterator

from tests.house.project import ROOMS, ROOT, functions, python_files

FILE_LINES, FUNCTION_LINES, SQL_LINES, POSITIONAL = 250, 40, 80, 4
PYTHON = python_files(*ROOMS, "tests")


def lines(path) -> int:
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())


def too_long(path) -> Iterator[str]:
    for function in functions(path):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > FUNCTION_LINES:
            yield f"{path}:{function.lineno}: {function.name} has {length} lines"


def positional(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    names = [argument.arg for argument in function.args.posonlyargs + function.args.args]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def test_no_python_file_is_longer_than_250_lines():
    assert [f"{p}: {lines(p)}" for p in PYTHON if lines(p) > FILE_LINES] == []


def test_no_function_is_longer_than_40_lines():
    assert [said for path in PYTHON for said in too_long(path)] == []


def test_no_function_takes_more_than_4_positional_parameters():
    found = [
        f"{path}:{function.lineno}: {function.name}"
        for path in python_files(*ROOMS)
        for function in functions(path)
        if positional(function) > POSITIONAL
    ]
    assert found == []


def test_no_sql_model_is_longer_than_80_lines():
    every = sorted((ROOT / "dbt_project" / "models").rglob("*.sql"))
    models = [path for path in every if path.parent.name != "vocabulary"]  # rendered lists
    assert [f"{p.name}: {lines(p)}" for p in models if lines(p) > SQL_LINES] == []
