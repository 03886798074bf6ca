"""How commands speak: a table or one JSON document to standard output, errors in one line.

Keep out: what is said (one file a noun).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, NoReturn

import typer

PIPE_WIDTH = 240  # a pipe has no width: never fold what a person will page or grep
CELL_WIDTH = 48  # longer cells end in an ellipsis; --json has them whole
Json = bool
JSON_OPTION = typer.Option(False, "--json", help="Print one JSON document to standard output.")


def emit_rows(
    rows: Sequence[Mapping[str, Any]],
    *,
    as_json: Json,
    title: str = "",
    columns: Sequence[str] = (),
) -> None:
    """Print rows as `{"rows": [...]}` or as a table; columns fix the order of an empty one."""
    if as_json:
        emit({"rows": list(rows)})
        return
    from rich.console import Console
    from rich.table import Table

    if not rows:
        print(f"{title}: (nothing)" if title else "(nothing)")
        return
    names = list(columns) or list(rows[0])
    table = Table(title=title or None, header_style="bold", show_edge=False, pad_edge=False)
    for name in names:
        numeric = any(isinstance(row.get(name), int | float) for row in rows)
        side: Literal["right", "left"] = "right" if numeric else "left"
        table.add_column(name, justify=side, no_wrap=True, max_width=CELL_WIDTH)
    for row in rows:
        table.add_row(*(_text(row.get(name)) for name in names))
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    Console(width=width).print(table, markup=False)


def emit(document: Any) -> None:  # noqa: ANN401 - any JSON value
    """Print one JSON document."""
    print(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def say(text: str) -> None:
    """Print a line for a person."""
    print(text)


def warn(text: str) -> None:
    """Print a line to standard error."""
    print(text, file=sys.stderr)


def fail(text: str, *, code: int = 1) -> NoReturn:
    """Print what is wrong to standard error, in one line, and end with this code."""
    lines = (line.strip() for line in text.splitlines())
    # Parsers point at a column with a caret on a line of its own: it says nothing in one line.
    warn(f"citylake: {'; '.join(line for line in lines if line.strip('^ '))}")
    raise SystemExit(code)


@contextmanager
def plainly() -> Iterator[None]:
    """Turn errors that rooms raise on purpose, and of files, into one line and exit code 1."""
    try:
        yield
    except _known_errors() as error:
        fail(str(error))
    except OSError as error:
        fail(
            f"{error.filename or 'file'}: {error.strerror or error}: check the path and its rights"
        )


def _known_errors() -> tuple[type[Exception], ...]:
    """Return the error types of the rooms that are loaded: only those can have been raised."""
    names = {
        "catalog.problem": "CatalogError",
        "ingestion.delivery": "DeliveryRefused",
        "lake.errors": "LakeError",
        "registry.error": "RegistryError",
        "sharing.error": "SharingError",
        "orchestration.settings": "SettingsError",
        "orchestration.city": "BusyError",
        "orchestration.flows.trace": "TraceError",
        "orchestration.flows.parsed": "WarehouseError",
    }
    return tuple(
        getattr(sys.modules[module], name)
        for module, name in names.items()
        if module in sys.modules
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return ", ".join(f"{k}: {v}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(str(v) for v in value)
    return str(value)
